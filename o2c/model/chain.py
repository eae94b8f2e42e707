"""The chain of a document, from order to cash: everything that led to it and everything that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.facts import Facts

#: The numbers of the documents that follow from each number.
Follows = dict[str, set[str]]


def chain(facts: Facts, doc_id: str, known: Follows | None = None) -> list[Document | Event]:
    """List the documents and events of a chain, by day; raises NotFound for an unknown number.

    Followed from the document are: its order, the deliveries and invoices of that order, credit notes and reversals of
    those, and what moved their items. A receipt that pays several invoices belongs to the chain of each; the other
    invoices it pays do not. `known` is what `follows` gives for the same facts: who asks for many chains makes it once.
    """
    start = facts.document(doc_id)
    family = _family(facts, follows(facts) if known is None else known, start)
    documents = [version for number in family for version in facts.versions[number]]
    events = [event for number in family for event in facts.events.get(number, [])]
    return sorted([*documents, *events], key=_order)


def items_of(doc: Document) -> set[str]:
    """Name the items that a document opens: under its own number, or with a due date of their own."""
    return {m.item for m in doc.movements if m.item == doc.doc_id or m.due is not None}


def _family(facts: Facts, index: Follows, start: Document) -> set[str]:
    heads = {start.doc_id}
    if start.doc_type not in {names.RECEIPT, names.REFUND, names.ALLOCATION, names.WRITE_OFF}:
        heads |= _origins(facts, start)
    family: set[str] = set()
    waiting = sorted(heads)
    while waiting:
        number = waiting.pop()
        if number in family or number not in facts.versions:
            continue
        family.add(number)
        waiting.extend(index.get(number, ()))
    touched = {name for doc in _all(facts, {start.doc_id}) for name in _touched(doc)}
    return family | {number for number in touched if number in facts.versions}


def _origins(facts: Facts, doc: Document) -> set[str]:
    """Go back from a document to the orders it stems from."""
    found: set[str] = set()
    waiting = [doc.doc_id]
    while waiting:
        number = waiting.pop()
        if number in found or number not in facts.versions:
            continue
        found.add(number)
        for version in facts.versions[number]:
            waiting.extend(_comes_from(version))
    return found


def _comes_from(doc: Document) -> set[str]:
    return {
        name
        for name in {doc.refers, *(line.order for line in doc.lines), *(line.delivery for line in doc.lines)}
        if name
    }


def _touched(doc: Document) -> set[str]:
    return {m.item.split(".")[0] if m.due is None else doc.doc_id for m in doc.movements} | _comes_from(doc)


def follows(facts: Facts) -> Follows:
    """Map each number to the documents that follow from it: that refer to it, or move an item it opened."""
    owner = {item: doc.doc_id for doc in facts.documents() for item in items_of(doc)}
    found: dict[str, set[str]] = {}
    for doc in facts.documents():
        for number in _comes_from(doc) | {owner.get(m.item, m.item) for m in doc.movements}:
            if number != doc.doc_id:
                found.setdefault(number, set()).add(doc.doc_id)
    return found


def _all(facts: Facts, numbers: set[str]) -> Iterator[Document]:
    for number in numbers:
        yield from facts.versions[number]


_STEPS = {name: step for step, name in enumerate(names.DOCUMENT_TYPES)}


def _order(entry: Document | Event) -> tuple[object, ...]:
    if isinstance(entry, Document):
        return (entry.date, 2 * _STEPS.get(entry.doc_type, 99), entry.doc_id, entry.version)
    kind = 1 if entry.kind.startswith("order-") else 99
    return (entry.date, kind, entry.subject, 0)
