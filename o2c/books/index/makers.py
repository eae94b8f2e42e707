"""Who made which document and event: from the rows of the index, and only what names others out of the text."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.books.index import closure
from o2c.books.index import slices
from o2c.books.index import store
from o2c.model import duties
from o2c.model import reading
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.facts import Facts
from o2c.model.findings import Source
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from o2c.model.documents import Event

_ROWS = (
    "select doc_type, doc_id, date, customer, made_by, version, file, line from entry "
    "where kind = 'd' and date <= ? order by date, line, id"
)


def facts(connection: sqlite3.Connection, as_of: Date, *, currencies: bool = False) -> Facts:
    """Give what `model.duties` compares, up to the end of a day. Raises Torn.

    Documents that it compares with others are as `Books.documents` reads them briefly; with `currencies`, all are.
    Of the others there are type, number, day, customer, version, who made them, and the place.
    """
    found = Facts(())
    with store.reading(connection), no_collection():
        read = _read(connection, as_of, everything=currencies)
        for doc in _documents(connection, as_of):
            found.add(read.get(doc.source, doc))
        for event in _events(connection, as_of, found):
            found.add_event(event)
    return found


def _read(connection: sqlite3.Connection, as_of: Date, *, everything: bool) -> dict[Source, Document]:
    pieces = closure.dated(connection, Date.min, as_of, None, None if everything else duties.NAMING)
    return {doc.source: doc for doc in slices.documents(connection, (one for one in pieces if one.kind == "d"))}


def _documents(connection: sqlite3.Connection, as_of: Date) -> Iterator[Document]:
    paths = dict(connection.execute("select id, path from file"))
    acts: dict[str, Act] = {}
    for doc_type, doc_id, day, customer, by, version, file, line in connection.execute(_ROWS, (as_of.toordinal(),)):
        act = acts.get(by) or acts.setdefault(by, Act(by))
        place = Source(paths[file], line)
        on = Date.fromordinal(day)
        yield Document(doc_type, doc_id, on, customer, "", "", "", version=version, act=act, source=place)


def _events(connection: sqlite3.Connection, as_of: Date, known: Facts) -> Iterator[Event]:
    """Read what was said about orders by those who took them in, and limits and closes."""
    by = dict(connection.execute("select id, made_by from entry where kind = 'e' and made_by <> ''"))
    pieces = [
        piece
        for piece in closure.events(connection, duties.SAID)
        if any(doc.act.by == by.get(piece.id) for doc in known.versions.get(piece.doc_id, ()))
    ]
    pieces += closure.events(connection, duties.CUSTOMS)
    day = as_of.toordinal()
    yield from reading.events(slices.directives(connection, (piece for piece in pieces if piece.date <= day)))
