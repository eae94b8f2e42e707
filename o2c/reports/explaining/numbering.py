"""Numbering taken apart: the documents that used the numbers, and who said what of those that are not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.model import numbering
from o2c.reports import places
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import COUNT
from o2c.reports.numbering import OUTSIDE
from o2c.reports.numbering import USED
from o2c.reports.numbering import VOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from o2c.model.documents import Document
    from o2c.reports.explaining.asked import Asked

HEADLINE = "count"


def explain(asked: Asked) -> Part:
    """Explain a count of numbers: each document that has one, or each number that no document has."""
    state = asked.cell("state")
    if state in {USED, OUTSIDE}:
        parts = [evidence.of_document(asked, doc, doc.doc_id) for doc in asked.once(_documents).get(_key(asked), [])]
        return asked.answer(COUNT, parts, "documents dated in the period")
    said = f"void: {asked.cell('why')}" if state == VOID else "nobody said why"
    return asked.answer(COUNT, [Part(said, number, place=asked.cell("source")) for number in _missing(asked)])


def _key(asked: Asked) -> tuple[str, str]:
    return asked.cell("series"), "" if asked.cell("series") else asked.cell("doc_type")


def _documents(asked: Asked) -> dict[tuple[str, str], list[Document]]:
    """Sort the documents of the period by series; those of none by their type."""
    period = places.days(asked.as_of, asked.options.get("since"), asked.options.get("until"))
    found: dict[tuple[str, str], list[Document]] = {}
    for doc in asked.books.facts.documents():
        if period.holds(doc.date):
            known = [key for _, _, key in _placed(asked, doc.doc_id)] or [("", doc.doc_type)]
            for key in known:
                found.setdefault(key, []).append(doc)
    return found


def _placed(asked: Asked, number: str) -> Iterator[tuple[str, numbering.Place, tuple[str, str]]]:
    """Find the series of a number: pattern, place, and the series as the report writes it."""
    for pattern in sorted(set(asked.once(_patterns).values())):
        place = numbering.place(number, pattern)
        if place:
            yield pattern, place, (pattern.partition("{number")[0].replace("{year}", str(place.year)), "")


def _patterns(asked: Asked) -> Mapping[str, str]:
    try:
        return asked.books.master.company.numbering
    except BooksBroken:  # `o2c check` tells it; then no series is known
        return {}


def _missing(asked: Asked) -> Iterator[str]:
    """Write every number from the first to the last of a row."""
    last = next(place for _, place, key in _placed(asked, asked.cell("last")) if key == _key(asked))
    for pattern, first, key in _placed(asked, asked.cell("first")):
        if key == _key(asked):
            for number in range(first.number, last.number + 1):
                yield numbering.write_number(pattern, first.year, number)
