"""The open items: every amount that is owed, or that we owe, as of the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import WrongUsage
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.reports import scope
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.items import Item
    from o2c.reports.table import Row

COLUMNS = (
    Column("item", "code"),
    Column("doc_type", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("due", "date"),
    Column("days_past_due", "count"),
    Column("currency", "code"),
    Column("original", "money"),
    Column("open", "money"),
    Column("disputed", "money"),
)


def report(
    books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "", basis: str = "due"
) -> Table:
    """List the items not settled at the end of the day, oldest due first.

    `original` and `open` are positive where the customer owes, negative where we owe (receipts on account, credit
    notes not used yet). `days_past_due` is negative before the due date. `disputed` is a part of `open`.
    Raises WrongUsage for another basis than the due date, NotFound for an unknown customer.
    """
    if basis != "due":
        raise WrongUsage("open-items shows both dates and counts days from the due date; leave --basis out")
    items = select(books, customer, currency, group).open_items(as_of)
    name = scope.namer(books)
    parts = disputed(items, books.events(OPENED, RESOLVED), as_of)
    rows = tuple(_row(item, name(item), part, as_of) for item, part in zip(items, parts, strict=True))
    return Table(
        report="open-items",
        title="Open items",
        as_of=as_of,
        basis=f"due date; {scope.GROSS}",
        columns=COLUMNS,
        rows=rows,
        totals=totals(rows, "original", "open", "disputed"),
    )


def _row(item: Item, name: str, part: Decimal, as_of: date) -> Row:
    return {
        "item": item.item,
        "doc_type": item.doc_type,
        "customer": item.customer,
        "name": name,
        "date": item.date,
        "due": item.due,
        "days_past_due": (as_of - item.due).days,
        "currency": item.currency,
        "original": item.original,
        "open": item.open,
        "disputed": part,
    }
