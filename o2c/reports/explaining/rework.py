"""Rework taken apart: each order, or invoice without one, that was touched by hand or gone through again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining import case_parts
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient
from o2c.reports.process import flaws

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.process.cases import Case

HEADLINE = "cases"


def explain(asked: Asked) -> Part:
    """Explain a count by its cases, a share by those and all that it is a share of."""
    of = _of(asked)
    times = [(case, _times(case, asked.cell("kind"))) for case in of]
    touched = [(case, count) for case, count in times if count]
    if asked.name == "net":
        return asked.answer(SUM, [case_parts.of_case(asked, case, case.net, case.currency) for case, _ in touched])
    if asked.name == "times":
        return asked.answer(SUM, [case_parts.of_case(asked, case, count) for case, count in touched])
    mine = made("cases", COUNT, [case_parts.of_case(asked, case, case.head) for case, _ in touched])
    whole = made("of", COUNT, [case_parts.of_case(asked, case, case.head) for case in of])
    if asked.name in {"cases", "of"}:
        return asked.answer(COUNT, mine.parts if asked.name == "cases" else whole.parts)
    return asked.answer(quotient(), (mine, whole, Part("percent", 100)), "cases / of x 100")


def _of(asked: Asked) -> list[Case]:
    """List the cases that a row is about: those invoiced, those settled, or all."""
    found = case_parts.of_currency(asked)
    if asked.cell("kind") == "touchless-to-invoice":
        return [case for case in found if case.standing_bills]
    if asked.cell("kind") in {"touchless", "no-rework"}:
        return [case for case in found if case.is_settled]
    return found


def _times(case: Case, kind: str) -> int:
    """Count how often a case belongs to a row; once where the row says what it is, not what happened."""
    if kind == "touchless-to-invoice":
        return int(flaws.is_touchless_to_invoice(case))
    if kind == "touchless":
        return int(flaws.is_touchless(case))
    if kind == "no-rework":
        return int(not flaws.flaws(case))
    if kind.startswith(flaws.BY_HAND):
        return flaws.by_hand(case).count(kind.removeprefix(flaws.BY_HAND))
    return flaws.flaws(case).count(kind)
