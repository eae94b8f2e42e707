"""Bad debt: what share of the receivables is lost in the end, by how far past due they are (IFRS 9, B5.5.35).

    loss rate of a bucket = what was lost in the end / what ever reached the bucket
    allowance             = sum over buckets of base x loss rate x forward factor + specific allowances

All numbers are exact; the sum is rounded once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date as Date
    from decimal import Decimal

#: Buckets of whole days past due, with the first day of each; those of the aging report.
FIRST_DAYS = {"current": 0, "d1_30": 1, "d31_60": 31, "d61_90": 61, "d91_plus": 91}
BUCKETS = tuple(FIRST_DAYS)


class Step(NamedTuple):
    """What was taken off an item on a day (put back: below zero), and whether it was lost or paid."""

    date: Date
    amount: Decimal
    is_lost: bool


class Life(NamedTuple):
    """An item from its beginning to its end: when it was due, how much it was, and all that was taken off it."""

    due: Date
    original: Decimal
    steps: tuple[Step, ...]

    def open(self, day: Date) -> Decimal:
        """Give what was open at the end of a day."""
        return self.original - sum((step.amount for step in self.steps if step.date <= day), ZERO)


class Reached(NamedTuple):
    """What ever reached a bucket, how much of that was lost in the end, and how many items it was."""

    reached: Decimal = ZERO
    lost: Decimal = ZERO
    items: int = 0

    @property
    def rate(self) -> Decimal | None:
        """The loss rate, 0 to 1, exact to 28 digits; None where nothing ever reached the bucket."""
        return self.lost / self.reached if self.reached > 0 else None


def bucket(days: int) -> str:
    """Name the bucket of whole days past due; what is due on the day is current.

    >>> [bucket(days) for days in (-3, 0, 1, 30, 31, 90, 91)]
    ['current', 'current', 'd1_30', 'd1_30', 'd31_60', 'd61_90', 'd91_plus']
    """
    return next((name for name in reversed(BUCKETS[1:]) if days >= FIRST_DAYS[name]), BUCKETS[0])


def roll(lives: Iterable[Life]) -> dict[str, Reached]:
    """Follow items through the buckets: what reached each (at the end of its first day), and what of that was lost."""
    found = dict.fromkeys(BUCKETS, Reached())
    for life in lives:
        for name, reached in found.items():
            found[name] = _add(reached, life, name)
    return found


def _add(before: Reached, life: Life, name: str) -> Reached:
    if name == BUCKETS[0]:
        amount, later = life.original, life.steps
    else:
        day = life.due + timedelta(days=FIRST_DAYS[name])
        amount, later = life.open(day), tuple(step for step in life.steps if step.date > day)
    if amount <= 0:
        return before
    lost = sum((step.amount for step in later if step.is_lost), ZERO)
    return Reached(before.reached + amount, before.lost + min(max(lost, ZERO), amount), before.items + 1)


def allowance(
    bases: Mapping[str, Decimal],
    rates: Mapping[str, Decimal],
    factor: Decimal,
    specific: Iterable[Decimal],
    currency: str,
) -> Decimal:
    """Give the allowance on what is open by bucket, at rates from 0 to 1; positive, rounded once."""
    general = sum((base * rates[name] * factor for name, base in bases.items() if base), ZERO)
    return rounded(general + sum(specific, ZERO), currency)
