"""All movements on customers' accounts, from the rows of the index, and the documents that tell when money came."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.books.index import store
from o2c.books.index.books import IndexedBooks
from o2c.books.index.open_items import money
from o2c.books.index.small_books import Slice
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Movement
from o2c.model.facts import Facts
from o2c.model.facts import Moved
from o2c.model.findings import Source

if TYPE_CHECKING:
    import sqlite3

    from o2c.books.loaded import Books

_MOVES = (
    "select move.date, entry.doc_id, entry.doc_type, move.account, move.item, move.amount, move.currency, move.due, "
    "entry.file, entry.line from move join entry on entry.id = move.entry where move.date <= ? "
    "order by move.date, entry.line, entry.id, move.rowid"
)
#: Documents whose content tells which money they used, or took back.
_TELLING = (names.ALLOCATION, names.REVERSAL)


def movements(books: Books, until: Date) -> Books:
    """Give books whose facts have all movements up to and with a day, and what tells when the money in them came.

    Of documents they have receipts (number, day and customer only), allocations and reversals that move items. The rest
    answers as before, and so do books that were loaded whole. `owner` of a movement stays empty.
    """
    if not isinstance(books, IndexedBooks) or not books.is_booked:
        return books
    facts = Facts(())
    with store.reading(books.connection):
        facts.moved = _moved(books.connection, until)
    for move in facts.moved:
        if move.doc_type == names.RECEIPT and move.doc_id not in facts.versions:
            facts.versions[move.doc_id] = [_receipt(move)]
    telling = {move.doc_id for move in facts.moved if move.doc_type in _TELLING}
    for doc in books.documents(*_TELLING, as_of=until, among=telling) if telling else ():
        facts.versions[doc.doc_id] = [doc]
    return Slice(books, [], facts)


def _moved(connection: sqlite3.Connection, until: Date) -> list[Moved]:
    paths = dict(connection.execute("select id, path from file"))
    days: dict[int, Date] = {}
    found = []
    for day, doc_id, doc_type, account, item, amount, currency, due, file, line in connection.execute(
        _MOVES, (until.toordinal(),)
    ):
        on = days.get(day) or days.setdefault(day, Date.fromordinal(day))
        falls_due = (days.get(due) or days.setdefault(due, Date.fromordinal(due))) if due else None
        movement = Movement(account, item, money(amount, currency), currency, falls_due)
        found.append(Moved(on, doc_id, doc_type, movement, falls_due, Source(paths[file], line)))
    return found


def _receipt(move: Moved) -> Document:
    customer = names.customer_of(move.movement.account)
    return Document(move.doc_type, move.doc_id, move.date, customer, move.movement.currency, "", "", source=move.source)
