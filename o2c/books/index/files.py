"""What a ledger file holds, as rows: read fast where it is canonical, by Beancount's parser where it is not."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount
from beancount.core.number import MISSING
from beancount.parser import parser

from o2c.books.index import canonical
from o2c.books.index.rows import Row
from o2c.books.index.rows import Unfit
from o2c.books.index.rows import row
from o2c.model import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beancount.core.data import Directive
    from beancount.core.data import Posting

#: Bits of an entry's id that count entries within a chunk, and chunks within a file; the file's id stands above them.
CHUNK_SHIFT = 16
FILE_SHIFT = 36
_MOST_DIGITS = 15


class Placed(NamedTuple):
    """An entry: byte offset, bytes, line (from 1), and its row."""

    position: int
    size: int
    line: int
    row: Row


class Content(NamedTuple):
    """What a text holds. `fit`: all of it can be kept in an index. `errors`: what Beancount's parser refuses in it.

    `apart`: nothing in it can change how the text before or behind it is read.
    """

    placed: list[Placed]
    includes: tuple[str, ...]
    fit: bool
    errors: int
    apart: bool = True

    @property
    def alone(self) -> bool:
        """Tell whether the text means the same alone as between others that can be read alone."""
        return self.fit and not self.errors and not self.includes and self.apart


class Tables(NamedTuple):
    """The rows of a file as the tables of the index hold them."""

    entries: list[tuple[object, ...]]
    names: list[tuple[object, ...]]
    moves: list[tuple[object, ...]]
    quantities: list[tuple[object, ...]]

    def extend(self, more: Tables) -> None:
        """Add the rows of the next chunk."""
        for own, others in zip(self, more, strict=True):
            own.extend(others)


def digest(text: bytes | memoryview) -> bytes:
    """Tell one content of a file, or of a part of it, from another."""
    return hashlib.sha256(text).digest()


def content(text: bytes, position: int = 0, line: int = 1) -> Content:
    """Give what a text holds; `position` and `line` are those of its beginning in its file."""
    try:
        found, gaps = canonical.scan(text)
    except UnicodeDecodeError:
        found, gaps = [], [canonical.Gap(0, text)]
    lines = _Lines(text)
    placed = [
        Placed(position + one.position, one.size, line + lines.before(one.position), one.row)
        for one in found
        if one.row is not None
    ]
    includes: list[str] = []
    fit, errors = True, 0
    apart = not any(canonical.reaches_out(gap.text) for gap in gaps)
    for gap in gaps:
        try:
            more, included, wrong = _parse(gap.text, position + gap.position, line + lines.before(gap.position))
        except Unfit:
            fit = False
            continue
        placed += more
        includes += included
        errors += wrong
    return Content(sorted(placed) if gaps else placed, tuple(includes), fit, errors, apart)


class _Lines:
    """Counts the lines before increasing positions of a text."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._position = 0
        self._count = 0

    def before(self, position: int) -> int:
        """Count the line feeds before a position; positions mostly come in order."""
        if position < self._position:
            return self._text.count(b"\n", 0, position)
        self._count += self._text.count(b"\n", self._position, position)
        self._position = position
        return self._count


def _parse(text: bytes, position: int, line: int) -> tuple[list[Placed], list[str], int]:
    """Read text with Beancount's parser, entries by their lines."""
    if canonical.PUSHED.search(text):
        raise Unfit
    try:
        entries, errors, options = parser.parse_string(text, "gap")
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unfit from error
    if any(type(entry.meta["lineno"]) is not int for entry in entries):
        raise Unfit  # metadata by hand named `lineno` hide where the entry stands
    starts = [0]
    for part in text.split(b"\n")[:-1]:
        starts.append(starts[-1] + len(part) + 1)
    ordered = sorted(entries, key=lambda entry: int(entry.meta["lineno"]))
    limits = [starts[int(entry.meta["lineno"]) - 1] for entry in ordered] + [len(text)]
    placed = [
        Placed(position + begin, _written(text, begin, end), line + bisect_right(starts, begin) - 1, made)
        for entry, begin, end in zip(ordered, limits, limits[1:], strict=False)
        if (made := row(_amounts_written(entry))) is not None
    ]
    return placed, list(options["include"]), len(errors)


def _written(text: bytes, begin: int, end: int) -> int:
    """Give the length of an entry without the empty lines behind it, which are no part of it wherever it stands."""
    last = begin + len(text[begin:end].rstrip())
    return (text.find(b"\n", last, end) + 1 or end) - begin


def _amounts_written(entry: Directive) -> Directive:
    """Refuse an entry whose items only booking can find: the index reads what is written.

    One amount may be left out, elsewhere than on an item: it is the rest, whatever that is.
    """
    missing = [posting for posting in getattr(entry, "postings", ()) if not _is_complete(posting)]
    if len(missing) > 1 or any(names.is_item_account(one.account) or one.units is not MISSING for one in missing):
        raise Unfit
    return entry


def _is_complete(posting: Posting) -> bool:
    units = posting.units
    return isinstance(units, Amount) and isinstance(units.number, Decimal) and isinstance(units.currency, str)


def tables(file: int, placed: Iterable[Placed], first: int = 0) -> Tables:
    """Turn rows of a file into those of the tables; entries are counted from `first` (chunk and number in it)."""
    made = Tables([], [], [], [])
    base = (file << FILE_SHIFT) + first
    for number, (position, size, line, one) in enumerate(placed):
        key = base + number
        made.entries.append(
            (key, file, position, size, line, one.kind, one.date, one.doc_type, one.doc_id, one.version, one.customer,
             one.key, one.has_lots, *_series(one), one.is_sale, one.made_by),
        )  # fmt: skip
        for name in one.names:
            made.names.append((name, key))
        for move in one.moves:
            made.moves.append((key, one.date, *move, bool(move.due) or (move.item == one.doc_id != "")))
        for quantity in one.quantities:
            made.quantities.append((*quantity, key))
    return made


def _series(one: Row) -> tuple[str, int]:
    """Split a document's number into what stands before its last digits, and these digits as a number."""
    if one.kind != "d":
        return "", 0
    series = one.doc_id.rstrip("0123456789")
    digits = one.doc_id[len(series) :]
    return series, int(digits) if 0 < len(digits) <= _MOST_DIGITS else 0
