"""Aging: what each customer owes, by how long it has been due, as of the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import WrongUsage
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.items import Item
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

#: The last whole day of each bucket but the last (shared definitions, section 1).
BUCKETS = (("current", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90))
OLDEST = "d91_plus"
UNAPPLIED = "unapplied"
PARTS = (*(name for name, _ in BUCKETS), OLDEST, UNAPPLIED)
BASES = {"due": "due date", "invoice": "invoice date"}
COLUMNS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("currency", "code"),
    *(Column(part, "money") for part in PARTS),
    Column("total", "money"),
)
#: One row of the report: customer and currency.
Key = tuple[str, str]


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", basis: str = "due") -> Table:
    """Sort what is owed into buckets of whole days after the due (or invoice) date; due on the day is current.

    Amounts in the currency of the row. Credits stand in `unapplied`, negative; the buckets hold debit items only.
    `total` is their sum and equals the customer's accounts (receivable and deposits) at the end of the day.
    Raises WrongUsage for an unknown basis, NotFound for an unknown customer.
    """
    if basis not in BASES:
        raise WrongUsage(f"there is no basis '{basis}'; there are: {', '.join(BASES)}")
    scope.require(books, customer, currency)
    items = books.open_items(as_of, customer, currency)
    rows = tuple(_rows(items, as_of, basis, scope.namer(books)))
    found = {(row["customer"], row["currency"]): row["total"] for row in rows}
    balances = books.balances(as_of, customer, currency)
    assert all(found.get(key, ZERO) == balance for key, balance in balances.items()), "off the ledger"
    return Table(
        report="aging",
        title="Aging",
        as_of=as_of,
        basis=f"{BASES[basis]}; {scope.GROSS}",
        columns=COLUMNS,
        rows=rows,
        totals=totals(rows, *PARTS, "total"),
    )


def bucket(days: int) -> str:
    """Name the bucket for whole days past the date.

    >>> [bucket(days) for days in (0, 1, 30, 31, 60, 61, 90, 91)]
    ['current', 'd1_30', 'd1_30', 'd31_60', 'd31_60', 'd61_90', 'd61_90', 'd91_plus']
    """
    return next((name for name, last in BUCKETS if days <= last), OLDEST)


def _rows(items: Iterable[Item], as_of: date, basis: str, name: scope.Namer) -> Iterable[Row]:
    sums: dict[Key, dict[str, Decimal]] = {}
    named: dict[Key, str] = {}
    for item in items:
        key = (item.customer, item.currency)
        if key not in sums:
            sums[key] = dict.fromkeys(PARTS, ZERO)
            named[key] = name(item)
        since = item.due if basis == "due" else item.date
        sums[key][bucket((as_of - since).days) if item.open > 0 else UNAPPLIED] += item.open
    for key in sorted(sums):
        cells: dict[str, Cell] = {"customer": key[0], "name": named[key], "currency": key[1], **sums[key]}
        yield cells | {"total": sum(sums[key].values(), ZERO)}
