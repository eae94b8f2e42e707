"""What money in one currency is worth in the currency of a limit, at the rate of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core import prices
from beancount.core.data import Price

from o2c.model.rates import require_rate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beancount.core.data import Directive

ONE = Decimal(1)
#: Gives the worth of one unit of a currency on a day; raises Refused where no price says.
Rate = Callable[[str, Date], Decimal]


def into(currency: str, books_currency: str, rate: Rate) -> Rate:
    """Make the rate into `currency` out of the rate into the currency of the books, which `books.rate` gives.

    >>> dollars = into("USD", "EUR", lambda currency, day: {"USD": Decimal("0.8"), "GBP": Decimal("1.2")}[currency])
    >>> dollars("GBP", Date(2026, 1, 5)), dollars("EUR", Date(2026, 1, 5)), dollars("USD", Date(2026, 1, 5))
    (Decimal('1.5'), Decimal('1.25'), Decimal('1'))
    """

    def worth(of: str, day: Date) -> Decimal:
        if of == currency:
            return ONE
        amount = ONE if of == books_currency else rate(of, day)
        return amount if currency == books_currency else amount / rate(currency, day)

    return worth


def quoted(entries: Iterable[Directive], books_currency: str) -> Rate:
    """Make the rate into the currency of the books out of the prices among the entries, read when first needed."""
    known: list[prices.PriceMap] = []

    def rate(currency: str, day: Date) -> Decimal:
        if not known:
            known.append(prices.build_price_map([entry for entry in entries if type(entry) is Price]))
        number: Decimal | None = prices.get_price(known[0], (currency, books_currency), day)[1]
        return require_rate((), currency, books_currency, day) if number is None else number

    return rate
