"""Cases as parts: the orders, and invoices without one, that a figure about the process counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining.part import Part
from o2c.reports.process.cases import Case
from o2c.reports.process.cases import by_currency
from o2c.reports.process.cases import cases

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.table import Cell


def of_currency(asked: Asked) -> list[Case]:
    """List the cases of the report in the currency of the row, those begun from its first day on."""
    return asked.once(_sorted).get(asked.currency, [])


def of_case(asked: Asked, case: Case, value: Cell, unit: str = "") -> Part:
    """Give the part for what a case adds to a figure, at the place of its first document."""
    return Part(f"begun {case.begun}", value, unit, document=case.head, place=place_of(asked, case.head))


def place_of(asked: Asked, number: str) -> str:
    """Write where a document stands; empty where the books do not hold it."""
    return next((asked.place(doc.source) for doc in asked.books.facts.versions.get(number, ())), "")


def _sorted(asked: Asked) -> dict[str, list[Case]]:
    return dict(by_currency(cases(asked.chosen, asked.day, asked.options.get("since"))))
