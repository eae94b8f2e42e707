"""Documents and events of some kinds, read out of the ledger text a few at a time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.books.index import closure
from o2c.books.index import slices
from o2c.books.index import store
from o2c.books.loaded import Numbered
from o2c.model import reading
from o2c.model.facts import Facts
from o2c.model.findings import Source
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date

    from o2c.model.documents import Document
    from o2c.model.documents import Event

#: So many documents are held in memory at a time.
AT_ONCE = 2_000


def documents(
    connection: sqlite3.Connection,
    doc_types: Collection[str],
    as_of: Date,
    customer: str = "",
    among: Collection[str] | None = None,
    *,
    brief: bool = False,
) -> Iterator[Document]:
    """List documents in the order of the books, in the version of the day; of a customer, among these numbers.

    They are as written: lots are not booked, and an amount that is left out (never on an item) stays out.
    Raises Torn where a file changes meanwhile.
    """
    wanted = [name for name in _numbers(connection, doc_types, as_of, customer) if among is None or name in among]
    for start in range(0, len(wanted), AT_ONCE):
        facts = _read(connection, wanted[start : start + AT_ONCE], brief=brief)
        found = {doc.doc_id: doc for doc in facts.documents(*doc_types, as_of=as_of)}
        for name in wanted[start : start + AT_ONCE]:
            if name in found and (not customer or found[name].customer == customer):
                yield found[name]


def _numbers(connection: sqlite3.Connection, doc_types: Collection[str], as_of: Date, customer: str) -> Iterable[str]:
    marks = ",".join("?" * len(doc_types))
    of_customer = "and customer = ?" if customer else ""
    found = connection.execute(
        f"select doc_id from entry where kind = 'd' and doc_type in ({marks}) and date <= ? {of_customer} "
        "order by date, line, id",
        (*doc_types, as_of.toordinal(), *([customer] if customer else [])),
    )
    return dict.fromkeys(name for (name,) in found)


def _read(connection: sqlite3.Connection, wanted: list[str], *, brief: bool) -> Facts:
    with store.reading(connection), no_collection():
        pieces = closure.numbered(connection, wanted)
        if not brief:
            return Facts(slices.directives(connection, pieces))
        facts = Facts(())
        for doc in slices.documents(connection, pieces):
            facts.versions.setdefault(doc.doc_id, []).append(doc)
        return facts


def numbered(connection: sqlite3.Connection, until: Date) -> list[Numbered]:
    """List the numbers of all documents up to and with a day, each once, as it was first used; in their order."""
    with store.reading(connection):
        paths = dict(connection.execute("select id, path from file"))
        rows = connection.execute(
            "select doc_id, doc_type, date, file, line from entry where kind = 'd' and date <= ? "
            "order by date, line, id",
            (until.toordinal(),),
        )
        found: dict[str, Numbered] = {}
        for doc_id, doc_type, day, file, line in rows:
            if doc_id not in found:
                found[doc_id] = Numbered(doc_id, doc_type, date.fromordinal(day), Source(paths[file], line))
    return list(found.values())


def events(connection: sqlite3.Connection, kinds: Iterable[str]) -> dict[str, list[Event]]:
    """Give the events of some kinds by their subjects, in the order of the books. Raises Torn."""
    found: dict[str, list[Event]] = {}
    with store.reading(connection):
        for event in reading.events(slices.directives(connection, closure.events(connection, kinds))):
            found.setdefault(event.subject, []).append(event)
    return found
