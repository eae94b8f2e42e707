"""Lines of text that hold a table: aligned columns, as wide as they need to be or as wide as a terminal is.

Nothing is ever cut. Where a row does not fit on a line, names wrap; where that is not enough, each row goes over
several lines, the second and later ones indented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.reports.cells import RIGHT
from o2c.reports.cells import safe
from o2c.reports.cells import width
from o2c.reports.cells import written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.reports.table import Row
    from o2c.reports.table import Table

GAP = "  "
INDENT = "  "
#: A wrapped column of text is never narrower than this.
NARROWEST = 12


class Line(NamedTuple):
    """A line and its role: title, header, rule, row or total."""

    role: str
    text: str


class Place(NamedTuple):
    """Where a column goes: its number in the row, its width, and whether it stands at the right."""

    number: int
    width: int
    right: bool


#: Columns that share a line, from left to right.
Band = tuple[Place, ...]


def lay_out(table: Table, room: int | None = None, stroke: str = "-") -> list[Line]:
    """Lay a table out in lines of at most `room` columns (None: as long as needed)."""
    rows = [_cells(row, table) for row in table.rows]
    totals = [_total(row, table) for row in table.totals]
    header = [column.name for column in table.columns]
    bands = _bands(table, [header, *rows, *totals], room)
    lines = [*_lines("title", _wrapped(heading(table), room or len(heading(table)))), Line("title", "")]
    if not rows:
        return [*lines, Line("row", "nothing to show")]
    lines += _lines("header", _row(header, bands))
    rule = [Line("rule", stroke * max(_band_width(band) for band in bands))]
    lines += rule
    lines += [line for row in rows for line in _lines("row", _row(row, bands))]
    return lines + rule + [line for row in totals for line in _lines("total", _row(row, bands))] if totals else lines


def heading(table: Table) -> str:
    """Say in one line what the table shows, as of which day, and how it is counted."""
    day = f" as of {table.as_of}" if table.as_of else ""
    return f"{table.title}{day}" + (f"; {table.basis}" if table.basis else "")


def _lines(role: str, texts: Iterable[str]) -> list[Line]:
    return [Line(role, text) for text in texts]


def _cells(row: Row, table: Table) -> list[str]:
    return [safe(written(row, column)) for column in table.columns]


def _total(row: Row, table: Table) -> list[str]:
    cells = _cells(row, table)
    return cells if cells[0] else ["total", *cells[1:]]


def _bands(table: Table, grid: Sequence[Sequence[str]], room: int | None) -> list[Band]:
    """Find the widths: as needed; with names narrowed to fit; or over several lines."""
    needed = [max(map(width, column)) for column in zip(*grid, strict=True)]
    widths = list(needed)
    room_for_one = room if room is not None else sum(widths) + len(GAP) * len(widths)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - room_for_one
    for index, column in enumerate(table.columns):
        if column.kind == "text" and excess > 0:
            given = min(excess, max(0, widths[index] - max(NARROWEST, width(column.name))))
            widths[index] -= given
            excess -= given
    places = [Place(i, widths[i], column.kind in RIGHT) for i, column in enumerate(table.columns)]
    if excess <= 0:
        return [tuple(places)]
    bands = _broken(places, room_for_one - len(INDENT))
    return [_widened(band, needed, room_for_one - len(INDENT)) for band in bands]


def _broken(places: Sequence[Place], room: int) -> list[Band]:
    """Spread columns over lines: a new one where the figures begin, and where a column does not fit any more."""
    figures = next((place.number for place in places if place.right), 0)
    bands: list[list[Place]] = [[]]
    for place in places:
        fitting = place._replace(width=max(1, min(place.width, room)))
        if bands[-1] and (place.number == figures or _band_width((*bands[-1], fitting)) > room):
            bands.append([])
        bands[-1].append(fitting)
    return [tuple(band) for band in bands]


def _widened(band: Band, needed: Sequence[int], room: int) -> Band:
    """Give the room that is left on a line to its wrapped columns."""
    wider: list[Place] = []
    left = room - _band_width(band)
    for place in band:
        given = min(left, needed[place.number] - place.width)
        wider.append(place._replace(width=place.width + given))
        left -= given
    return tuple(wider)


def _band_width(band: Band) -> int:
    return sum(place.width for place in band) + len(GAP) * (len(band) - 1)


def _row(cells: Sequence[str], bands: Iterable[Band]) -> Iterator[str]:
    for number, band in enumerate(bands):
        lines = (INDENT + line if number else line for line in _band(cells, band))
        yield from (line.rstrip() for line in lines if line.strip())


def _band(cells: Sequence[str], band: Band) -> Iterator[str]:
    parts = [_wrapped(cells[place.number], place.width) for place in band]
    for level in range(max(map(len, parts))):
        texts = [part[level] if level < len(part) else "" for part in parts]
        yield GAP.join(_padded(text, place) for text, place in zip(texts, band, strict=True))


def _padded(text: str, place: Place) -> str:
    space = " " * (place.width - width(text))
    return space + text if place.right else text + space


def _wrapped(text: str, room: int) -> list[str]:
    """Break a text between words, and words that are longer than the room where they end it."""
    if width(text) <= room:
        return [text]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
            continue
        pieces = _pieces(word, room)
        lines = [*lines, *pieces] if lines[-1] else [*lines[:-1], *pieces]
    return lines


def _pieces(word: str, room: int) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces
