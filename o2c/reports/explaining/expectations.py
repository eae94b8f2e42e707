"""What items are expected to bring, taken apart: what is open of each, and the chances that its history gives it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import shares
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import Rule
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import PRODUCT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import number
from o2c.reports.forecasting.calibrating import BAND
from o2c.reports.forecasting.calibrating import FEWEST
from o2c.reports.forecasting.calibrating import deviation
from o2c.reports.forecasting.calibrating import factor
from o2c.reports.forecasting.curves import WINDOW
from o2c.reports.forecasting.periods import following
from o2c.reports.forecasting.periods import name
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.forecasting.calibrating import Miss
    from o2c.reports.forecasting.expecting import Expected
    from o2c.reports.table import Cell


@lru_cache
def split(at: int, currency: str) -> Rule:
    """Split the first part by the chances behind it, to the cent, and take the share at a place."""

    def compute(values: Sequence[Cell]) -> Decimal:
        return shares(number(values[0]), [number(value) for value in values[1:]], currency)[at]

    return Rule("what is open, split by the chances behind it", compute)


@lru_cache
def edge(currency: str, sign: int) -> Rule:
    """Go from the first part by the width of the second to one side; not below zero, not above the third."""

    def compute(values: Sequence[Cell]) -> Decimal:
        expected, width, whole = map(number, values)
        return rounded(min(max(expected + sign * width, ZERO), whole), currency)

    return Rule("expected less the width" if sign < 0 else "expected and the width", compute)


DEVIATION = Rule("root of the sum", lambda values: deviation(number(SUM.compute(values))))
DEVIATIONS = Rule("the first / the second", lambda values: number(values[0]) / number(values[1]))
FACTOR = Rule(
    f"at the place 4/5 x (how many + 1), rounded up, from the smallest; at least {BAND}",
    lambda values: factor([number(value) for value in values]),
)
NOT_CALIBRATED = f"{BAND}: not calibrated with fewer than {FEWEST} earlier periods"


def of_item(asked: Asked, one: Expected, at: int, day: date) -> Part:
    """Give what an item is expected to bring in a span; the last place means later, or never."""
    said = f"history: {one.source.whose}, {count(one.source.items, 'item')} in {WINDOW} days"
    later = max(1 - sum(one.chances.paid, ZERO), ZERO)
    spans = _spans(day, len(one.chances.paid), by_week=asked.options.get("weeks") is not None)
    chances = [
        Part(f"chance of {span}, {said}", chance)
        for span, chance in zip(spans, (*one.chances.paid, later), strict=True)
    ]
    still = evidence.of_item(asked, one.item, day)
    parts = (still._replace(what=f"open of {one.item.item}"), *chances)
    place = asked.place(one.item.source)
    return made(one.item.item, split(at, one.item.currency), parts, one.item.currency, document=one.item.item, at=place)


@lru_cache
def _spans(day: date, count: int, *, by_week: bool) -> tuple[str, ...]:
    """Name the periods after a day, and what comes after them."""
    return (*(name(span, by_week=by_week) for span in following(day, count, by_week=by_week)), "later or never")


def expected(asked: Asked, found: Sequence[Expected], at: int, day: date) -> Part:
    """Give what all items are expected to bring in a span."""
    return made("expected", SUM, [of_item(asked, one, at, day) for one in found], asked.currency)


def due(asked: Asked, found: Sequence[Expected], at: int, day: date) -> Part:
    """Give what falls due in a span, what is past due in the first."""
    parts = [evidence.of_item(asked, one.item, day) for one in found if one.due == at]
    return made("due", SUM, parts, asked.currency)


def band(asked: Asked, found: Sequence[Expected], at: int, day: date, sign: int, misses: Sequence[Miss]) -> Part:
    """Give an edge of the band in which the money lies in four of five cases; its width is judged by earlier misses."""
    whole = made("open", SUM, [evidence.of_item(asked, one.item, day) for one in found], asked.currency)
    width = made("width", PRODUCT, (_factor(misses), _deviation(found, at)))
    return made("edge", edge(asked.currency, sign), (expected(asked, found, at, day), width, whole), asked.currency)


def _factor(misses: Sequence[Miss]) -> Part:
    """Give how many standard deviations the forecasts of earlier periods needed to hold what came."""
    parts = [
        made(f"{miss.period}", DEVIATIONS, (Part("error", miss.error), Part("standard deviation", miss.deviation)))
        for miss in misses
    ]
    return made("factor", FACTOR, parts, formula="" if len(misses) >= FEWEST else NOT_CALIBRATED)


def _deviation(found: Sequence[Expected], at: int) -> Part:
    """Give the standard deviation, as if items were independent of each other, with the doubt about each curve."""
    doubts: dict[int, Decimal] = {}
    parts = []
    for one in found:
        paid = one.chances.paid[at]
        variance = one.open * one.open * paid * (1 - paid)
        parts.append(Part(f"chance of {one.item.item}", variance, document=one.item.item))
        curve = id(one.source)
        doubts[curve] = doubts.get(curve, ZERO) + one.open * one.chances.variance[at].sqrt()
    parts += [Part("doubt about a curve", doubt * doubt) for doubt in doubts.values()]
    said = "root of: open squared x chance x its opposite, and doubts"
    return made("standard deviation", DEVIATION, parts, formula=said)
