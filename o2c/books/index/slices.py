"""Reads single entries out of the ledger files, with Beancount's parser, as if they were a small book of their own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import BinaryIO

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import booking
from beancount.parser import parser

from o2c.model.facts import Facts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from beancount.core.data import Directive

    from o2c.books.index.closure import Piece
from o2c.books.loaded import Stamp


class Torn(Exception):
    """The entries cannot be read apart from the others, or a file changed in this moment: load the books whole."""


def directives(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> list[Directive]:
    """Parse the entries, each with its own file and line; sorted as Beancount sorts. Raises Torn."""
    ordered = sorted(pieces)
    known = connection.execute("select id, path, size, mtime, ctime, inode from file")
    files = {key: (path, Stamp(*stamp)) for key, path, *stamp in known}
    texts = _texts(files, ordered)
    parsed, errors, _ = parser.parse_string("".join(texts), "slice")
    if any(not error.message.startswith("Duplicate ") for error in errors):  # it keeps entries with two equal keys
        raise Torn
    starts = _starts(texts)
    entries = sorted(parsed, key=lambda entry: int(entry.meta["lineno"]))
    place = 0
    for entry in entries:
        line = int(entry.meta["lineno"])
        while place + 1 < len(starts) and starts[place + 1] <= line:
            place += 1
        piece = ordered[place]
        _move(entry, files[piece.file][0], piece.line - starts[place])
    return sorted(entries, key=data.entry_sortkey)


def _texts(files: dict[int, tuple[str, Stamp]], ordered: list[Piece]) -> list[str]:
    """Cut the pieces out of their files, each file opened once."""
    texts = [""] * len(ordered)
    by_file: dict[int, list[int]] = {}
    for number, piece in enumerate(ordered):
        by_file.setdefault(piece.file, []).append(number)
    for file, numbers in by_file.items():
        path, known = files[file]
        with _open(path) as stream:
            _require_unchanged(stream, known)
            for number in sorted(numbers, key=lambda one: ordered[one].position):
                stream.seek(ordered[number].position)
                text = stream.read(ordered[number].size).decode()
                texts[number] = text if text.endswith("\n") else text + "\n"
    return texts


def _open(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Torn from error


def _require_unchanged(stream: BinaryIO, known: Stamp) -> None:
    """Refuse a file that is not the one that the index read."""
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


def facts(entries: Iterable[Directive], complete: set[str]) -> Facts:
    """Read a small book; movements of items that are not complete in it are left out, so that none looks open."""
    made = Facts(entries)
    made.moved = [move for move in made.moved if move.movement.item in complete]
    return made
