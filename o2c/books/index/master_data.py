"""Master data beside indexed books: read in full once, then, while nobody touches the files, on demand.

The index remembers exactly which files a full load found clean, by their names and stamps. A file touched just before
we looked is not believed: a second change could hide in the same tick of the clock. Then it is a full load again.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c import master
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.loaded import stamp
from o2c.master import on_demand
from o2c.master.loading import all_files

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master import Master

_KEY = "master"


class Look(NamedTuple):
    """All master-data files at one moment, and whether they had been left alone long enough to be believed."""

    digest: str
    settled: bool


def read(connection: sqlite3.Connection, root: Path) -> Master:
    """Read the master data, on demand where these files are known to be clean; raises BooksBroken with every fault."""
    before = look(root)
    if before.digest == _remembered(connection):
        found = master.load_on_demand(root)
        if look(root).digest == before.digest:
            return found
    full = master.load(root)
    if before.settled and on_demand.agrees(master.load_on_demand(root), full) and look(root).digest == before.digest:
        _remember(connection, before.digest)
    return full


def look(root: Path) -> Look:
    """Look at the names and stamps of all master-data files, and at what reads them."""
    now = time.time_ns()
    found = [(path.name, stamp(path)) for path in all_files(root)]
    newest = max((max(known.mtime, known.ctime) for _, known in found if known), default=now)
    digest = hashlib.sha256(repr((found, store.stamp_of_tools())).encode()).hexdigest()
    return Look(digest, newest <= now - sync._RACY_NS)  # noqa: SLF001 - one package, one rule


def _remembered(connection: sqlite3.Connection) -> str:
    row = connection.execute("select value from about where key = ?", (_KEY,)).fetchone()
    return str(row[0]) if row else ""


def _remember(connection: sqlite3.Connection, digest: str) -> None:
    with contextlib.suppress(sqlite3.Error):  # forgetting costs time, never a right answer
        connection.execute("insert or replace into about values (?, ?)", (_KEY, digest))
