"""The open items as of a day, from the rows of the index alone."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.books.index import store
from o2c.model import names
from o2c.model.findings import Source
from o2c.model.items import Item
from o2c.model.money import decimals

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

#: Open items with the document of their name, where exactly one entry opened them and it is that document; the
#: others come without a document.
_OPEN_ITEMS = (
    "select account, item, currency, total, entry.doc_type, entry.date, due, original, entry.file, entry.line from ("
    "select account, item, currency, sum(amount) as total, min(case when opens then entry end) as first, "
    "max(case when opens then entry end) as last, max(case when opens then due else 0 end) as due, "
    "min(case when opens then due end) as least_due, sum(case when opens then amount else 0 end) as original "
    "from move where {where} group by item, account, currency having sum(amount) <> 0"
    ") left join entry on entry.id = first and first = last and entry.doc_id = item and item <> '' and due = least_due"
)
_NOTHING = Decimal(0)

#: Account, item, currency.
Key = tuple[str, str, str]


class Opening(NamedTuple):
    """A movement of an item, with the entry that made it; ordered as the books are."""

    date: int
    line: int
    entry: int
    row: int
    amount: int
    due: int
    doc_id: str
    doc_type: str
    file: int


def open_items(connection: sqlite3.Connection, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
    """List the items not settled at the end of a day, oldest due first; of a customer, in a currency if named."""
    condition, values = where(customer, currency, as_of)
    with store.reading(connection):
        sums = connection.execute(_OPEN_ITEMS.format(where=condition), values).fetchall()
        paths = dict(connection.execute("select id, path from file"))
        others = [row[:4] for row in sums if row[4] is None]
        moves = openings(connection, as_of, [row[:3] for row in others])
        owners = _owners(connection)
    found = [_plain_item(row, paths) for row in sums if row[4] is not None]
    found += [_item(row, moves[row[0], row[1], row[2]], owners.get(row[1]), paths) for row in others]
    return sorted(found, key=lambda item: (item.due, item.date, item.item, item.account))


def openings(connection: sqlite3.Connection, as_of: Date, wanted: Iterable[Key]) -> dict[Key, list[Opening]]:
    """Find all movements of some items up to a day, in the order of the books, to tell which of them opened each."""
    connection.execute("create temp table if not exists wanted (account text, item text, currency text)")
    connection.execute("delete from wanted")
    connection.executemany("insert into wanted values (?,?,?)", wanted)
    moves = connection.execute(
        "select move.account, move.item, move.currency, move.date, entry.line, move.entry, move.rowid, move.amount, "
        "move.due, entry.doc_id, entry.doc_type, entry.file from wanted cross join move on move.item = wanted.item "
        "and move.account = wanted.account and move.currency = wanted.currency join entry on entry.id = move.entry "
        "where +move.date <= ?",
        (as_of.toordinal(),),
    )
    found: dict[Key, list[Opening]] = {}
    for account, item, currency, *rest in moves:
        found.setdefault((account, item, currency), []).append(Opening._make(rest))
    return {key: sorted(group) for key, group in found.items()}


def opening(name: str, ordered: Iterable[Opening]) -> Opening:
    """Choose the movement that opens an item: in the document of its name, or with a due date of its own."""
    return min(ordered, key=lambda move: (move.doc_id != name and not move.due, move.date))


def _owners(connection: sqlite3.Connection) -> dict[str, tuple[int, int, str]]:
    """Give the first documents that items are named after: day, line, type."""
    found: dict[str, tuple[int, int, str]] = {}
    for name, *owner in connection.execute(
        "select entry.doc_id, entry.date, entry.line, entry.doc_type from (select distinct item from wanted) "
        "as named cross join entry on entry.doc_id = named.item where entry.kind = 'd' and entry.doc_id <> ''"
    ):
        found[name] = min(found.get(name, tuple(owner)), tuple(owner))
    return found


def _plain_item(row: tuple[Any, ...], paths: dict[int, str]) -> Item:
    """Make an item that the document of its name opened, from its sums."""
    account, name, currency, total, doc_type, day, due, original, file, line = row
    opened_on = Date.fromordinal(day)
    return Item(
        item=name,
        account=account,
        customer=names.customer_of(account),
        currency=currency,
        doc_id=name,
        doc_type=doc_type,
        date=opened_on,
        due=Date.fromordinal(due) if due else opened_on,
        original=money(original, currency),
        open=money(total, currency),
        carrying=_NOTHING,
        carrying_currency="",
        source=Source(paths[file], line),
    )


def _item(
    row: tuple[str, str, str, int], ordered: list[Opening], owner: tuple[int, int, str] | None, paths: dict[int, str]
) -> Item:
    """Make an item of its sum and its movements, by the rules of `model.items`."""
    account, name, currency, total = row
    first = opening(name, ordered)
    named_after = ""
    if owner and first.doc_type and first.doc_id != name and owner[:2] < (first.date, first.line):
        named_after = owner[2]
    return Item(
        item=name,
        account=account,
        customer=names.customer_of(account),
        currency=currency,
        doc_id=name if named_after else first.doc_id,
        doc_type=named_after or first.doc_type,
        date=Date.fromordinal(first.date),
        due=Date.fromordinal(first.due or first.date),
        original=money(sum(move.amount for move in ordered if move.entry == first.entry), currency),
        open=money(total, currency),
        carrying=_NOTHING,
        carrying_currency="",
        source=Source(paths[first.file], first.line),
    )


def where(customer: str, currency: str, until: Date) -> tuple[str, tuple[Any, ...]]:
    """Write the condition for movements up to a day, of a customer and in a currency if named."""
    parts, values = ["move.date <= ?"], [until.toordinal()]
    if customer:
        parts.append("move.account in (?, ?)")
        values += [names.receivable(customer), names.deposit(customer)]  # type: ignore[list-item]  # of several types
    if currency:
        parts.append("move.currency = ?")
        values.append(currency)  # type: ignore[arg-type]  # as above
    return " and ".join(parts), tuple(values)


def money(amount: int, currency: str) -> Decimal:
    """Turn smallest units into an amount."""
    return Decimal(amount).scaleb(-decimals(currency))
