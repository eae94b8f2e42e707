"""Exchange rates: the `price` directives of the ledger, the latest on or before a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core import prices

from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from beancount.core.data import Directive


def rate(entries: Iterable[Directive], currency: str, books_currency: str, day: date) -> Decimal | None:
    """Give what one unit of a currency is worth in the currency of the books on a day; None where no price says."""
    known = prices.build_price_map([entry for entry in entries if type(entry).__name__ == "Price"])
    number: Decimal | None = prices.get_price(known, (currency, books_currency), day)[1]
    return number


def require_rate(entries: Iterable[Directive], currency: str, books_currency: str, day: date) -> Decimal:
    """Give the rate of a day, or refuse with the line to add."""
    number = rate(entries, currency, books_currency, day)
    if number is None:
        raise no_rate(currency, books_currency, day)
    return number


def no_rate(currency: str, books_currency: str, day: date) -> Refused:
    """Make the refusal where no price says what a currency is worth, with the line to add."""
    return Refused(
        f"no rate for {currency} on {day}; add a line like `{day} price {currency} 0.92 {books_currency}` "
        "to manual/prices.beancount",
    )
