"""Days sales outstanding by counting back: how many days of sales, the latest first, the receivables are made of.

Source: shared definitions 2 (exhaustion method). Periods may be days or months; a month counts its calendar days.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Context
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class Period(NamedTuple):
    """A period: its calendar days, and the sales in it (invoices less credit notes, gross)."""

    days: int
    sales: Decimal


class Counted(NamedTuple):
    """How far back the walk went.

    `days` is exact. `whole` are the calendar days of the periods that were looked at, `sales` the sales in them.
    `is_exhausted`: the periods ended first, so that the true figure is `days` or more.
    """

    days: Decimal
    whole: int
    sales: Decimal
    is_exhausted: bool


def countback(receivables: Decimal, periods: Iterable[Period]) -> Counted:
    """Walk back from the end and take the sales of each period off the receivables until nothing is left.

    `periods`: the latest first, without a hole. A whole period counts its days, the last one pro rata. A period with
    sales of zero or less counts its days and adds its sales back. Receivables of zero or less are no days.

    >>> months = [Period(30, Decimal(100_000)), Period(30, Decimal(80_000)), Period(30, Decimal(70_000))]
    >>> round(countback(Decimal(212_000), months).days, 2)
    Decimal('73.71')
    """
    rest, days, whole, sales = receivables, 0, 0, ZERO
    if rest <= 0:
        return Counted(ZERO, 0, ZERO, is_exhausted=False)
    for period in periods:
        whole, sales = whole + period.days, sales + period.sales
        if rest <= period.sales:
            part = _EXACT.divide(rest * period.days, period.sales)
            return Counted(_EXACT.add(Decimal(days), part), whole, sales, is_exhausted=False)
        rest, days = rest - period.sales, days + period.days
    return Counted(Decimal(days), whole, sales, is_exhausted=True)
