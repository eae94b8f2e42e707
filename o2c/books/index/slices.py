"""Reads single entries out of the ledger files, with Beancount's parser, as if they were a small book of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.parser import booking
from beancount.parser import parser

from o2c.model.facts import Facts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from beancount.core.data import Directive

    from o2c.books.index.closure import Piece


def directives(connection: sqlite3.Connection, pieces: Iterable[Piece]) -> list[Directive]:
    """Parse the entries, each with its own file and line; sorted as Beancount sorts."""
    ordered = sorted(pieces)
    paths = dict(connection.execute("select id, path from file"))
    texts = _texts(paths, ordered)
    parsed, errors, _ = parser.parse_string("".join(texts), "slice")
    assert not errors, f"the index does not fit the text: {errors[0]}"
    starts = _starts(texts)
    entries = sorted(parsed, key=lambda entry: int(entry.meta["lineno"]))
    place = 0
    for entry in entries:
        line = int(entry.meta["lineno"])
        while place + 1 < len(starts) and starts[place + 1] <= line:
            place += 1
        piece = ordered[place]
        _move(entry, paths[piece.file], piece.line - starts[place])
    return sorted(entries, key=data.entry_sortkey)


def _texts(paths: dict[int, str], ordered: list[Piece]) -> list[str]:
    """Cut the pieces out of their files, each file opened once."""
    texts = [""] * len(ordered)
    by_file: dict[int, list[int]] = {}
    for number, piece in enumerate(ordered):
        by_file.setdefault(piece.file, []).append(number)
    for file, numbers in by_file.items():
        with Path(paths[file]).open("rb") as stream:
            for number in sorted(numbers, key=lambda one: ordered[one].position):
                stream.seek(ordered[number].position)
                text = stream.read(ordered[number].size).decode()
                texts[number] = text if text.endswith("\n") else text + "\n"
    return texts


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
    """Book the lots of a small book that holds all movements of its lots."""
    if not any(posting.cost for entry in entries for posting in getattr(entry, "postings", ())):
        return entries
    result, errors = booking.book(entries, options)
    assert not errors, f"the index does not hold all movements of a lot: {errors[0].message}"
    return list(result)


def facts(entries: Iterable[Directive], complete: set[str]) -> Facts:
    """Read a small book; movements of items that are not complete in it are left out, so that none looks open."""
    made = Facts(entries)
    made.moved = [move for move in made.moved if move.movement.item in complete]
    return made
