"""Finds in the index all entries that a question is about: a document's family, an item's movements.

Named documents and items are complete: everything that refers to them, moves them or opened them is found. Documents
that are reached on the way (a receipt that pays a second invoice, too) are found, but not followed further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeVar

from o2c.model import names

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date

#: A limit names a customer, or a credit group and its members: another limit of the group may change them.
LIMIT = "o2c-limit"
#: Customs that count for all of the books; the others are looked for by what they name.
GENERAL = tuple(kind for kind in names.CUSTOMS if kind not in {LIMIT, "o2c-approval"})
#: Documents of the chain from order to invoice: what they name belongs to the question.
_FOLLOWED = frozenset(
    {
        names.ORDER,
        names.DELIVERY,
        names.RETURN,
        names.INVOICE,
        names.DEPOSIT_INVOICE,
        names.CREDIT_NOTE,
        names.ALLOCATION,
        names.REVERSAL,
        LIMIT,
    }
)
_CHUNK = 500
T = TypeVar("T")
#: Account, item, currency.
ItemKey = tuple[str, str, str]


class Piece(NamedTuple):
    """An entry in the ledger text; ordered by day, then by place."""

    date: int
    file: int
    position: int
    size: int
    line: int
    id: int
    kind: str
    doc_type: str
    doc_id: str
    lots: int


_COLUMNS = "entry.date, entry.file, position, size, line, entry.id, kind, doc_type, doc_id, lots"


def pieces(connection: sqlite3.Connection, wanted: Iterable[str]) -> tuple[dict[int, Piece], set[str]]:
    """Find the entries about these names, and give the names that are complete in them."""
    named = {name for name in wanted if name and _can_be_kept(name)}
    complete = set(named)
    found: dict[int, Piece] = {}
    fresh = set(named)
    while fresh:
        new = {piece.id: piece for piece in _about(connection, fresh) if piece.id not in found}
        found |= new
        fresh = set(_names_to_follow(connection, new.values(), named)) - complete
        complete |= fresh
    return found, complete


def _can_be_kept(name: str) -> bool:
    """Tell whether a text can stand in the index at all; half characters from a badly typed command cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _names_to_follow(connection: sqlite3.Connection, new: Iterable[Piece], named: set[str]) -> Iterator[str]:
    follow = [piece for piece in new if piece.doc_id in named or piece.doc_type in _FOLLOWED or piece.lots]
    for piece in new:
        if piece.kind == "d":
            yield piece.doc_id
    yield from names_in(connection, follow)


