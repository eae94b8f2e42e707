"""The documents behind the insights: what each shows, and its part of the money."""

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
    from o2c.reports.noticing.insight import Evidence
    from o2c.reports.noticing.insight import Insight
    from o2c.reports.table import Row

COLUMNS = (
    Column("rule", "code"),
    Column("document", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("currency", "code"),
    Column("money", "money"),
    Column("shows", "text"),
)


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """List what stands behind each insight, in the order of the report insights, of each the most money first.

    `document` is an item, document or order, of a limit the customer; `date` is its day. The money of a rule in a
    currency sums to that of its insights; there are no totals, as an invoice can stand behind several rules.
    Raises NotFound for an unknown customer or group.
    """
    names = books.customer_names()
    rows = tuple(
        _row(insight, one, names.get(one.customer) or one.customer)
        for insight in insights(select(books, customer, currency, group), as_of)
        for one in sorted(insight.evidence, key=lambda one: (-one.money, one.document))
    )
    basis = f"what stands behind the report insights; {scope.GROSS}"
    return Table("insight-items", "Documents behind the insights", as_of, basis, COLUMNS, rows)


def _row(insight: Insight, one: Evidence, name: str) -> Row:
    return {
        "rule": insight.rule,
        "document": one.document,
        "customer": one.customer,
        "name": name,
        "date": one.date,
        "currency": insight.currency,
        "money": one.money,
        "shows": one.shows,
    }
