"""Brings the index up to date: files that changed are read again, appended ones only from their old end.

A file is believed unchanged when size, times of content and inode, and inode number are the same, and none of the times
is so near to the moment we looked that a change could hide in it (as git's index does); else its content decides.
"""

from __future__ import annotations

import glob
import json
import multiprocessing
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import files
from o2c.books.index import store
from o2c.books.loaded import MAIN
from o2c.books.loaded import no_collection
from o2c.books.loaded import stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from o2c.books.loaded import Stamp

#: Times nearer than this to the moment of looking could hide a second change (ticks of clocks and file systems).
_RACY_NS = 2_000_000_000
#: From this many bytes on, a build uses all cores.
_LARGE = 30_000_000

Progress = "Callable[[int, int], None]"


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
    with no_collection():
        return store.build(store.path_of(root), lambda connection: _fill(connection, root, progress))


def refresh(connection: sqlite3.Connection, root: Path) -> bool:
    """Read again what changed since; tells whether anything did."""
    known = _known(connection)
    wanted, suspects = _compare(root, known)
    if not suspects and wanted == set(known):
        return False
    with store.change(connection), no_collection():
        known = _known(connection)
        done: set[str] = set()
        waiting = [str(root / MAIN)]
        while waiting:
            path = waiting.pop()
            if path in done or stamp(Path(path)) is None:
                continue
            done.add(path)
            includes = _refresh_file(connection, path, known.get(path))
            waiting += _expand(path, includes)
        for path in set(known) - done:
            _forget(connection, known[path].id)
            connection.execute("delete from file where id = ?", (known[path].id,))
    return True


def _compare(root: Path, known: dict[str, Known]) -> tuple[set[str], set[str]]:
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
        if file is None or not _is_same(file):
            suspects.add(path)
        if file is not None:
            waiting += _expand(path, file.includes)
    return done, suspects


def _is_same(file: Known) -> bool:
    return stamp(Path(file.path)) == file.stamp and not _is_racy(file)


def _is_racy(file: Known) -> bool:
    return max(file.stamp.mtime, file.stamp.ctime) > file.seen - _RACY_NS


def _expand(path: str, includes: Iterable[str]) -> list[str]:
    """Expand include patterns as Beancount does, relative to the including file."""
    found: list[str] = []
    for pattern in includes:
        full = str(Path(path).parent / pattern)
        found += [os.path.normpath(one) for one in glob.glob(full, recursive=True)]
    return found


def _refresh_file(connection: sqlite3.Connection, path: str, known: Known | None) -> tuple[str, ...]:
    if known is not None and _is_same(known):
        return known.includes
    looked, seen = stamp(Path(path)), time.time_ns()
    if looked is None:
        return ()
    text = Path(path).read_bytes()
    if known is None:
        content = files.content(text)
        _add(connection, path, looked, seen, text, content)
        return content.includes
    tail = _tail(text, known)
    if tail == b"":
        _update(connection, known.id, looked, seen, known.hash, known.includes, fit=known.fit, errors=known.errors)
        return known.includes
    if tail is not None:
        content = files.content(tail, known.stamp.size, text.count(b"\n", 0, known.stamp.size) + 1)
        if content.fit and not content.errors:
            return _append(connection, known, looked, seen, text, content)
    content = files.content(text)
    _forget(connection, known.id)
    _insert(connection, files.tables(known.id, content.placed))
    _update(
        connection, known.id, looked, seen, files.digest(text), content.includes, fit=content.fit, errors=content.errors
    )
    return content.includes


def _tail(text: bytes, known: Known) -> bytes | None:
    """Give what was appended to a file; None where more changed, or where the old end could belong to an entry."""
    size = known.stamp.size
    if len(text) < size or files.digest(text[:size]) != known.hash:
        return None
    tail = text[size:]
    if tail and (
        not text[:size].endswith(b"\n") or tail[:1] != b"\n" or known.includes or not known.fit or known.errors
    ):
        return None
    return tail


def _append(
    connection: sqlite3.Connection, known: Known, looked: Stamp, seen: int, text: bytes, content: files.Content
) -> tuple[str, ...]:
    last = connection.execute("select max(id) from entry where file = ?", (known.id,)).fetchone()[0]
    first = 0 if last is None else last - (known.id << files.FILE_SHIFT) + 1
    _insert(connection, files.tables(known.id, content.placed, first))
    _update(
        connection, known.id, looked, seen, files.digest(text), content.includes, fit=content.fit, errors=content.errors
    )
    return content.includes


