"""Movements: each entry that moved the account of a customer in a period, in the columns of the roll-forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import places
from o2c.reports import scope
from o2c.reports.flows import flows
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.flows import Flow
    from o2c.reports.table import Row

_COLUMNS = (
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
    since: date | None = None,
    until: date | None = None,
    valued: bool = False,
) -> Table:
    """List what makes up a roll-forward, entry by entry: `amount` stands there in the column named, `fx` in its own.

    Days, amounts and `valued` as in the roll-forward of the same period. What moved between the items of one customer
    and sums to zero is not listed.
    """
    scope.require(books, customer, currency)
    first, last = places.days(as_of, since, until)
    rows = tuple(
        _row(books, flow)
        for flow in flows(books.facts, valued=valued)
        if first <= flow.date <= last
        and (not customer or flow.key.customer == customer)
        and (not currency or flow.key.item_currency == currency)
    )
    basis = f"{first} to {last}; what lowers the debt is negative; column: where it stands in the roll-forward"
    return Table("movements", "Movements", last, basis, _COLUMNS, rows, totals(rows, "amount", "fx"))


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
