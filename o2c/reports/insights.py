"""Insights: what an accountant should look at, with its money; each rule says how much it must have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import scope
from o2c.reports.noticing.rules import insights
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.noticing.insight import Insight
    from o2c.reports.table import Row

COLUMNS = (
    Column("rule", "code"),
    Column("currency", "code"),
    Column("money", "money"),
    Column("customers", "count"),
    Column("documents", "count"),
    Column("insight", "text"),
)


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """Say what the rules find at the end of a day, per currency, the most money first; nothing where nothing is found.

    `money` is the sum of the documents behind an insight, which the report insight-items lists. There are no totals:
    the same invoice can stand behind several insights. Raises NotFound for an unknown customer or group.
    """
    found = insights(select(books, customer, currency, group), as_of)
    basis = f"rules over the books, the documents in insight-items; {scope.GROSS}"
    return Table("insights", "Insights", as_of, basis, COLUMNS, tuple(map(_row, found)))


def _row(one: Insight) -> Row:
    return {
        "rule": one.rule,
        "currency": one.currency,
        "money": one.money,
        "customers": one.customers,
        "documents": len(one.evidence),
        "insight": one.sentence,
    }
