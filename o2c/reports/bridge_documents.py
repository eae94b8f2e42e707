"""The documents of a bridge: each entry that moved days sales outstanding, overdue or unapplied, and by how much."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports import bridge
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.bridge import Bridge
    from o2c.reports.bridging.changes import Change
    from o2c.reports.table import Row

COLUMNS = (
    Column("measure", "code"),
    Column("currency", "code"),
    Column("effect", "code"),
    Column("part", "code"),
    Column("customer", "code"),
    Column("document", "code"),
    Column("doc_type", "code"),
    Column("item", "code"),
    Column("date", "date"),
    Column("amount", "money"),
    Column("days", "number"),
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
    days: int | None = None,
) -> Table:
    """List what makes up a bridge, entry by entry, in the parts and with the days and signs of the bridge.

    `date` is the day of the entry; of what became overdue, the due date that passed. `days` is rounded, two decimals.
    """
    chosen, period = select(books, customer, currency, group), places.days(as_of, since, until)
    rows = tuple(
        _row(books, one, change)
        for one in bridge.bridges(chosen, period, days)
        for part in bridge.PARTS[one.measure]
        for change in one.changes
        if change.part == part
    )
    basis = f"{period}; part: where it stands in the bridge; {scope.GROSS}"
    return Table("bridge-documents", "Documents of the bridge", period.last, basis, COLUMNS, rows)


def _row(books: Books, one: Bridge, change: Change) -> Row:
    days = one.ratio.of(change) if one.ratio is not None and one.ratio.is_known else None
    return {
        "measure": one.measure,
        "currency": one.currency,
        "effect": bridge.effect(one.measure, change.part),
        "part": change.part,
        "customer": change.customer,
        "document": change.doc_id,
        "doc_type": change.doc_type,
        "item": change.item,
        "date": change.date,
        "amount": change.amount,
        "days": "" if days is None else divided(Decimal(days.numerator), Decimal(days.denominator)),
        "source": places.place(books, change.source),
    }
