"""Cuts a ledger text into chunks of entries, so that after an edit only the chunks around it are read again.

A chunk begins at the beginning of the file, or at a line that begins with a date; the text right before decides whether
one does. So an edit moves no cut but those near it, wherever it pushes the rest of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple
from zlib import crc32

from o2c.books.index.files import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

#: No chunk but the last is shorter (bytes).
SHORTEST = 16_384
#: Of so many entries one begins a chunk: with entries of 750 bytes a chunk has about 64,000.
ONE_IN = 64
#: So many bytes before an entry decide whether it begins a chunk.
_WINDOW = 256
_ENTRY = re.compile(rb"\n(?=20[0-9]{2}[-/])")


class Chunk(NamedTuple):
    """A chunk as the index knows it: place in bytes and lines (from 1), its entries there, and what tells its text."""

    id: int
    position: int
    size: int
    line: int
    lines: int
    entries: int
    hash: bytes


class Part(NamedTuple):
    """A chunk of a text: offset, bytes, and what tells its text.

    `old` is the known chunk whose entries it has; it has more of them where it is larger than `old`.
    """

    position: int
    size: int
    hash: bytes
    old: Chunk | None = None

    @property
    def unread(self) -> int:
        """Count the bytes at its end that are not known."""
        return self.size - (self.old.size if self.old else 0)


def end(text: bytes, start: int) -> int:
    """Find where the chunk that begins at `start` ends; the end of the text, where nothing says otherwise."""
    for match in _ENTRY.finditer(text, start + SHORTEST):
        at = match.end()
        if crc32(text[max(0, at - _WINDOW) : at]) % ONE_IN == 0:
            return at
    return len(text)


def compare(text: bytes, known: Sequence[Chunk] = ()) -> list[Part]:
    """Cut a text, and find the known chunks (in the order of their file) in it, each at most once."""
    left, view = _Left(known), memoryview(text)
    found: list[Part] = []
    position = 0
    while position < len(text):
        found.append(left.here(text, view, position) or left.anywhere(text, view, position))
        position += found[-1].size
    return found


class _Left:
    """The known chunks that were not found yet."""

    def __init__(self, known: Sequence[Chunk]) -> None:
        self._known = known
        self._next = 0
        self._used: set[int] = set()
        self._by_hash: dict[bytes, list[int]] = {}
        for number in reversed(range(len(known))):
            self._by_hash.setdefault(known[number].hash, []).append(number)

    def here(self, text: bytes, view: memoryview, position: int) -> Part | None:
        """Find the chunk that comes next in the old file at this place: most of a file stays as it was."""
        chunk = self._expected()
        if chunk is None or not _ends_at_entry(text, position + chunk.size) or not _stands(view, position, chunk):
            return None
        return Part(position, chunk.size, chunk.hash, self._take(self._next))

    def anywhere(self, text: bytes, view: memoryview, position: int) -> Part:
        """Cut a chunk; it may be a known one from elsewhere, or the next one with more behind it."""
        size = end(text, position) - position
        hash_ = digest(view[position : position + size])
        same = self._by_hash.get(hash_, [])
        while same and same[-1] in self._used:
            same.pop()
        if same:
            return Part(position, size, hash_, self._take(same[-1]))
        chunk = self._expected()
        if chunk is not None and chunk.size < size and _is_grown(text, view, position, chunk):
            return Part(position, size, hash_, self._take(self._next))
        self._next += 1
        return Part(position, size, hash_)

    def _expected(self) -> Chunk | None:
        is_left = self._next < len(self._known) and self._next not in self._used
        return self._known[self._next] if is_left else None

    def _take(self, number: int) -> Chunk:
        self._used.add(number)
        self._next = number + 1
        return self._known[number]


def _ends_at_entry(text: bytes, at: int) -> bool:
    return at == len(text) or _ENTRY.match(text, at - 1) is not None


def _stands(view: memoryview, position: int, chunk: Chunk) -> bool:
    return digest(view[position : position + chunk.size]) == chunk.hash


def _is_grown(text: bytes, view: memoryview, position: int, chunk: Chunk) -> bool:
    """Tell whether a chunk stands here with an empty line behind it: what follows can be read alone."""
    at = position + chunk.size
    return text[at - 1 : at + 1] == b"\n\n" and _stands(view, position, chunk)
