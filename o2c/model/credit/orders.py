"""What an order line is worth before it is invoiced: as open order, or as delivered; each quantity in one of them."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model import progress
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.documents import Line

HUNDRED = Decimal(100)
#: The order in which notes of one day count where their `at` does not say it: a hold is stronger than what led to it.
_RANKS = {"order-held": 0, "order-released": 1, "order-confirmed": 2, "order-cancelled": 3}


def open_quantity(ordered: Decimal, delivered: Decimal, invoiced: Decimal) -> Decimal:
    """Give what is neither delivered nor invoiced.

    >>> open_quantity(Decimal(10), Decimal(4), Decimal(0)), open_quantity(Decimal(10), Decimal(0), Decimal(10))
    (Decimal('6'), Decimal('0'))
    """
    return max(ZERO, ordered - max(delivered, invoiced))


def unbilled_quantity(delivered: Decimal, invoiced: Decimal) -> Decimal:
    """Give what is delivered and not invoiced; more than was ordered, too.

    >>> unbilled_quantity(Decimal(12), Decimal(10)), unbilled_quantity(Decimal(4), Decimal(10))
    (Decimal('2'), Decimal('0'))
    """
    return max(ZERO, delivered - invoiced)


def gross(quantity: Decimal, ordered: Decimal, net: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Give the gross value of a part of an order line: its share of the line's net, and the tax on it, rounded once.

    `rate` is in percent. A line without quantity has no parts and is worth nothing here.

    >>> gross(Decimal(4), Decimal(10), Decimal("399.00"), Decimal(19), "EUR")
    Decimal('189.92')
    """
    return rounded(net * quantity * (HUNDRED + rate) / (ordered * HUNDRED), currency) if ordered else ZERO


def line_value(line: Line, quantity: Decimal) -> Amount:
    """Give the gross value of a quantity of an order line; a line that says no tax rate counts net."""
    if line.net is None or line.net.number is None:
        return Amount(ZERO, line.currency)
    rate = dict(line.extra).get("tax-rate")
    percent = rate if isinstance(rate, Decimal) else ZERO
    currency = line.net.currency
    return Amount(gross(quantity, line.quantity, line.net.number, percent, currency), currency)


def promised(order: Document, line: Line) -> Date | None:
    """Give the day for which a line is promised, else the day for which the order was requested."""
    for said in (dict(line.extra).get("promised"), order.fact("requested-date")):
        if isinstance(said, Date):
            return said
    return None


def last_day(day: Date, horizon: int | None) -> Date:
    """Give the last promised day that counts on a day; without a horizon every order counts."""
    return Date.max if horizon is None or (Date.max - day).days < horizon else day + timedelta(days=horizon)


def counts(due: Date | None, last: Date) -> bool:
    """Tell whether a line counts as an open order: promised up to the last day, or for no day at all."""
    return due is None or due <= last


def state(order: Document, events: Iterable[Event], day: Date) -> str:
    """Tell the state of an order at the end of a day, whatever the order in which the books hold that day's notes."""
    known = sorted((event for event in events if event.date <= day), key=when)
    return progress.state(order, known)


def when(event: Event) -> tuple[Date, str, int]:
    """Sort notes about an order by day, by time, and where these are equal by what they say."""
    return (event.date, event.act.at, _RANKS.get(event.kind, 9))
