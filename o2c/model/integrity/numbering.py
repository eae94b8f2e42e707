"""Numbers run without gaps in each series and fiscal year, and invoices do not go back in time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from o2c.model import numbering as series
from o2c.model.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts

NAME = "numbering"
VOID = "o2c-void"
_MOST_GAPS = 20


def numbering(facts: Facts, patterns: Mapping[str, str]) -> list[Finding]:
    """Find gaps, steps back in time and unexplained voids.

    `patterns` by document type, such as `INV-{year}-{number:04d}`. A number that was lost is explained by
    `2026-03-01 custom "o2c-void" "INV-2026-0007"` with `why:`; a second number there voids all from the first to it
    (the numbers used before the books began). Numbers of other shapes belong to no series.
    """
    documents = facts.documents()
    voids = [event for event in facts.customs if event.kind == VOID]
    findings = [*_unexplained(voids), *_used_voids(voids, facts)]
    for pattern in sorted(set(patterns.values())):
        doc_types = {doc_type for doc_type, own in patterns.items() if own == pattern}
        findings += _series(pattern, doc_types, documents, voids)
    return findings


def _series(
    pattern: str, doc_types: set[str], documents: Iterable[Document], voids: Iterable[Event]
) -> Iterator[Finding]:
    own: dict[int, dict[int, Document]] = {}
    explained: dict[int, set[int]] = {}
    for doc in documents:
        place = series.place(doc.doc_id, pattern)
        if place:
            explained.setdefault(place.year, set()).add(place.number)
            if doc.doc_type in doc_types:
                own.setdefault(place.year, {})[place.number] = doc
    for event in voids:
        for place in _voided(event, pattern):
            explained.setdefault(place.year, set()).add(place.number)
    for year, numbered in sorted(own.items()):
        ordered = [numbered[number] for number in sorted(numbered)]
        yield from _gaps(pattern, year, ordered[-1], max(numbered), explained[year])
        yield from _steps_back([doc for doc in ordered if doc.doc_type in series.MONOTONE])


def _voided(event: Event, pattern: str) -> list[series.Place]:
    places = [series.place(str(value), pattern) for value in event.values[:2]]
    match places:
        case [series.Place() as only]:
            return [only]
        case [series.Place() as first, series.Place() as last] if first.year == last.year:
            return [series.Place(first.year, number) for number in range(first.number, last.number + 1)]
    return []


def _gaps(pattern: str, year: int, last: Document, highest: int, explained: set[int]) -> Iterator[Finding]:
    missing = sorted(set(range(1, highest + 1)) - explained)
    for start, end in _runs(missing)[:_MOST_GAPS]:
        first, final = (series.write_number(pattern, year, number) for number in (start, end))
        what = first if start == end else f"{first} to {final}"
        values = f'"{first}"' if start == end else f'"{first}" "{final}"'
        yield Finding(
            NAME,
            last.source,
            f"{what} missing, though there is {last.doc_id}; find the document, "
            f'or explain it: {last.date} custom "{VOID}" {values} with `why: "..."`',
        )


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Join numbers that follow each other: 3, 4, 5, 9 are 3-5 and 9-9."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _steps_back(ordered: Sequence[Document]) -> Iterator[Finding]:
    for before, after in itertools.pairwise(ordered):
        if after.date < before.date:
            said = f"{after.doc_id} is dated {after.date}, before {before.doc_id} of {before.date}"
            yield Finding(NAME, after.source, f"{said}; dates must rise with numbers: correct the date")


def _unexplained(voids: Iterable[Event]) -> Iterator[Finding]:
    for event in voids:
        if not event.act.why:
            yield Finding(NAME, event.source, f'the void of {_values(event)} gives no reason; add `why: "..."`')


def _used_voids(voids: Iterable[Event], facts: Facts) -> Iterator[Finding]:
    for event in voids:
        for value in event.values[:1]:
            if value in facts.versions:
                place = facts.versions[str(value)][0].source
                yield Finding(NAME, event.source, f"{value} is voided here and used at {place}; remove one of them")


def _values(event: Event) -> str:
    return " ".join(str(value) for value in event.values) or "(no number)"
