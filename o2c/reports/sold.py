"""Sales by day: what was invoiced less credited and reversed, gross of tax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.reports.selection import Selection

#: Sales by currency and day.
ByDay = dict[str, dict["date", "Decimal"]]


def by_day(chosen: Selection, until: date) -> ByDay:
    """Sum the sales of each day up to and with a day, by currency; days without sales are left out.

    The sum over days is what `Books.sales` says of them.
    """
    sums: ByDay = {}
    for move in chosen.moved(until):
        if sold_as(chosen.books.facts, move):
            days = sums.setdefault(move.movement.currency, {})
            days[move.date] = days.get(move.date, ZERO) + move.movement.amount
    return sums


def sold_as(facts: Facts, move: Moved) -> str:
    """Say as what a movement counts among the sales: invoice, credit note or reversal; empty where it is no sale."""
    if move.doc_type in names.SALES_TYPES:
        return move.doc_type
    return names.REVERSAL if move.doc_type == names.REVERSAL and reversed_type(facts, move) else ""


def reversed_type(facts: Facts, move: Moved) -> str:
    """Name the type of the sale that a reversal takes back; empty where it takes back something else."""
    for doc in facts.versions.get(facts.versions[move.doc_id][0].refers, ()):
        if doc.doc_type in names.SALES_TYPES:
            return doc.doc_type
    return ""
