"""Brings the index up to date: files that changed are read again, only around the change where that says the same.

A file is believed unchanged when size, times of content and inode, and inode number are the same, and none of the times
is so near to the moment we looked that a change could hide in it (as git's index does); else its content decides.
"""

from __future__ import annotations

import glob
import json
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import store
from o2c.books.loaded import MAIN
from o2c.books.loaded import Stamp
from o2c.books.loaded import stamp
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

#: Times nearer than this to the moment of looking could hide a second change (ticks of clocks and file systems).
RACY_NS = 2_000_000_000


class Known(NamedTuple):
    """A file as the index knows it."""

    id: int
    path: str
    stamp: Stamp
    hash: bytes
    seen: int
    includes: tuple[str, ...]
    fit: bool
    errors: int


def opened(root: Path, progress: Callable[[int, int], None] | None = None) -> sqlite3.Connection:
    """Open the index of these books, up to date; built where there is none that can be used."""
    path = store.path_of(root)
    connection = store.connect(path)
    if connection is None:
        return rebuilt(root, progress)
    try:
        refresh(connection, root)
    except sqlite3.DatabaseError as error:
        connection.close()
        if "locked" in str(error):
            raise
        return rebuilt(root, progress)
    return connection


def rebuilt(root: Path, progress: Callable[[int, int], None] | None = None) -> sqlite3.Connection:
    """Build the index of these books from nothing."""
    from o2c.books.index import filling

    with no_collection():
        return store.build(store.path_of(root), lambda connection: filling.fill(connection, root, progress))


def refresh(connection: sqlite3.Connection, root: Path) -> bool:
    """Read again what changed since; tells whether anything did."""
    known = known_files(connection)
    wanted, suspects = compare(root, known)
    if not suspects and wanted == set(known):
        return False
    from o2c.books.index import filling

    filling.refill(connection, root)
    return True


def compare(root: Path, known: dict[str, Known]) -> tuple[set[str], set[str]]:
    """Walk the includes as known; give all files, and those that must be looked at."""
    done: set[str] = set()
    suspects: set[str] = set()
    waiting = [str(root / MAIN)]
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        file = known.get(path)
        if file is None or not is_same(file):
            suspects.add(path)
        if file is not None:
            waiting += expand(path, file.includes)
    return done, suspects


def is_same(file: Known) -> bool:
    """Tell whether a file is believed unchanged without reading it."""
    return stamp(Path(file.path)) == file.stamp and not _is_racy(file)


def _is_racy(file: Known) -> bool:
    return max(file.stamp.mtime, file.stamp.ctime) > file.seen - RACY_NS


def expand(path: str, includes: Iterable[str]) -> list[str]:
    """Expand include patterns as Beancount does, relative to the including file."""
    found: list[str] = []
    for pattern in includes:
        full = str(Path(path).parent / pattern)
        found += [os.path.normpath(one) for one in glob.glob(full, recursive=True)]
    return found


def known_files(connection: sqlite3.Connection) -> dict[str, Known]:
    """Give the files that the index holds, by their paths."""
    rows = connection.execute("select id, path, size, mtime, ctime, inode, hash, seen, includes, fit, errors from file")
    return {
        path: Known(
            key, path, Stamp(size, mtime, ctime, inode), hash_, seen, tuple(json.loads(includes)), bool(fit), errors
        )
        for key, path, size, mtime, ctime, inode, hash_, seen, includes, fit, errors in rows
    }
