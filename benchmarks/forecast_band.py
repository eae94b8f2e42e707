"""How often the money lay in the band of the cash forecast, for customers whose ways to pay are known.

Run it with `python benchmarks/forecast_band.py [SEEDS]`. Four of five are meant. Beside it stands the band that takes
items as paid independently of each other, and how wide both are, as a share of what was expected.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.findings import Source
from o2c.model.items import Item
from o2c.reports.forecasting.back_test import judge
from o2c.reports.forecasting.calibrating import Band
from o2c.reports.forecasting.calibrating import band
from o2c.reports.forecasting.lives import Life
from o2c.reports.forecasting.lives import Part
from o2c.reports.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.reports.forecasting.back_test import Tried

START = date(2023, 1, 2)
DAYS, CUSTOMERS, TERMS = 1000, 40, 30
#: So many times a day an invoice may be written, one time in four.
CHANCES = 10


class Way(NamedTuple):
    """How customers pay: in runs of their own, late together in bad weeks, and how many days later in the end."""

    in_runs: bool = False
    bad_weeks: bool = False
    later: int = 0


WAYS = {
    "each item by itself": Way(),
    "in payment runs": Way(in_runs=True),
    "bad weeks": Way(bad_weeks=True),
    "runs and bad weeks": Way(in_runs=True, bad_weeks=True),
    "ever later": Way(later=20),
}


class Held(NamedTuple):
    """In how many of some periods the money lay in the band, and the mean width of the band, of what was expected."""

    periods: int
    within: int
    width: float

    def __str__(self) -> str:
        """Say the share of the periods, and the width."""
        return f"{self.within / self.periods:.0%} wide {self.width:.2f}"


def invented(way: Way, seed: int) -> list[Life]:
    """Invent invoices on 30 days' terms, and when they were paid; the same for the same seed."""
    chance = random.Random(f"{way} {seed}")
    habits = [(chance.gauss(5, 8), chance.choice((7, 14, 30)), chance.randrange(30)) for _ in range(CUSTOMERS)]
    goodness = [chance.lognormvariate(0, 0.6) for _ in range(DAYS)]
    found = []
    for day in (day for day in range(DAYS) for _ in range(CHANCES) if chance.random() < 0.25):
        customer = chance.randrange(CUSTOMERS)
        mean, every, first = habits[customer]
        late = mean + chance.gauss(0, 6) + chance.expovariate(1 / 6) + way.later * day / DAYS
        paid = day + max(1, round(TERMS + late))
        if way.in_runs:
            paid += (first - paid) % every
        while way.bad_weeks and chance.random() > goodness[paid // 7]:  # put off to the next week, like everybody
            paid += 7
        found.append(_life(len(found), customer, day, paid, Decimal(round(chance.lognormvariate(5, 0.8) * 100)) / 100))
    return found


def _life(number: int, customer: int, day: int, paid: int, amount: Decimal) -> Life:
    invoiced, came = START + timedelta(days=day), START + timedelta(days=paid)
    name, whose = f"INV-{number}", f"C{customer}"
    item = Item(
        name, f"Assets:AR:{whose}", whose, "EUR", name, "invoice", invoiced, invoiced + timedelta(days=TERMS),
        amount, amount, Decimal(0), "", Source("invented", number),
    )  # fmt: skip
    return Life(item, (Part(came, came, is_paid=True, amount=amount),), came)


def tried(lives: Sequence[Life], everybody: Selection, *, by_week: bool) -> list[Tried]:
    """Foresee the periods of the last two years, and keep those whose band is calibrated."""
    until = START + timedelta(days=DAYS - 1)
    judged = judge(lives, everybody, until, 100 if by_week else 24, by_week=by_week)
    return [one for one in judged.tried if one.band.is_calibrated]


def held(found: Sequence[Tried], bands: Sequence[Band]) -> Held:
    """Count how often the money lay in some bands."""
    within = sum(each.low <= one.came <= each.high for one, each in zip(found, bands, strict=True))
    widths = [(each.high - each.low) / one.foreseen.expected for one, each in zip(found, bands, strict=True)]
    return Held(len(found), within, float(sum(widths) / len(widths)))


def compared(found: Sequence[Tried]) -> tuple[Held, Held]:
    """Compare the bands as they were with those that take items as independent of each other."""
    independent = [band(one.foreseen, (), one.currency) for one in found]
    return held(found, [one.band for one in found]), held(found, independent)


def main() -> None:
    """Print a row for each way to pay."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    everybody = Selection(None)  # type: ignore[arg-type] # invented lives need no books
    for name, way in WAYS.items():
        for by_week in (True, False):
            found = [one for seed in range(seeds) for one in tried(invented(way, seed), everybody, by_week=by_week)]
            ours, independent = compared(found)
            unit = "weeks" if by_week else "months"
            print(f"{name:20} {len(found):4} {unit:6} {ours}; as if independent {independent}")


if __name__ == "__main__":
    main()
