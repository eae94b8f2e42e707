"""Paths taken apart: each order, or invoice without one, that took the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining import case_parts
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import MEDIAN
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient
from o2c.reports.process.cases import THEN

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked

HEADLINE = "cases"


def explain(asked: Asked) -> Part:
    """Explain a figure of a path by its cases, the steps by the path itself."""
    everything = case_parts.of_currency(asked)
    found = [case for case in everything if case.path() == asked.cell("path")]
    if asked.name == "steps":
        return asked.answer(COUNT, [Part("step", step) for step in asked.cell("path").split(THEN)])
    if asked.name == "net":
        return asked.answer(SUM, [case_parts.of_case(asked, case, case.net, case.currency) for case in found])
    if asked.name == "median_days":
        days = [case_parts.of_case(asked, case, case.days) for case in found]
        return asked.answer(MEDIAN, days, "the middle of the days from the first step to the last")
    mine = made("cases", COUNT, [case_parts.of_case(asked, case, case.head) for case in found])
    if asked.name == "cases":
        return asked.answer(COUNT, mine.parts)
    whole = made("all cases", COUNT, [case_parts.of_case(asked, case, case.head) for case in everything])
    return asked.answer(quotient(), (mine, whole, Part("percent", 100)), "cases / all cases of the currency x 100")
