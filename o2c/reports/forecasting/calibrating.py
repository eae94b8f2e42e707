"""How wide the band of a forecast is: as wide as earlier forecasts of these books needed, to hold what came."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.reports.forecasting.expecting import Sum
    from o2c.reports.span import Span

#: So many whole periods before a forecast judge how wide its band must be: 12 of 14 are four of five, see `factor`.
JUDGED_BY = 14
#: Fewer periods cannot say anything about four of five.
FEWEST = 4
#: The normal deviate of four of five: as wide the band is at least, and without enough earlier periods.
BAND = Decimal("1.2816")
#: A standard deviation counts as at least so much money, so that a forecast that was sure, and wrong, counts.
LEAST = Decimal("0.001")


class Miss(NamedTuple):
    """An earlier period: how far its forecast was off, above zero, and the standard deviation that it gave itself."""

    period: Span
    error: Decimal
    deviation: Decimal

    @property
    def deviations(self) -> Decimal:
        """The error in standard deviations."""
        return self.error / self.deviation


class Band(NamedTuple):
    """Between which amounts the money should lie four times of five, and by which earlier periods that is known."""

    low: Decimal
    high: Decimal
    misses: tuple[Miss, ...]

    @property
    def is_calibrated(self) -> bool:
        """Tell whether there were enough earlier periods."""
        return len(self.misses) >= FEWEST


def factor(deviations: Sequence[Decimal]) -> Decimal:
    """Give the width of a band in standard deviations, from the errors of earlier periods in the same measure.

    Of n errors it is the one at the place 4/5 x (n + 1), rounded up, from the smallest: if the next period is of the
    same kind as those, it lies within four times of five. At least 1.2816, which holds where items are independent of
    each other: luck in a few periods narrows no band. 1.2816 also with fewer than 4 errors.
    Source: split conformal prediction (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005).

    >>> factor([Decimal(number) for number in range(1, 15)])
    Decimal('12')
    >>> factor([Decimal(1)] * 14), factor([Decimal(3)] * 3)
    (Decimal('1.2816'), Decimal('1.2816'))
    """
    if len(deviations) < FEWEST:
        return BAND
    place = -(-4 * (len(deviations) + 1) // 5)
    return max(sorted(deviations)[place - 1], BAND)


def deviation(variance: Decimal) -> Decimal:
    """Give the standard deviation of a variance; never below a tenth of a cent."""
    return max(variance.sqrt(), LEAST)


def band(foreseen: Sum, misses: Sequence[Miss], currency: str) -> Band:
    """Give the band of what is foreseen; not below zero, and not above all that is open."""
    width = factor([miss.deviations for miss in misses]) * deviation(foreseen.variance)
    return Band(
        rounded(max(foreseen.expected - width, ZERO), currency),
        rounded(min(foreseen.expected + width, foreseen.whole), currency),
        tuple(misses),
    )


def held(misses: Sequence[Miss]) -> int:
    """Count the earlier periods that a band as wide as `factor` says would have held."""
    wide = factor([miss.deviations for miss in misses])
    return sum(miss.deviations <= wide for miss in misses)
