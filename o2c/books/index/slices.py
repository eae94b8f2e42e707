"""Reads single entries out of the ledger files, as if they were a small book of their own."""

from __future__ import annotations

import os
from bisect import bisect_right
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import BinaryIO

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import booking
from beancount.parser import parser

from o2c.model import reading
from o2c.model.facts import Facts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from beancount.core.data import Directive

    from o2c.books.index.closure import Piece
    from o2c.model.documents import Document
from o2c.books.loaded import Stamp

#: So few entries are read by Beancount's parser alone: that is quicker than to make the fast reader ready.
FEW = 40


class Torn(Exception):
    """The entries cannot be read apart from the others, or a file changed in this moment: load the books whole."""


def directives(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> list[Directive]:
    """Read the entries, each with its own file and line; sorted as Beancount sorts. Raises Torn."""
    texts, places = _cut(connection, pieces)
    found = _read_fast(texts, places) if len(texts) > FEW else {}
    left = [number for number in range(len(texts)) if number not in found]
    parsed = _parsed([texts[number] for number in left], [places[number] for number in left])
    made = [(left[number], entry) for number, entry in parsed] + list(found.items())
    return sorted((entry for _, entry in sorted(made, key=itemgetter(0))), key=data.entry_sortkey)


def _read_fast(texts: list[str], places: list[tuple[str, int]]) -> dict[int, Directive]:
    """Read the entries that are canonical, by the numbers of their texts."""
    from o2c.books.index import written

    return {number: one for number, text in enumerate(texts) if (one := written.entry(text, *places[number]))}


def documents(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> list[Document]:
    """Read documents briefly, by day and place; see `Books.documents`. Raises Torn."""
    from o2c.books.index import brief

    texts, places = _cut(connection, pieces)
    found = {number: one for number, text in enumerate(texts) if (one := brief.document(text, *places[number]))}
    left = [number for number in range(len(texts)) if number not in found]
    for number, entry in _parsed([texts[number] for number in left], [places[number] for number in left]):
        if isinstance(entry, data.Transaction):
            found[left[number]] = reading.document(entry)
    return [found[number] for number in sorted(found)]


def _cut(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> tuple[list[str], list[tuple[str, int]]]:
    """Cut the pieces out of their files, in their order; give the file and line of each, too."""
    ordered = sorted(pieces)
    known = connection.execute("select id, path, size, mtime, ctime, inode from file")
    files = {key: (path, Stamp(*stamp)) for key, path, *stamp in known}
    return _texts(files, ordered), [(files[piece.file][0], piece.line) for piece in ordered]


def _parsed(texts: list[str], places: list[tuple[str, int]]) -> list[tuple[int, Directive]]:
    """Read entries with Beancount's parser, each with the number of its text. Raises Torn."""
    if not texts:
        return []
    parsed, errors, _ = parser.parse_string("".join(texts), "slice")
    if any(not error.message.startswith("Duplicate ") for error in errors):  # it keeps entries with two equal keys
        raise Torn
    starts = _starts(texts)
    found = []
    for entry in sorted(parsed, key=lambda entry: int(entry.meta["lineno"])):
        number = bisect_right(starts, int(entry.meta["lineno"])) - 1
        path, line = places[number]
        _move(entry, path, line - starts[number])
        found.append((number, entry))
    return found


def _texts(files: dict[int, tuple[str, Stamp]], ordered: list[Piece]) -> list[str]:
    """Cut the pieces out of their files, each file opened once."""
    texts = [""] * len(ordered)
    by_file: dict[int, list[int]] = {}
    for number, piece in enumerate(ordered):
        by_file.setdefault(piece.file, []).append(number)
    for file, numbers in by_file.items():
        path, known = files[file]
        with opened(path) as stream:
            require_unchanged(stream, known)
            for number in sorted(numbers, key=lambda one: ordered[one].position):
                stream.seek(ordered[number].position)
                text = stream.read(ordered[number].size).decode()
                texts[number] = text if text.endswith("\n") else text + "\n"
    return texts


def opened(path: str) -> BinaryIO:
    """Open a ledger file to read; raises Torn where that cannot be."""
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Torn from error


def require_unchanged(stream: BinaryIO, known: Stamp) -> None:
    """Raise Torn for a file that is not the one that the index read."""
    status = os.fstat(stream.fileno())
    if known != (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino):
        raise Torn


def _starts(texts: list[str]) -> list[int]:
    starts = [1]
    for text in texts[:-1]:
        starts.append(starts[-1] + text.count("\n"))
    return starts


def _move(entry: Directive, path: str, lines: int) -> None:
    """Give an entry and its postings their true place."""
    metas = [entry.meta, *(posting.meta for posting in getattr(entry, "postings", ()) if posting.meta)]
    for meta in metas:
        meta["filename"] = path
        meta["lineno"] = int(meta["lineno"]) + lines


def booked(entries: list[Directive], options: dict[str, Any]) -> list[Directive]:
    """Book the lots of a small book that holds all movements of its lots, and the amounts left out. Raises Torn."""
    postings = [posting for entry in entries for posting in getattr(entry, "postings", ())]
    if not any(posting.cost or not isinstance(posting.units, Amount) for posting in postings):
        return entries
    result, errors = book(entries, options)
    if errors:
        raise Torn
    return result


def book(entries: list[Directive], options: dict[str, Any]) -> tuple[list[Directive], list[Any]]:
    """Book entries; raises Torn where Beancount stops at them, as at a lot of nothing that costs something."""
    try:
        result, errors = booking.book(entries, options)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Torn from error
    return list(result), errors


def filled(entry: Directive, options: dict[str, Any]) -> Directive:
    """Fill in the amounts left out in one entry. Raises Torn where that needs other entries, or cannot be."""
    if any(posting.cost for posting in getattr(entry, "postings", ())):
        raise Torn
    result, errors = book([entry], options)
    if errors or len(result) != 1:
        raise Torn
    return result[0]


def facts(entries: Iterable[Directive], complete: set[str]) -> Facts:
    """Read a small book; movements of items that are not complete in it are left out, so that none looks open."""
    made = Facts(entries)
    made.moved = [move for move in made.moved if move.movement.item in complete]
    return made
