"""How long things last: the product limit of Kaplan and Meier, with late entry and a second way to end.

An item is watched from a day on until it ends, or is seen no more: then its end is not known, only that it lasted so
long. Days are whole numbers on any scale. Of what ends, a part is paid and the rest ends otherwise (credited, written
off): what is paid is the cumulative incidence of Aalen and Johansen, which is the Kaplan-Meier estimate where nothing
ends otherwise. Weights are decimals, one for a whole item.

Sources: Kaplan and Meier, JASA 53 (1958) 457; Aalen and Johansen, Scand. J. Statist. 5 (1978) 141; variance: Greenwood
(1926), in the form of a sum over days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from decimal import Context
from decimal import Decimal
from decimal import localcontext
from itertools import accumulate
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

ZERO, ONE = Decimal(0), Decimal(1)
HALF = Decimal("0.5")
#: Digits that probabilities are computed with.
PRECISION = Context(prec=28)


class Tally:
    """What was seen, day by day: how much entered, left, was paid and ended otherwise. Tallies can be added."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.entered: dict[int, Decimal] = defaultdict(Decimal)
        self.left: dict[int, Decimal] = defaultdict(Decimal)
        self.paid: dict[int, Decimal] = defaultdict(Decimal)
        self.ended: dict[int, Decimal] = defaultdict(Decimal)
        self.items = 0

    def watch(self, entered: int, last: int, weight: Decimal, *, is_paid: bool = False, is_over: bool = False) -> None:
        """See a part from a day on until it was paid, ended otherwise (`is_over`), or, with neither, was seen last."""
        last = max(entered, last)
        self.entered[entered] += weight
        self.left[last] += weight
        if is_paid:
            self.paid[last] += weight
        elif is_over:
            self.ended[last] += weight

    def add(self, other: Tally) -> None:
        """Add what another tally saw."""
        for mine, theirs in zip(self._parts(), other._parts(), strict=True):
            for day, weight in theirs.items():
                mine[day] += weight
        self.items += other.items

    def _parts(self) -> tuple[dict[int, Decimal], ...]:
        return (self.entered, self.left, self.paid, self.ended)


class Step(NamedTuple):
    """A day on which something ended: of how much, the share that was paid and that ended at all, Greenwood's term."""

    day: int
    at_risk: Decimal
    paid: Decimal
    ended: Decimal
    variance: Decimal


class Chances(NamedTuple):
    """The probability of being paid in each of some spans of days, and the variance of each one's estimate.

    The variance is Greenwood's, carried through the spans by the delta method; exact in first order where nothing ends
    other than by payment.
    """

    paid: tuple[Decimal, ...]
    variance: tuple[Decimal, ...]


class Curve:
    """The chance of each day that what lasted until then is paid on it, or ends otherwise."""

    def __init__(self, tally: Tally) -> None:
        """Estimate it from what was seen."""
        days = sorted(set(tally.entered) | set(tally.left))
        arrived = list(accumulate((tally.entered[day] for day in days), PRECISION.add))
        gone = [ZERO, *accumulate((tally.left[day] for day in days), PRECISION.add)]
        self._days = days
        self._at_risk = [PRECISION.subtract(one, other) for one, other in zip(arrived, gone, strict=False)]
        self.steps = tuple(_steps(tally, zip(days, self._at_risk, strict=True)))
        self._step_days = [step.day for step in self.steps]
        self._known: dict[tuple[int, tuple[int, ...]], Chances] = {}

    def seen_after(self, age: int) -> Decimal:
        """Tell how many items were seen on the next day after an age on which anything was seen; 0: none so old."""
        place = bisect_right(self._days, age)
        return self._at_risk[place] if place < len(self._days) else ZERO

    def survival(self, day: int) -> Decimal:
        """Give the share that lasts longer than a day, of all from the first day on."""
        with localcontext(PRECISION):
            share = ONE
            for step in self.steps[: bisect_right(self._step_days, day)]:
                share *= ONE - step.ended
            return share

    def chances(self, age: int, ends: Sequence[int]) -> Chances:
        """Give, for what has lasted until the end of day `age`, the chance to be paid in each span after it.

        `ends` are the last days of the spans, growing; the first span begins on the day after `age`.
        """
        key = (age, tuple(ends))
        if key not in self._known:
            with localcontext(PRECISION):
                self._known[key] = self._chances(age, ends)
        return self._known[key]

    def even_after(self, age: int) -> int | None:
        """Tell after how many days what has lasted until an age is paid with even chances; None: not seen so often."""
        with localcontext(PRECISION):
            lasting, share = ONE, ZERO
            for step in self.steps[bisect_right(self._step_days, age) :]:
                share += lasting * step.paid
                lasting *= ONE - step.ended
                if share >= HALF:
                    return step.day - age
        return None

    def _chances(self, age: int, ends: Sequence[int]) -> Chances:
        paid, variance = [], []
        lasting, doubt = ONE, ZERO
        place = bisect_right(self._step_days, age)
        for end in ends:
            share, within = ZERO, ZERO
            until = bisect_right(self._step_days, end)
            for step in self.steps[place:until]:
                share += lasting * step.paid
                lasting *= ONE - step.ended
                within += step.variance
            place = max(place, until)
            paid.append(min(share, ONE))  # rounding may lift a certainty above one
            variance.append(lasting**2 * within + share**2 * doubt)
            doubt += within
        return Chances(tuple(paid), tuple(variance))


def _steps(tally: Tally, at_risk: Iterable[tuple[int, Decimal]]) -> Iterable[Step]:
    with localcontext(PRECISION):
        steps = []
        for day, number in at_risk:
            paid = tally.paid.get(day, ZERO)
            ended = paid + tally.ended.get(day, ZERO)
            if ended > 0 and number > 0:
                rest = number - ended
                variance = ended / (number * rest) if rest > 0 else ZERO
                steps.append(Step(day, number, paid / number, min(ended / number, ONE), variance))
        return steps
