"""Numbering: which numbers of each series were used, which came to nothing and why, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BooksBroken
from o2c.model import numbering
from o2c.reports import places
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.books.loaded import Numbered
    from o2c.model.documents import Event
    from o2c.reports.table import Row

USED = "used"
VOID = "void"
MISSING = "missing"
OUTSIDE = "no series"
COLUMNS = (
    Column("series", "code"),
    Column("doc_type", "text"),
    Column("state", "code"),
    Column("first", "code"),
    Column("last", "code"),
    Column("count", "count"),
    Column("why", "text"),
    Column("by", "text"),
    Column("source", "code"),
)

#: So many first letters tell most series apart.
_START = 2


class _Series(NamedTuple):
    """A pattern and a fiscal year; `numbers` are those of its documents through the last day, `voids` those voided."""

    pattern: str
    year: int
    doc_types: str
    numbers: dict[int, Numbered]
    voids: dict[int, Event]

    def write(self, number: int) -> str:
        """Write a number of the series."""
        return numbering.write_number(self.pattern, self.year, number)


def report(books: Books, as_of: date, *, since: date | None = None, until: date | None = None) -> Table:
    """List for each series what was used in a period, with every number that is not used.

    The period is `since` to `until`, both inclusive: without them the month of `as_of`, up to it. A series covers the
    numbers after the last one used before the period (and lower ones, where a document was dated later) up to the last.
    `used`: first, last and how many; `void`: with who and why; `missing`: nobody said why. `no series` counts
    documents with numbers of other shapes, such as imported ones.
    """
    first, last = places.days(as_of, since, until)
    patterns = _patterns(books)
    documents = list(books.numbered(last))
    voids = [event for event in books.customs("o2c-void") if event.date <= last]
    rows: list[Row] = []
    for one in _all_series(patterns, documents, voids):
        rows += _rows(books, one, first)
    rows += _outside(patterns, [doc for doc in documents if doc.date >= first])
    return Table("numbering", "Numbering", last, _basis(first, last, patterns), COLUMNS, tuple(rows))


def _basis(first: date, last: date, patterns: Mapping[str, str]) -> str:
    unknown = "" if patterns else "; company.yaml cannot be read, so no series is known"
    return f"{first} to {last}, and every number since the last one before{unknown}"


def _patterns(books: Books) -> Mapping[str, str]:
    try:
        return books.master.company.numbering
    except BooksBroken:  # `o2c check` tells it; the basis says what it means here
        return {}


def _all_series(
    patterns: Mapping[str, str], documents: Sequence[Numbered], voids: Sequence[Event]
) -> Iterator[_Series]:
    by_start: dict[str, list[Numbered]] = {}
    for doc in documents:
        by_start.setdefault(doc.doc_id[:_START], []).append(doc)
    for pattern in sorted(set(patterns.values())):
        doc_types = ", ".join(sorted(doc_type for doc_type, own in patterns.items() if own == pattern))
        years: dict[int, _Series] = {}
        prefix = pattern.partition("{")[0]
        for doc in by_start.get(prefix[:_START], ()) if len(prefix) >= _START else documents:
            place = numbering.place(doc.doc_id, pattern) if doc.doc_id.startswith(prefix) else None
            if place:
                one = years.setdefault(place.year, _Series(pattern, place.year, doc_types, {}, {}))
                one.numbers[place.number] = doc
        for event in voids:
            for place in _voided(event, pattern):
                one = years.setdefault(place.year, _Series(pattern, place.year, doc_types, {}, {}))
                one.voids[place.number] = event
        yield from (years[year] for year in sorted(years))


def _voided(event: Event, pattern: str) -> list[numbering.Place]:
    match [numbering.place(str(value), pattern) for value in event.values[:2]]:
        case [numbering.Place() as only]:
            return [only]
        case [numbering.Place() as start, numbering.Place() as end] if start.year == end.year:
            return [numbering.Place(start.year, number) for number in range(start.number, end.number + 1)]
    return []


def _rows(books: Books, one: _Series, first: date) -> Iterator[Row]:
    known: dict[int, Numbered | Event] = {**one.voids, **one.numbers}
    own = [number for number, doc in known.items() if doc.date >= first]
    if not own:
        return
    before = max((number for number, doc in known.items() if doc.date < first), default=0)
    span = range(min(*own, before + 1), max(known) + 1)
    used = sorted(number for number in own if number in one.numbers)
    if used:
        place = places.place(books, one.numbers[used[-1]].source)
        yield {**_row(one, USED, used[0], used[-1], len(used)), "source": place}
    voided = [number for number in span if number in one.voids and number not in one.numbers]
    for start, end in _runs(voided, one.voids):
        event = one.voids[start]
        said = {"why": event.act.why, "by": event.act.by, "source": places.place(books, event.source)}
        yield {**_row(one, VOID, start, end, end - start + 1), **said}
    for start, end in _runs([number for number in span if number not in known]):
        yield _row(one, MISSING, start, end, end - start + 1)


def _row(one: _Series, state: str, first: int, last: int, count: int) -> Row:
    series = one.pattern.partition("{number")[0].replace("{year}", str(one.year))
    return {
        "series": series,
        "doc_type": one.doc_types,
        "state": state,
        "first": one.write(first),
        "last": one.write(last),
        "count": count,
        "why": "",
        "by": "",
        "source": "",
    }


def _runs(numbers: Sequence[int], events: Mapping[int, Event] | None = None) -> list[tuple[int, int]]:
    """Join numbers that follow each other, and that one event explains."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1 and (events is None or events[number] is events[number - 1]):
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _outside(patterns: Mapping[str, str], documents: Iterable[Numbered]) -> Iterator[Row]:
    counts: dict[str, int] = {}
    distinct = sorted(set(patterns.values()))
    for doc in documents:
        if not any(numbering.place(doc.doc_id, pattern) for pattern in distinct):
            counts[doc.doc_type] = counts.get(doc.doc_type, 0) + 1
    empty = dict.fromkeys(("series", "first", "last", "why", "by", "source"), "")
    for doc_type, count in sorted(counts.items()):
        yield {**empty, "doc_type": doc_type, "state": OUTSIDE, "count": count}
