"""Insights taken apart: the documents behind each, with what of them is the money it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.worth import of_document
from o2c.reports.noticing.rules import insights

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.noticing.insight import Insight

HEADLINE = "money"


def explain(asked: Asked) -> Part:
    """Explain the money of an insight by its documents, the counts by these and their customers."""
    key = (asked.cell("rule"), asked.currency, asked.cell("insight"))
    evidence = asked.once(_insights)[key].evidence
    if asked.name == "customers":
        return asked.answer(COUNT, [Part("customer", code) for code in sorted({one.customer for one in evidence})])
    parts = [of_document(asked, one.document, one.money, one.shows) for one in evidence]
    return asked.answer(COUNT if asked.name == "documents" else SUM, parts)


def _insights(asked: Asked) -> dict[tuple[str, str, str], Insight]:
    return {(one.rule, one.currency, one.sentence): one for one in insights(asked.chosen, asked.as_of)}
