"""Writes what a file holds into the index: whole, or only the chunks of it that changed.

A file is kept in chunks where each of them can be read alone; then a chunk that stays keeps its rows, wherever it is
pushed. A file with options, includes, or anything else that reaches beyond its entry is always read whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import chunks
from o2c.books.index import files
from o2c.books.index.chunks import Chunk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from o2c.books.index.chunks import Part

_MOST_ENTRIES = 1 << files.CHUNK_SHIFT
_MOST_CHUNKS = 1 << (files.FILE_SHIFT - files.CHUNK_SHIFT)


class Whole(NamedTuple):
    """A file read whole, ready for the tables; no chunks where it cannot be read in chunks."""

    includes: tuple[str, ...]
    fit: bool
    errors: int
    tables: files.Tables
    chunks: list[Chunk]


class _Fresh(NamedTuple):
    """A chunk of the new text: as it will be known, what it was before, and what was read of it now."""

    chunk: Chunk
    old: Chunk | None
    content: files.Content


def read(file: int, text: bytes) -> Whole:
    """Read a file whole, in chunks where that says the same."""
    fresh = _fresh(file, text, ())
    if fresh is None:
        content = files.content(text)
        return Whole(content.includes, content.fit, content.errors, files.tables(file, content.placed), [])
    made = files.Tables([], [], [], [])
    for one in fresh:
        made.extend(_tables(file, one))
    return Whole((), fit=True, errors=0, tables=made, chunks=[one.chunk for one in fresh])


def insert(connection: sqlite3.Connection, whole: Whole) -> None:
    """Insert the rows of a file that the index does not hold."""
    _insert(connection, whole.tables)
    _insert_chunks(connection, whole.chunks)


def update(connection: sqlite3.Connection, file: int, text: bytes) -> bool:
    """Bring the rows of a changed file up to date by its chunks; False, with nothing done, where that cannot be."""
    known = _known(connection, file)
    fresh = _fresh(file, text, known) if known else None
    if fresh is None:
        return False
    stay = {one.old.id for one in fresh if one.old}
    _remove(connection, [chunk for chunk in known if chunk.id not in stay])
    changed = [one for one in fresh if one.chunk != one.old]
    _shift(connection, changed)
    for one in changed:
        _insert(connection, _tables(file, one))
    _insert_chunks(connection, [one.chunk for one in changed])
    return True


def forget(connection: sqlite3.Connection, file: int) -> None:
    """Remove all rows of a file."""
    _delete(connection, [(file << files.FILE_SHIFT, (file + 1) << files.FILE_SHIFT)])
    connection.execute("delete from chunk where file = ?", (file,))


# ---- reading ---------------------------------------------------------------------------------------------------------


def _fresh(file: int, text: bytes, known: list[Chunk] | tuple[()]) -> list[_Fresh] | None:
    """Read the chunks of a text that are not known; None where one cannot be read alone."""
    next_id = max((chunk.id for chunk in known), default=(file << _CHUNK_BITS) - 1) + 1
    line, found = 1, list[_Fresh]()
    for part in chunks.compare(text, known):
        one = _read(text, part, line, next_id)
        if not one.content.alone or one.chunk.entries > _MOST_ENTRIES or next_id >> _CHUNK_BITS != file:
            return None
        next_id += part.old is None
        line += one.chunk.lines
        found.append(one)
    return found


_CHUNK_BITS = files.FILE_SHIFT - files.CHUNK_SHIFT
_NOTHING = files.Content([], (), fit=True, errors=0)


def _read(text: bytes, part: Part, line: int, next_id: int) -> _Fresh:
    """Read what is not known of a part that begins at a line."""
    old = part.old
    known_lines, known_entries = (old.lines, old.entries) if old else (0, 0)
    end = part.position + part.size
    begin = end - part.unread
    content = files.content(text[begin:end], begin, line + known_lines) if part.unread else _NOTHING
    chunk = Chunk(
        id=old.id if old else next_id,
        position=part.position,
        size=part.size,
        line=line,
        lines=known_lines + text.count(b"\n", begin, end),
        entries=known_entries + len(content.placed),
        hash=part.hash,
    )
    return _Fresh(chunk, old, content)


def _tables(file: int, one: _Fresh) -> files.Tables:
    first = ((one.chunk.id - (file << _CHUNK_BITS)) << files.CHUNK_SHIFT) + (one.old.entries if one.old else 0)
    return files.tables(file, one.content.placed, first)


# ---- writing ---------------------------------------------------------------------------------------------------------


def _known(connection: sqlite3.Connection, file: int) -> list[Chunk]:
    rows = connection.execute(
        "select id, position, size, line, lines, entries, hash from chunk where file = ? order by position", (file,)
    )
    return [Chunk._make(row) for row in rows]


def _ids(chunk: Chunk) -> tuple[int, int]:
    """Give the range of the ids of a chunk's entries, its end exclusive."""
    return chunk.id << files.CHUNK_SHIFT, (chunk.id + 1) << files.CHUNK_SHIFT


def _remove(connection: sqlite3.Connection, gone: list[Chunk]) -> None:
    _delete(connection, [_ids(chunk) for chunk in gone])
    connection.executemany("delete from chunk where id = ?", [(chunk.id,) for chunk in gone])


def _delete(connection: sqlite3.Connection, ranges: list[tuple[int, int]]) -> None:
    for table in ("name", "move", "quantity"):
        connection.executemany(f"delete from {table} where entry >= ? and entry < ?", ranges)
    connection.executemany("delete from entry where id >= ? and id < ?", ranges)


def _shift(connection: sqlite3.Connection, changed: Iterable[_Fresh]) -> None:
    """Push the rows that stay to the places where their chunks stand now."""
    connection.executemany(
        "update entry set position = position + ?, line = line + ? where id >= ? and id < ?",
        [
            (one.chunk.position - one.old.position, one.chunk.line - one.old.line, *_ids(one.old))
            for one in changed
            if one.old and (one.chunk.position, one.chunk.line) != (one.old.position, one.old.line)
        ],
    )


def _insert_chunks(connection: sqlite3.Connection, made: list[Chunk]) -> None:
    connection.executemany(
        "insert or replace into chunk (id, position, size, line, lines, entries, hash, file) values (?,?,?,?,?,?,?,?)",
        [(*chunk, chunk.id >> _CHUNK_BITS) for chunk in made],
    )


def _insert(connection: sqlite3.Connection, made: files.Tables) -> None:
    connection.executemany("insert into entry values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", made.entries)
    connection.executemany("insert into name values (?,?)", made.names)
    connection.executemany("insert into move values (?,?,?,?,?,?,?,?)", made.moves)
    connection.executemany("insert into quantity values (?,?,?,?,?)", made.quantities)
