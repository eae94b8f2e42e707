"""The index on disk: one SQLite file beside the books, derived from the text, safe to delete at any moment.

Readers never block (write-ahead log). A build from nothing goes into a new file that becomes the index in one step, so
that a half-built index is never seen. Whatever is wrong with the file, it is thrown away and built again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import beancount

import o2c

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

#: Raised whenever rows change their meaning.
FORMAT = "10"
NAME = "index.sqlite"
#: No database of SQLite is smaller.
_SMALLEST = 512
_WAIT_SECONDS = 20
_UNFINISHED = ".index-"
#: No build takes longer; what is older was left by one that was killed.
_LONGEST_BUILD_SECONDS = 3600

_TABLES = """
create table about (key text primary key, value text) without rowid;
create table file (
  id integer primary key, path text unique, size int, mtime int, ctime int, inode int, hash blob, seen int,
  includes text, fit int, errors int
);
create table chunk (
  id integer primary key, file int, position int, size int, line int, lines int, entries int, hash blob
);
create table entry (
  id integer primary key, file int, position int, size int, line int,
  kind text, date int, doc_type text, doc_id text, version int, customer text, key text, lots int,
  series text, number int, sale int, made_by text
);
create table name (name text, entry int);
create table move (
  entry int, date int, account text, item text, amount int, currency text, due int, opens int
);
create table customer (code text primary key, name text) without rowid;
create table quantity (ordered text, line int, what text, quantity int, entry int);
"""
_INDICES = """
create index entry_doc on entry (doc_id) where doc_id <> '';
create index entry_series on entry (series, number, date) where kind = 'd';
create index chunk_file on chunk (file, position);
create index entry_lots on entry (date) where lots;
create index entry_key on entry (key) where key <> '';
create index entry_kind on entry (kind, doc_type) where kind not in ('d', 't');
create index entry_customer on entry (doc_type, customer, date);
create index name_name on name (name);
create index move_item on move (item, account, currency, date, amount, opens, due, entry);
create index move_account on move (account, date);
create index quantity_ordered on quantity (ordered);
"""
_FILE_INDICES = """
create index entry_file on entry (file);
create index name_entry on name (entry);
create index move_entry on move (entry);
create index quantity_entry on quantity (entry);
"""


@cache
def stamp_of_tools() -> str:
    """Name everything that made the rows: our version and format, Beancount's version."""
    return f"{FORMAT} {o2c.VERSION} {beancount.__version__}"


def path_of(root: Path) -> Path:
    """Give the path of the index of these books."""
    return root / ".o2c" / NAME


def connect(path: Path) -> sqlite3.Connection | None:
    """Open an index that these tools made; None where there is none, or one that cannot be used."""
    try:
        if not _is_there(path):
            return None
        connection = _open(path)
        made_by = connection.execute("select value from about where key = 'tools'").fetchone()
    except (sqlite3.Error, OSError):
        return None
    if made_by is None or made_by[0] != stamp_of_tools():
        connection.close()
        return None
    return connection


def _is_there(path: Path) -> bool:
    """Tell whether a file can be an index by its size: SQLite would wait for others before it fills an empty one.

    It is not opened for that: closing it would take away the locks of other connections of this process.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size >= _SMALLEST
    return False


def build(path: Path, fill: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Build an index from nothing in a new file, and let it become the index in one step."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    os.close(handle)
    fresh = Path(name)
    try:
        connection = sqlite3.connect(fresh, isolation_level=None)
        connection.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;")
        connection.execute("begin")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute("insert into about values ('tools', ?)", (stamp_of_tools(),))
        fill(connection)
        for statement in (_INDICES + _FILE_INDICES).split(";"):
            connection.execute(statement)
        connection.execute("commit")
        connection.close()
        _put_in_place(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return _open(path)


def _remove_leftovers(folder: Path) -> None:
    for leftover in folder.glob(_UNFINISHED + "*"):
        with contextlib.suppress(FileNotFoundError):
            if leftover.stat().st_mtime < time.time() - _LONGEST_BUILD_SECONDS:
                leftover.unlink()


def _put_in_place(fresh: Path, path: Path) -> None:
    """Give a finished index its place: as a file where there is none, else as the new content of the old one.

    A file that others have open is not replaced: their connections would meet logs that belong to the new one.
    """
    with _no_change(path, fcntl.LOCK_EX):
        if not _is_there(path):
            _replace(fresh, path)
            return
    try:
        with contextlib.closing(_open(path)) as old, contextlib.closing(sqlite3.connect(fresh)) as new:
            new.backup(old)
    except sqlite3.Error:  # damaged, so of no use to others, either
        with _no_change(path, fcntl.LOCK_EX):
            _replace(fresh, path)
    fresh.unlink(missing_ok=True)


def _replace(fresh: Path, path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").unlink()
    fresh.replace(path)


@contextlib.contextmanager
def _no_change(path: Path, kind: int) -> Iterator[None]:
    """Keep an index from being replaced while its write-ahead log is opened: they must belong to each other."""
    with path.with_name("index.lock").open("ab") as lock:
        fcntl.flock(lock, kind)
        yield


def _open(path: Path) -> sqlite3.Connection:
    with _no_change(path, fcntl.LOCK_SH):
        connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)
        connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma cache_size = -65536")
    connection.execute("pragma mmap_size = 1073741824")
    return connection


@contextlib.contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Read the index as it is at one moment, whatever other processes change meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("begin")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("rollback")


@contextlib.contextmanager
def change(connection: sqlite3.Connection) -> Iterator[None]:
    """Change the index in one transaction; another process that changes it waits."""
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
