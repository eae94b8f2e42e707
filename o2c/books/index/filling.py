"""Reads ledger files into the index: all of them, or those that changed, only around the change where that says so."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import changes
from o2c.books.index import files
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.loaded import MAIN
from o2c.books.loaded import stamp
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from collections.abc import Iterable

    from o2c.books.index.sync import Known

#: From this many bytes on, a build uses all cores.
_LARGE = 30_000_000


def refill(connection: sqlite3.Connection, root: Path) -> None:
    """Read what changed, and forget the files that are no longer there."""
    with store.change(connection), no_collection():
        known = sync.known_files(connection)
        done: set[str] = set()
        waiting = [str(root / MAIN)]
        while waiting:
            path = waiting.pop()
            if path in done or stamp(Path(path)) is None:
                continue
            done.add(path)
            includes = _refresh_file(connection, path, known.get(path))
            waiting += sync.expand(path, includes)
        for path in set(known) - done:
            changes.forget(connection, known[path].id)
            connection.execute("delete from file where id = ?", (known[path].id,))


def _refresh_file(connection: sqlite3.Connection, path: str, known: Known | None) -> tuple[str, ...]:
    """Bring the rows of a file up to date, and give its includes."""
    if known is not None and sync.is_same(known):
        return known.includes
    looked, seen = stamp(Path(path)), time.time_ns()
    if looked is None:
        return ()
    text = Path(path).read_bytes()
    key = known.id if known else _new_id(connection)
    now = sync.Known(key, path, looked, files.digest(text), seen, includes=(), fit=True, errors=0)
    if known is not None and known.hash == now.hash:
        now = now._replace(includes=known.includes, fit=known.fit, errors=known.errors)
    elif known is None or not changes.update(connection, known.id, text):
        now = _read_whole(connection, now, text)
    _note(connection, now)
    return now.includes


def _new_id(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select coalesce(max(id), 0) + 1 from file").fetchone()[0])


def _read_whole(connection: sqlite3.Connection, file: Known, text: bytes) -> Known:
    changes.forget(connection, file.id)
    whole = changes.read(file.id, text)
    changes.insert(connection, whole)
    return file._replace(includes=whole.includes, fit=whole.fit, errors=whole.errors)


def _note(connection: sqlite3.Connection, file: Known) -> None:
    """Keep what is known of a file."""
    connection.execute(
        "insert or replace into file (id, path, size, mtime, ctime, inode, hash, seen, includes, fit, errors) "
        "values (?,?,?,?,?,?,?,?,?,?,?)",
        (file.id, file.path, *file.stamp, file.hash, file.seen, json.dumps(file.includes), file.fit, file.errors),
    )


class _Read(NamedTuple):
    """A file as a worker read it."""

    file: Known
    whole: changes.Whole


def fill(connection: sqlite3.Connection, root: Path, progress: Callable[[int, int], None] | None) -> None:
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
            _note(connection, one.file)
            changes.insert(connection, one.whole)
            waiting += sync.expand(one.file.path, one.file.includes)
            read += one.file.stamp.size
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
        text = Path(path).read_bytes()
        whole = changes.read(number, text)
    known = sync.Known(number, path, looked, files.digest(text), seen, whole.includes, whole.fit, whole.errors)
    return _Read(known, whole)
