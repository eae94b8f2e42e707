"""Waiting times taken apart: each document that waited for a step, from which day to which."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from o2c.reports.explaining import case_parts
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import Rule
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import GREATER
from o2c.reports.explaining.rules import MEDIAN
from o2c.reports.explaining.rules import number
from o2c.reports.process.cases import cases
from o2c.reports.process.intervals import Interval
from o2c.reports.process.intervals import intervals
from o2c.reports.process.spread import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.table import Cell

HEADLINE = "median_days"


def _nine_of_ten(values: Sequence[Cell]) -> Cell:
    return within([int(number(value)) for value in values], 90)


_WITHIN = Rule("the smallest that nine of ten do not exceed", _nine_of_ten)
_RULES = {
    "done": COUNT,
    "waiting": COUNT,
    "median_days": MEDIAN,
    "p90_days": _WITHIN,
    "longest_days": GREATER,
    "waiting_days": GREATER,
}


def explain(asked: Asked) -> Part:
    """Explain days and counts of a step by the documents that went through it, or wait for it."""
    if asked.value == "":
        return asked.answer(None, formula="nothing did")
    since, found = asked.options.get("since"), asked.once(_intervals).get(asked.cell("step"), [])
    if asked.name in {"waiting", "waiting_days"}:
        kept = [one for one in found if one.ended is None]
    else:
        kept = [one for one in found if one.ended and (since is None or one.ended >= since)]
    return asked.answer(_RULES[asked.name], map(partial(_part, asked), kept))


def _part(asked: Asked, one: Interval) -> Part:
    ends = Part("ended", one.ended) if one.ended else Part("waits, the day", asked.day)
    at = case_parts.place_of(asked, one.document)
    return made(one.step, DAYS, (Part("began", one.began), ends), document=one.document, at=at)


def _intervals(asked: Asked) -> dict[str, list[Interval]]:
    """Sort what waited by the step, each document once."""
    found: dict[str, dict[str, Interval]] = {}
    for case in cases(asked.chosen, asked.day):
        for one in intervals(case):
            found.setdefault(one.step, {})[one.document] = one
    return {step: list(each.values()) for step, each in found.items()}
