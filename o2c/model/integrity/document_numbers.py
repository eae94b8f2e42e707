"""Every document has a known type and a number of its own, and belongs to one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import is_number
from o2c.model.integrity.sheet import title
from o2c.model.integrity.sheet import word
from o2c.model.money import shown
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Transaction

    from o2c.model.findings import Finding
    from o2c.model.integrity.sheet import Sheet

NAME = "document-numbers"
_TYPES = frozenset(names.DOCUMENT_TYPES)


def document_numbers(sheet: Sheet) -> list[Finding]:
    """Find documents without a number or type, with illegal or repeated numbers, and with two customers.

    A number may repeat only as another version of the same document (an amended order).
    """
    findings = [finding for entry in sheet.documents for finding in _one(entry)]
    for doc_id, entries in sheet.numbered.items():
        if doc_id and len(entries) > 1:
            findings.extend(_repeated(doc_id, entries))
    return [*findings, *_two_customers(sheet)]


def _one(entry: Transaction) -> Iterator[Finding]:
    doc_type, doc_id = word(entry, "doc-type"), word(entry, "doc-id")
    if not doc_id:
        yield found(NAME, entry, f'{title(entry)} has no number; add `doc-id: "..."`, in quotes')
    elif not is_number(doc_id):
        yield found(
            NAME, entry, f"doc-id {shown(doc_id)} has illegal characters; write capitals, digits, '.', '_', '-'"
        )
    if doc_type not in _TYPES:
        known = ", ".join(names.DOCUMENT_TYPES)
        yield found(NAME, entry, f"{title(entry)} has the unknown doc-type {shown(doc_type)}; write one of {known}")


def _two_customers(sheet: Sheet) -> Iterator[Finding]:
    first: dict[int, str] = {}
    for move in sheet.moves:
        other = first.setdefault(id(move.entry), move.customer)
        if other != move.customer and "doc-type" in move.entry.meta:
            both = f"{other} and {move.customer}"
            yield found(
                NAME, move.entry, f"{title(move.entry)} moves items of {both}; make one document for each customer"
            )


def _repeated(doc_id: str, entries: list[Transaction]) -> Iterator[Finding]:
    first: dict[object, Transaction] = {}
    for entry in entries:
        version = entry.meta.get("version") or 1
        if version in first:
            place = source(first[version])
            yield found(
                NAME, entry, f"the number {doc_id} is used already at {place}; give this document its own number"
            )
        elif first and word(entry, "doc-type") != word(entries[0], "doc-type"):
            kind = word(entries[0], "doc-type")
            yield found(NAME, entry, f"the number {doc_id} belongs to the {kind} at {source(entries[0])}; use another")
        first.setdefault(version, entry)