def names_in(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> Iterator[str]:
    """Name the documents and items that entries are about."""
    for chunk in _chunks([piece.id for piece in pieces]):
        marks = ",".join("?" * len(chunk))
        rows = connection.execute(f"select distinct name from name where entry in ({marks})", chunk)
        yield from (name for (name,) in rows if "#" not in name and "/" not in name)


def _about(connection: sqlite3.Connection, wanted: set[str]) -> Iterator[Piece]:
    yield from named(connection, wanted)
    yield from about(connection, wanted)


def named(connection: sqlite3.Connection, wanted: Iterable[str]) -> Iterator[Piece]:
    """Find the documents with these numbers, and the events about them."""
    for chunk in _chunks(sorted(wanted)):
        marks = ",".join("?" * len(chunk))
        by_number = (
            f"select {_COLUMNS} from entry where doc_id <> '' and doc_id in ({marks}) and kind in ('d', 'e', 'c')"
        )
        yield from map(Piece._make, connection.execute(by_number, chunk))


def about(connection: sqlite3.Connection, wanted: Iterable[str]) -> Iterator[Piece]:
    """Find the entries that name these documents and items."""
    for chunk in _chunks(sorted(wanted)):
        marks = ",".join("?" * len(chunk))
        by_name = f"select {_COLUMNS} from name join entry on entry.id = name.entry where name in ({marks})"
        yield from map(Piece._make, connection.execute(by_name, chunk))


def without_item(connection: sqlite3.Connection, accounts: Iterable[str]) -> Iterator[Piece]:
    """Find the entries that move these accounts, but no item."""
    for account in accounts:
        query = f"select {_COLUMNS} from move join entry on entry.id = move.entry where account = ? and item = ''"
        yield from map(Piece._make, connection.execute(query, (account,)))


def dated(
    connection: sqlite3.Connection,
    first: Date,
    last: Date,
    customers: Collection[str] | None,
    doc_types: Collection[str] | None,
) -> Iterator[Piece]:
    """Find the entries of these days, both inclusive: all, or those about these customers or on their accounts.

    With `doc_types`, only documents of these types.
    """
    days: tuple[int | str, ...] = (first.toordinal(), last.toordinal())
    kinds = "kind in ('d', 't', 'e', 'c')" if doc_types is None else f"kind = 'd' and doc_type in ({_marks(doc_types)})"
    query = f"select {_COLUMNS} from entry where entry.date between ? and ? and {kinds}"
    types = tuple(doc_types or ())
    if customers is None:
        yield from map(Piece._make, connection.execute(query, (*days, *types)))
        return
    for chunk in _chunks(sorted(customers)):
        accounts = _accounts(chunk)
        own = f"{query} and customer in ({_marks(chunk)})"
        yield from map(Piece._make, connection.execute(own, (*days, *types, *chunk)))
        on_accounts = (
            f"select distinct {_COLUMNS} from move join entry on entry.id = move.entry "
            f"where account in ({_marks(accounts)}) and move.date between ? and ? and {kinds}"
        )
        yield from map(Piece._make, connection.execute(on_accounts, (*accounts, *days, *types)))


def moved(
    connection: sqlite3.Connection, first: Date, last: Date, customers: Collection[str] | None
) -> Iterator[ItemKey]:
    """Name the items that were moved in these days, both inclusive: all, or those of these customers."""
    days = (first.toordinal(), last.toordinal())
    query = "select distinct account, item, currency from move where date between ? and ?"
    if customers is None:
        yield from connection.execute(query, days)
        return
    for chunk in _chunks(sorted(customers)):
        accounts = _accounts(chunk)
        yield from connection.execute(f"{query} and account in ({_marks(accounts)})", (*days, *accounts))


def _accounts(customers: Iterable[str]) -> list[str]:
    return [account for code in customers for account in (names.receivable(code), names.deposit(code))]


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def numbered(connection: sqlite3.Connection, numbers: Iterable[str]) -> list[Piece]:
    """Find the documents with these numbers, in all versions."""
    return [
        Piece._make(row)
        for chunk in _chunks(list(numbers))
        for row in connection.execute(
            f"select {_COLUMNS} from entry where kind = 'd' and doc_id <> '' "
            f"and doc_id in ({','.join('?' * len(chunk))})",
            chunk,
        )
    ]


def events(connection: sqlite3.Connection, kinds: Iterable[str]) -> list[Piece]:
    """Find all events and customs of some kinds, like dispute-opened or o2c-close."""
    return [
        Piece._make(row)
        for kind in kinds
        for row in connection.execute(
            f"select {_COLUMNS} from entry where kind not in ('d', 't') and kind in ('e', 'c') and doc_type = ?",
            (kind,),
        )
    ]


def of_customers(connection: sqlite3.Connection, customers: Iterable[str]) -> list[Piece]:
    """Find the events about these customers that are about no document."""
    marks = ",".join("?" * len(names.EVENTS))
    return [
        Piece._make(row)
        for customer in customers
        for row in connection.execute(
            f"select {_COLUMNS} from entry where kind = 'e' and doc_type in ({marks}) and customer = ? and doc_id = ''",
            (*names.EVENTS, customer),
        )
    ]


def with_lots(connection: sqlite3.Connection) -> list[Piece]:
    """Find all entries that make lots or take them out."""
    return [Piece._make(row) for row in connection.execute(f"select {_COLUMNS} from entry where lots")]


def openings(connection: sqlite3.Connection, accounts: Iterable[str]) -> list[Piece]:
    """Find the openings and closings of accounts."""
    return [
        Piece._make(row)
        for chunk in _chunks(sorted(set(accounts)))
        for row in connection.execute(
            f"select {_COLUMNS} from entry where kind not in ('d', 't') and kind in ('o', 'x') "
            f"and doc_type in ({','.join('?' * len(chunk))})",
            chunk,
        )
    ]


def _chunks(values: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
