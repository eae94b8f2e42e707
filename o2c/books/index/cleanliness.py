"""Whether exactly these bytes were loaded whole without an error: the mark that a full load leaves in the index."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from o2c.books.index import closure
from o2c.books.index import slices
from o2c.books.index import store

if TYPE_CHECKING:
    import sqlite3
    from typing import Any

_KEY = "clean"


def is_known(connection: sqlite3.Connection) -> bool:
    """Tell whether the files as the index read them were loaded whole without an error."""
    row = connection.execute("select value from about where key = ?", (_KEY,)).fetchone()
    return row is not None and row[0] == _digest(connection)


def note(connection: sqlite3.Connection) -> None:
    """Take note that the files as the index read them are clean."""
    connection.execute("insert or replace into about values (?, ?)", (_KEY, _digest(connection)))


def _digest(connection: sqlite3.Connection) -> str:
    found = connection.execute("select path, hash from file order by path")
    return hashlib.sha256(repr(list(found)).encode()).hexdigest()


def hashes(connection: sqlite3.Connection) -> dict[str, bytes]:
    """Give what tells the content of each file."""
    return dict(connection.execute("select path, hash from file"))


def size(connection: sqlite3.Connection) -> int:
    """Give the size of all files in bytes."""
    return int(connection.execute("select coalesce(sum(size), 0) from file").fetchone()[0])


def lots_can_be_booked(connection: sqlite3.Connection, options: dict[str, Any]) -> bool:
    """Tell whether Beancount books every entry as it is written: it drops one whose lot cannot be taken out."""
    try:
        with store.reading(connection):
            found = closure.with_lots(connection)
            slices.booked(slices.directives(connection, found), options)
    except slices.Torn:
        return False
    return True
