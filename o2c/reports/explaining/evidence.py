"""Parts that stand in the ledger: movements, open items, documents and events, each with its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.books.index.movements import movements
from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.model.items import ItemKey
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.table import Cell


def of_moves(asked: Asked, moves: Iterable[Moved], *, sign: int = 1) -> list[Part]:
    """Give one part per document for what it moved, in the currency of the movements."""
    sums: dict[object, tuple[Moved, Decimal]] = {}
    for move in moves:
        key = (move.source, move.doc_id, move.movement.currency)
        sums[key] = (move, (sums[key][1] if key in sums else ZERO) + sign * move.movement.amount)
    return [of_move(asked, move, amount) for move, amount in sums.values() if amount]


def of_move(asked: Asked, move: Moved, amount: Decimal) -> Part:
    """Give the part for an amount that an entry moved."""
    said = f"{move.doc_type or 'entry by hand'} of {move.date}"
    return Part(said, amount, move.movement.currency, document=move.doc_id, place=asked.place(move.source))


def of_document(asked: Asked, doc: Document, value: Cell, unit: str = "", said: str = "") -> Part:
    """Give the part for what a document says."""
    return Part(
        said or f"{doc.doc_type} of {doc.date}", value, unit, document=doc.doc_id, place=asked.place(doc.source)
    )


def of_event(asked: Asked, event: Event, value: Cell, unit: str = "") -> Part:
    """Give the part for what a note or another event says."""
    return Part(f"{event.kind} of {event.date}", value, unit, document=event.subject, place=asked.place(event.source))


def of_item(asked: Asked, item: Item, day: date) -> Part:
    """Give the part for what is open of an item at the end of a day, made of what moved it."""
    moves = asked.once(moves_of_items, day)[item.account, item.item, item.currency]
    parts = of_moves(asked, moves)
    said, number = f"{item.item} due {item.due}", item.doc_id or item.item
    if len(parts) == 1:
        return parts[0]._replace(what=said, document=number)
    at = asked.place(item.source)
    return made(said, SUM, parts, item.currency, formula="what moved it", document=number, at=at)


def of_items(asked: Asked, day: date, wanted: Callable[[Item], bool]) -> list[Part]:
    """Give the parts for the items that are open at the end of a day and wanted."""
    return [of_item(asked, item, day) for item in asked.once(open_items, day) if wanted(item)]


def open_items(asked: Asked, day: date) -> list[Item]:
    """List what is open at the end of a day, of those whom the report looks at."""
    return asked.chosen.open_items(day)


def moves_of_items(asked: Asked, day: date) -> dict[ItemKey, list[Moved]]:
    """Sort what moved up to and with a day by the items."""
    found: dict[ItemKey, list[Moved]] = {}
    name = asked.cell("customer") if asked.is_alone else ""
    books = asked.books.about(name, since=day) if name else movements(asked.books, day)
    for move in books.facts.moved:
        if move.date <= day:
            found.setdefault((move.movement.account, move.movement.item, move.movement.currency), []).append(move)
    return found


def receivables(asked: Asked, day: date, currency: str, said: str = "") -> Part:
    """Give what customers owe at the end of a day, net of deposits and unused credits, by item."""
    parts = of_items(asked, day, lambda item: item.currency == currency)
    return made(said or f"receivables at the end of {day}", SUM, parts, currency, formula="all open items")


def customer_of(move: Moved) -> str:
    """Name the customer of a movement."""
    return names.customer_of(move.movement.account)


def within(moves: Iterable[Moved], first: date, last: date) -> Sequence[Moved]:
    """List the movements of some days, both ends included."""
    return [move for move in moves if first <= move.date <= last]
