"""The back-test: past periods, forecast with only what was known before each, beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.reports.forecasting.calibrating import JUDGED_BY
from o2c.reports.forecasting.calibrating import Band
from o2c.reports.forecasting.calibrating import Miss
from o2c.reports.forecasting.calibrating import band
from o2c.reports.forecasting.calibrating import deviation
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.expecting import summed
from o2c.reports.forecasting.periods import past

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.reports.forecasting.expecting import Sum
    from o2c.reports.forecasting.lives import Life
    from o2c.reports.forecasting.lives import Part
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span

#: So many items must have been paid before a period for a forecast of it to count.
ENOUGH = 10


class Foreseen(NamedTuple):
    """A past period in one currency: what was foreseen the day before, and the money for the same items since then."""

    period: Span
    currency: str
    foreseen: Sum
    money: tuple[Part, ...]

    def came(self, known_on: date) -> Decimal:
        """Sum the money of the period, as it was known at the end of a day."""
        return sum((part.amount for part in self.money if part.posted <= known_on), ZERO)

    def miss(self, known_on: date) -> Miss:
        """Tell how far the forecast was off, as it was known at the end of a day."""
        error = abs(self.foreseen.expected - self.came(known_on))
        return Miss(self.period, error, deviation(self.foreseen.variance))


class Tried(NamedTuple):
    """A past period in one currency: what was foreseen the day before, its band, and what came for the same items."""

    period: Span
    currency: str
    foreseen: Sum
    band: Band
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
        return self.band.low <= self.came <= self.band.high


class Error(NamedTuple):
    """The mean absolute errors over some periods in one currency, and in how many the money lay in the band."""

    currency: str
    periods: int
    error: Decimal
    due_error: Decimal
    within: int


class Judged(NamedTuple):
    """The last whole periods as they were foreseen, and the errors by which the band of the next ones is known."""

    tried: list[Tried]
    misses: Mapping[str, Sequence[Miss]]


def judge(lives: Sequence[Life], chosen: Selection, as_of: date, count: int, *, by_week: bool) -> Judged:
    """Foresee each of the last whole periods on the day before it, with what was posted until then; say what came.

    Only money for items that were open on that day counts, on both sides. A period before which too few items were
    settled to learn from is left out. The band of each is that of its own day: by the periods before it, as they were
    known then.
    """
    spans = past(as_of, count + JUDGED_BY, by_week=by_week)
    mine = [life for life in lives if chosen.takes(life.item.customer, life.item.currency)]
    found = [one for span in spans for one in _foreseen(lives, mine, span)]
    tried = [_tried(one, found, spans, as_of) for one in found if one.period in spans[max(len(spans) - count, 0) :]]
    return Judged(tried, misses(found, spans[-JUDGED_BY:], as_of))


def _foreseen(lives: Sequence[Life], mine: Iterable[Life], period: Span) -> list[Foreseen]:
    curves = Curves(lives, period.before)
    if curves.paid < ENOUGH:
        return []
    open_ = [life for life in mine if life.open(curves.day) > 0]
    expected = expect(open_, curves, [period])
    money: dict[str, list[Part]] = {life.item.currency: [] for life in open_}
    for life in open_:
        money[life.item.currency] += life.money(period, curves.day)
    return [Foreseen(period, code, summed(expected, code, 0), tuple(parts)) for code, parts in sorted(money.items())]


def _tried(one: Foreseen, found: Iterable[Foreseen], spans: Sequence[Span], as_of: date) -> Tried:
    place = spans.index(one.period)
    earlier = spans[max(place - JUDGED_BY, 0) : place]
    known = misses((each for each in found if each.currency == one.currency), earlier, one.period.before)
    edges = band(one.foreseen, known.get(one.currency, ()), one.currency)
    return Tried(one.period, one.currency, one.foreseen, edges, one.came(as_of))


def misses(found: Iterable[Foreseen], spans: Sequence[Span], known_on: date) -> dict[str, list[Miss]]:
    """List by currency how far the forecasts of some periods were off, as it was known at the end of a day."""
    known: dict[str, list[Miss]] = {}
    for one in found:
        if one.period in spans:
            known.setdefault(one.currency, []).append(one.miss(known_on))
    return known


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
