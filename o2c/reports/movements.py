"""Movements: each entry that moved the account of a customer in a period, in the columns of the roll-forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import places
from o2c.reports import scope
from o2c.reports.flows import flows
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.flows import Flow
    from o2c.reports.table import Row

COLUMNS = (
    Column("date", "date"),
    Column("document", "code"),
    Column("doc_type", "code"),
    Column("customer", "code"),
    Column("column", "code"),
    Column("item_currency", "code"),
    Column("currency", "code"),
    Column("amount", "money"),
    Column("fx", "money"),
    Column("source", "code"),
)


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
    valued: bool = False,
) -> Table:
    """List what makes up a roll-forward, entry by entry: `amount` stands there in the column named, `fx` in its own.

    Days, amounts and `valued` as in the roll-forward of the same period. What moved between the items of one customer
    and sums to zero is not listed. Raises NotFound for an unknown customer or group.
    """
    chosen = select(books, customer, currency, group)
    period = places.days(as_of, since, until)
    first, last = period
    rows = tuple(
        _row(books, flow)
        for flow in flows(chosen.during(period, with_items=valued).books.facts, valued=valued)
        if first <= flow.date <= last and chosen.takes(flow.key.customer, flow.key.item_currency)
    )
    said = "what lowers the debt is negative; column: where it stands in the roll-forward"
    basis = f"{first} to {last}; {said}; {scope.GROSS}"
    return Table("movements", "Movements", last, basis, COLUMNS, rows, totals(rows, "amount", "fx"))


def _row(books: Books, flow: Flow) -> Row:
    return {
        "date": flow.date,
        "document": flow.doc_id,
        "doc_type": flow.doc_type or "by hand",
        "customer": flow.key.customer,
        "column": flow.cause,
        "item_currency": flow.key.item_currency,
        "currency": flow.key.currency,
        "amount": flow.amount,
        "fx": flow.fx,
        "source": places.place(books, flow.source),
    }
