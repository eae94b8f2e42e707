"""Rows that are one entry of the books, taken apart: what the document or event at their place says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.money import ZERO
from o2c.reports.acts import amount_of
from o2c.reports.acts import of_items
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import SUM
from o2c.sales.orders import total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.model.documents import Line
    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked


def by_place(asked: Asked) -> Part:
    """Explain a figure of a row that is one entry, at the place in its column `source` (or `event`).

    The amount of a document is what it moved on items (an order: the net of its lines). What an event says is read at
    its place, and so is what no column of money says.
    """
    place, subject = asked.cell("source") or asked.cell("event"), asked.cell("subject")
    found = [entry for entry in asked.once(_entries).get(place, []) if not subject or _number(entry) == subject]
    doc = next((entry for entry in found if isinstance(entry, Document)), None)
    if asked.column.kind != "money" or asked.value == "":
        return asked.answer(None, document=subject, at=place)
    if doc is not None:
        return asked.answer(SUM, of_amount(asked, doc), document=doc.doc_id, at=place)
    moves = [
        move
        for move in asked.once(_by_hand).get(place, [])
        if evidence.customer_of(move) == asked.cell("customer") and move.movement.currency == asked.currency
    ]
    if moves:
        return asked.answer(SUM, evidence.of_moves(asked, moves), at=place)
    event = next((entry for entry in found if isinstance(entry, Event)), None)
    amount = amount_of(event) if event else None
    parts = [evidence.of_event(asked, event, amount.number or ZERO, amount.currency)] if event and amount else []
    return asked.answer(SUM, parts, document=subject, at=place)


def of_amount(asked: Asked, doc: Document) -> list[Part]:
    """Give the movements of a document in the currency of its first, those that owe only where all sum to zero."""
    if doc.doc_type == names.ORDER:
        return [of_line(asked, doc, line) for line in doc.lines]
    currency = doc.movements[0].currency if doc.movements else ""
    nets = of_items(doc)
    is_moved = sum(nets.values(), ZERO) != 0
    mine = [(item, net) for (_, item), net in nets.items() if net > 0 or (net and is_moved)]
    place = asked.place(doc.source)
    return [Part(f"on {item}", net, currency, document=doc.doc_id, place=place) for item, net in mine]


def of_line(asked: Asked, doc: Document, line: Line) -> Part:
    """Give the net of a line of an order."""
    said = f"line {line.number}: {line.quantity:f} {line.sku or line.text}"
    return evidence.of_document(asked, doc, net_of(line), doc.currency, said)


def net_of(line: Line) -> Decimal:
    """Give the net of one line, as the sum of a document with this line alone."""
    return total((line,))


def _entries(asked: Asked) -> dict[str, list[Document | Event]]:
    found: dict[str, list[Document | Event]] = {}
    for entry in _all(asked):
        found.setdefault(asked.place(entry.source), []).append(entry)
    return found


def _all(asked: Asked) -> Iterator[Document | Event]:
    facts = asked.books.facts
    for versions in facts.versions.values():
        yield from versions
    for events in facts.events.values():
        yield from events
    yield from facts.customs


def _by_hand(asked: Asked) -> dict[str, list[Moved]]:
    found: dict[str, list[Moved]] = {}
    for move in asked.books.facts.moved:
        if not move.doc_id:
            found.setdefault(asked.place(move.source), []).append(move)
    return found


def _number(entry: Document | Event) -> str:
    if isinstance(entry, Document):
        return entry.doc_id
    return entry.subject or " ".join(str(value) for value in entry.values[:1])
