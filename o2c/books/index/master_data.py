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

from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.loaded import stamp
from o2c.errors import BooksBroken
from o2c.master.places import all_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.master import Master

_KEY = "master"
_NAMES = "names of customers"


class Look(NamedTuple):
    """All master-data files at one moment, and whether they had been left alone long enough to be believed."""

    digest: str
    settled: bool


def read(connection: sqlite3.Connection, root: Path) -> Master:
    """Read the master data, on demand where these files are known to be clean; raises BooksBroken with every fault."""
    from o2c import master
    from o2c.master import on_demand

    before = look(root)
    if before.digest == _remembered(connection, _KEY):
        found = master.load_on_demand(root)
        if look(root).digest == before.digest:
            return found
    full = master.load(root)
    if before.settled and on_demand.agrees(master.load_on_demand(root), full) and look(root).digest == before.digest:
        _remember(connection, _KEY, before.digest)
    return full


def customer_names(connection: sqlite3.Connection, root: Path) -> Mapping[str, str]:
    """Give the names of customers by their codes: remembered, while nobody touches the files; none after a fault."""
    before = look(root)
    if before.digest == _remembered(connection, _NAMES):
        return dict(connection.execute("select code, name from customer"))
    try:
        found = {code: customer.name for code, customer in read(connection, root).customers.items()}
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return {}
    if before.settled and look(root).digest == before.digest:
        with contextlib.suppress(sqlite3.Error), store.change(connection):
            connection.execute("delete from customer")
            connection.executemany("insert into customer values (?, ?)", found.items())
            _remember(connection, _NAMES, before.digest)
    return found


def look(root: Path) -> Look:
    """Look at the names and stamps of all master-data files, and at what reads them."""
    now = time.time_ns()
    found = [(path.name, stamp(path)) for path in all_files(root)]
    newest = max((max(known.mtime, known.ctime) for _, known in found if known), default=now)
    digest = hashlib.sha256(repr((found, store.stamp_of_tools())).encode()).hexdigest()
    return Look(digest, newest <= now - sync.RACY_NS)


def _remembered(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute("select value from about where key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _remember(connection: sqlite3.Connection, key: str, digest: str) -> None:
    with contextlib.suppress(sqlite3.Error):  # forgetting costs time, never a right answer
        connection.execute("insert or replace into about values (?, ?)", (key, digest))
