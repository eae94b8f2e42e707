"""The back-test: past periods, forecast with only what was known before each, beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.expecting import summed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.reports.forecasting.expecting import Sum
    from o2c.reports.forecasting.lives import Life
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span

#: So many items must have been paid before a period for a forecast of it to count.
ENOUGH = 10


class Tried(NamedTuple):
    """A past period in one currency: what was foreseen the day before, and what came for the same items."""

    period: Span
    currency: str
    foreseen: Sum
    came: Decimal

    @property
    def error(self) -> Decimal:
        """How far the forecast was off."""
        return abs(self.foreseen.expected - self.came)

    @property
    def due_error(self) -> Decimal:
        """How far the forecast by due dates was off."""
        return abs(self.foreseen.due - self.came)

    @property
    def is_within(self) -> bool:
        """Tell whether what came lies in the band."""
        return self.foreseen.low <= self.came <= self.foreseen.high


class Error(NamedTuple):
    """The mean absolute errors over some periods in one currency, and in how many the money lay in the band."""

    currency: str
    periods: int
    error: Decimal
    due_error: Decimal
    within: int


def back_test(lives: Sequence[Life], chosen: Selection, spans: Iterable[Span]) -> list[Tried]:
    """Foresee each period on the day before it, with what was posted until then, and compare with the money that came.

    Only money for items that were open on that day counts, on both sides. A period before which too few items were
    settled to learn from is left out.
    """
    found = []
    for period in spans:
        curves = Curves(lives, period.before)
        if curves.paid >= ENOUGH:
            found += _tried(lives, chosen, curves, period)
    return found


def _tried(lives: Sequence[Life], chosen: Selection, curves: Curves, period: Span) -> list[Tried]:
    mine = [life for life in lives if chosen.takes(life.item.customer, life.item.currency)]
    open_ = [life for life in mine if life.open(curves.day) > 0]
    foreseen = expect(open_, curves, [period])
    came: dict[str, Decimal] = {}
    for life in open_:
        came[life.item.currency] = came.get(life.item.currency, ZERO) + life.came(period, curves.day)
    return [Tried(period, currency, summed(foreseen, currency, 0), amount) for currency, amount in sorted(came.items())]


def errors(tried: Iterable[Tried]) -> list[Error]:
    """Give the mean absolute errors per currency, rounded half up."""
    groups: dict[str, list[Tried]] = {}
    for one in tried:
        groups.setdefault(one.currency, []).append(one)
    return [
        Error(
            currency,
            len(group),
            _mean([one.error for one in group], currency),
            _mean([one.due_error for one in group], currency),
            sum(one.is_within for one in group),
        )
        for currency, group in sorted(groups.items())
    ]


def _mean(amounts: Sequence[Decimal], currency: str) -> Decimal:
    return rounded(sum(amounts, ZERO) / len(amounts), currency)
