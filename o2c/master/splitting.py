"""Splitting a YAML text at the keys of a mapping without reading it, so that one record can be read alone.

Only the plain form is split, as people and our own writer write it: each key a bare code at the beginning of its line.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CODE = "[A-Za-z0-9][A-Za-z0-9._-]*"
_CONTENT = re.compile(r"\n( *)[^ \r\n#]")


class Piece(NamedTuple):
    """An entry of a mapping in a text, as offsets: where its line begins, what is behind its colon, where it ends."""

    start: int
    value: int
    end: int


def split(text: str, start: int = 0, end: int | None = None) -> dict[str, Piece] | None:
    """Split a block mapping at its keys, in their order; None when it is written in any other form.

    `start` is behind the colon of the mapping's own key, or at the line feed put before the text of a whole file.
    """
    stop = len(text) if end is None else end
    first = _CONTENT.search(text, start, stop)
    if not _is_blank(text[start : first.start() if first else stop]):
        return None
    found = list(_lines(len(first[1])).finditer(text, first.start(), stop)) if first else []
    keys = [line[1] for line in found]
    starts = [line.start() + 1 for line in found]
    if None in keys or len(set(keys)) < len(keys) or (first and starts[:1] != [first.start() + 1]):
        return None
    values = [line.end() for line in found]
    return dict(zip(keys, map(Piece, starts, values, [*starts[1:], stop]), strict=False))


def keys(text: str) -> list[str] | None:
    """Give the keys that `split` finds in the text of a whole file, without their places: in a quarter of its time."""
    first = _CONTENT.search(text)
    if not _is_blank(text[: first.start() if first else len(text)]):
        return None
    if first is None:
        return []
    lines = _lines(len(first[1]))
    found: list[str] = lines.findall(text, first.start())
    if not lines.match(text, first.start()) or "" in found or len(set(found)) < len(found):
        return None
    return found


def piece(text: str, key: str) -> Piece:
    """Find the entry of one of the `keys` of a text; raises KeyError for another."""
    first = _CONTENT.search(text)
    indent = len(first[1]) if first else 0
    line = re.compile(rf"\n {{{indent}}}{re.escape(key)}:(?=[ \r\n]|\Z)").search(text)
    if line is None:
        raise KeyError(key)
    following = _lines(indent).search(text, line.end())
    return Piece(line.start() + 1, line.end(), following.start() + 1 if following else len(text))


def line_of(text: str, piece: Piece) -> int:
    """Give the line of an entry, from 1, in a text with a line feed put before it."""
    return text.count("\n", 0, piece.start)


def _is_blank(behind_colon: str) -> bool:
    """Tell whether nothing but a comment stands behind a colon; the lines below are known to be blank or comments."""
    return behind_colon.partition("\n")[0].strip(" \r")[:1] in {"", "#"}


def _lines(indent: int) -> re.Pattern[str]:
    """Match lines indented so far (group 1: their code) or less; blanks, comments and `- ` are part of an entry."""
    return re.compile(rf"\n(?= {{0,{indent}}}(?!-[ \r\n])[^ \r\n#])(?: {{{indent}}}({_CODE}):(?=[ \r\n]|\Z))?")
