"""A document behind an insight, taken apart: what is open of it, or what it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import number
from o2c.reports.explaining.worth import of_document

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part

HEADLINE = "money"


def explain(asked: Asked) -> Part:
    """Explain the money by the item or document, where it is all of it; else by what the rule says of it."""
    money = number(asked.row["money"])
    part = of_document(asked, asked.cell("document"), money, asked.cell("shows"))
    whole = made("money", SUM, [part], asked.currency)
    return asked.answer(whole.rule, whole.parts, asked.cell("shows"))