def _known(connection: sqlite3.Connection) -> dict[str, Known]:
    from o2c.books.loaded import Stamp

    rows = connection.execute("select id, path, size, mtime, ctime, inode, hash, seen, includes, fit, errors from file")
    return {
        path: Known(
            key, path, Stamp(size, mtime, ctime, inode), hash_, seen, tuple(json.loads(includes)), bool(fit), errors
        )
        for key, path, size, mtime, ctime, inode, hash_, seen, includes, fit, errors in rows
    }


def _forget(connection: sqlite3.Connection, file: int) -> None:
    low, high = file << files.FILE_SHIFT, (file + 1) << files.FILE_SHIFT
    for table in ("name", "move", "quantity"):
        connection.execute(f"delete from {table} where entry >= ? and entry < ?", (low, high))
    connection.execute("delete from entry where id >= ? and id < ?", (low, high))


def _add(
    connection: sqlite3.Connection, path: str, looked: Stamp, seen: int, text: bytes, content: files.Content
) -> int:
    key = connection.execute("insert into file (path) values (?) returning id", (path,)).fetchone()[0]
    _update(connection, key, looked, seen, files.digest(text), content.includes, fit=content.fit, errors=content.errors)
    _insert(connection, files.tables(key, content.placed))
    return int(key)


def _update(
    connection: sqlite3.Connection,
    key: int,
    looked: Stamp,
    seen: int,
    hash_: bytes,
    includes: tuple[str, ...],
    *,
    fit: bool,
    errors: int,
) -> None:
    connection.execute(
        "update file set size = ?, mtime = ?, ctime = ?, inode = ?, hash = ?, seen = ?, includes = ?, fit = ?, "
        "errors = ? where id = ?",
        (*looked, hash_, seen, json.dumps(includes), fit, errors, key),
    )


def _insert(connection: sqlite3.Connection, made: files.Tables) -> None:
    connection.executemany("insert into entry values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", made.entries)
    connection.executemany("insert into name values (?,?)", made.names)
    connection.executemany("insert into move values (?,?,?,?,?,?,?,?)", made.moves)
    connection.executemany("insert into quantity values (?,?,?,?,?)", made.quantities)


class _Read(NamedTuple):
    """A file as a worker read it."""

    path: str
    stamp: Stamp
    seen: int
    size: int
    hash: bytes
    includes: tuple[str, ...]
    fit: bool
    errors: int
    tables: files.Tables


def _fill(connection: sqlite3.Connection, root: Path, progress: Callable[[int, int], None] | None) -> None:
    """Read all files, on all cores where they are many, and insert their rows in the order in which they come."""
    done: dict[str, int] = {}
    waiting = [str(root / MAIN)]
    total = read = 0
    while waiting:
        batch = [
            (len(done) + number, path) for number, path in enumerate(dict.fromkeys(waiting), 1) if path not in done
        ]
        done |= {path: number for number, path in batch}
        total += sum(_size(path) for _, path in batch)
        waiting = []
        for one in _read_all(batch):
            connection.execute(
                "insert into file values (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    done[one.path],
                    one.path,
                    *one.stamp,
                    one.hash,
                    one.seen,
                    json.dumps(one.includes),
                    one.fit,
                    one.errors,
                ),
            )
            _insert(connection, one.tables)
            waiting += _expand(one.path, one.includes)
            read += one.size
            if progress:
                progress(read, total)


def _size(path: str) -> int:
    found = stamp(Path(path))
    return found.size if found else 0


def _read_all(batch: list[tuple[int, str]]) -> Iterable[_Read]:
    if sum(_size(path) for _, path in batch) < _LARGE:
        return filter(None, map(_read_one, batch))
    largest_first = sorted(batch, key=lambda one: -_size(one[1]))
    return _in_parallel(largest_first)


def _in_parallel(batch: list[tuple[int, str]]) -> Iterable[_Read]:
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield from filter(None, pool.imap_unordered(_read_one, batch))


def _read_one(numbered: tuple[int, str]) -> _Read | None:
    number, path = numbered
    looked, seen = stamp(Path(path)), time.time_ns()
    if looked is None:
        return None
    with no_collection():
        text, content = files.read(Path(path))
        made = files.tables(number, content.placed)
    return _Read(path, looked, seen, len(text), files.digest(text), content.includes, content.fit, content.errors, made)
