"""What was done for one customer between two days: documents and notes of some kinds, found without loading all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import date as Date

    from o2c.books.loaded import Books
    from o2c.model.documents import Event
    from o2c.model.facts import Facts


def done(books: Books, kinds: Collection[str], customer: str, first: Date, last: Date) -> list[Document | Event]:
    """List documents that move items of a customer, notes about it, and our custom lines, of some kinds.

    From `first` to `last`, both included, in the order of the books; reversed documents are left out. Of large books
    only these entries are read.
    """
    large = getattr(books, "_of", books)
    connection = getattr(large, "connection", None)
    if connection is None:
        return _among(books.facts, kinds, customer, first, last)
    found = _named(connection, kinds, customer, first, last)
    facts = books.about(*found).facts
    facts.customs = books.customs(*kinds)
    return _among(facts, kinds, customer, first, last)


def _among(facts: Facts, kinds: Collection[str], customer: str, first: Date, last: Date) -> list[Document | Event]:
    found: list[Document | Event] = [doc for versions in facts.versions.values() for doc in versions]
    found += [event for events in facts.events.values() for event in events]
    undone = reversed_in(facts)
    return [
        entry
        for entry in (*found, *facts.customs)
        if first <= entry.date <= last and _kind(entry) in kinds and customer in _customers(entry)
        if not (isinstance(entry, Document) and entry.doc_id in undone)
    ]


def reversed_in(facts: Facts) -> set[str]:
    """Name the documents that were reversed."""
    return {doc.refers for versions in facts.versions.values() for doc in versions if doc.doc_type == names.REVERSAL}


def _kind(entry: Document | Event) -> str:
    return entry.doc_type if isinstance(entry, Document) else entry.kind


def _customers(entry: Document | Event) -> tuple[object, ...]:
    """Name the customer of an entry; custom lines name it among their values."""
    return (entry.customer,) if isinstance(entry, Document) or entry.account else (entry.customer, *entry.values[:1])


def _named(connection: sqlite3.Connection, kinds: Collection[str], customer: str, first: Date, last: Date) -> list[str]:
    """Find the numbers of the documents, and the subjects of the notes."""
    days = (first.toordinal(), last.toordinal())
    marks = ",".join("?" * len(kinds))
    accounts = (names.receivable(customer), names.deposit(customer))
    moved = connection.execute(
        f"select distinct doc_id from move cross join entry on entry.id = move.entry where account in (?, ?) "
        f"and move.date between ? and ? and doc_type in ({marks})",
        (*accounts, *days, *kinds),
    )
    noted = connection.execute(
        "select distinct doc_id from entry where kind not in ('d', 't') and kind = 'e' "
        f"and doc_type in ({marks}) and customer = ? and date between ? and ?",
        (*kinds, customer, *days),
    )
    return [name for (name,) in (*moved, *noted) if name]
