"""The rules by which parts make a figure: sums, differences, quotients, counts, days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from o2c.model import money
from o2c.model.money import ZERO
from o2c.reports import ratios
from o2c.reports.cash_application import median
from o2c.reports.countback import Period
from o2c.reports.countback import countback
from o2c.reports.explaining.part import Rule

if TYPE_CHECKING:
    from o2c.reports.table import Cell

Values = Sequence["Cell"]


def number(value: Cell) -> Decimal:
    """Read a cell as a number; an empty one is none and counts as zero."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    assert value == "", f"{value!r} is no number"
    return ZERO


def _sum(values: Values) -> Decimal:
    return sum(map(number, values), ZERO)


def _less(values: Values) -> Decimal:
    return number(values[0]) - _sum(values[1:])


def _product(values: Values) -> Decimal:
    found = Decimal(1)
    for value in values:
        found *= number(value)
    return found


def _days(values: Values) -> int:
    first, last = values
    assert isinstance(first, date)
    assert isinstance(last, date)
    return (last - first).days


def _countback(values: Values) -> Decimal | str:
    counted = countback(number(values[0]), [Period(1, number(value)) for value in values[1:]])
    return f">= {counted.days}" if counted.is_exhausted else ratios.rounded(counted.days)


def _same(values: Values) -> Cell:
    """Give what all say; a text that no figure equals where they differ."""
    return values[0] if all(value == values[0] for value in values) else "they differ"


SUM = Rule("sum", _sum)
NEGATED = Rule("sum, with the other sign", lambda values: -_sum(values) or ZERO)
OWED = Rule("sum, zero at least", lambda values: max(ZERO, _sum(values)))
OWING = Rule("sum, zero at most", lambda values: min(ZERO, _sum(values)))
LESS = Rule("the first less the others", _less)
AT_LEAST_ZERO = Rule("the first less the others, zero at least", lambda values: max(ZERO, _less(values)))
GREATER = Rule("the greatest", lambda values: max(map(number, values)))
CAPPED = Rule(
    "the smaller of the first and the second",
    lambda values: max(ZERO, min(number(values[0]), number(values[1]))),
)
PRODUCT = Rule("product", _product)
HALF = Rule("half the sum", lambda values: _sum(values) / 2)
COUNT = Rule("how many", len)
MEDIAN = Rule("the middle one", lambda values: median([int(number(value)) for value in values]))
DAYS = Rule("days from the first to the second", _days)
DAYS_BOTH = Rule("days from the first to the second, both included", lambda values: _days(values) + 1)
COUNTBACK = Rule("days of sales, the latest first, until the receivables are used up", _countback)
SAME = Rule("as each of them says", _same)


@lru_cache
def quotient(places: int = 2) -> Rule:
    """Divide the first part by the second, times the third if there is one; rounded half up, empty without divisor."""

    def compute(values: Values) -> Decimal | str:
        factor = number(values[2]) if len(values) > 2 else 1
        return ratios.divided(number(values[0]), number(values[1]), factor, places)

    return Rule("the first / the second x the third, rounded half up", compute)


@lru_cache
def share(currency: str) -> Rule:
    """Take the share second / third of the first part, rounded to the currency; nothing of nothing."""

    def compute(values: Values) -> Decimal:
        of, part, whole = map(number, values)
        return money.rounded(of * part / whole, currency) if whole else ZERO

    return Rule("the first x the second / the third, rounded once", compute)


@lru_cache
def taxed_share(currency: str) -> Rule:
    """Take the share second / third of the first part with the tax rate of the fourth, in percent, rounded once."""

    def compute(values: Values) -> Decimal:
        of, part, whole, rate = map(number, values)
        return money.rounded(of * part * (100 + rate) / (whole * 100), currency) if whole else ZERO

    return Rule("the first x the second / the third, with the tax rate of the fourth, rounded once", compute)
