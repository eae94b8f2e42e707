"""What a document is worth to an insight: all that is open of it, all that it moved, or a part that a rule names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import NEGATED
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import number as number_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked


def of_document(asked: Asked, number: str, money: Decimal, shows: str) -> Part:
    """Give the part for the money of an item or document, above zero; of a part of it, what the rule says."""
    for parts in (_open(asked, number), evidence.of_moves(asked, asked.once(_moves).get((number, asked.currency), []))):
        net = sum((number_of(one.value) for one in parts), ZERO)
        if parts and abs(net) == money:
            return made(f"{number}: {shows}", SUM if net > 0 else NEGATED, parts, asked.currency, document=number)
    place = next((asked.place(doc.source) for doc in asked.books.facts.versions.get(number, ())), "")
    return Part(f"{number}: {shows}", money, asked.currency, document=number, place=place)


def _open(asked: Asked, number: str) -> Sequence[Part]:
    wanted = (one for one in asked.once(evidence.open_items, asked.day) if one.item == number)
    return [evidence.of_item(asked, one, asked.day) for one in wanted if one.currency == asked.currency]


def _moves(asked: Asked) -> dict[tuple[str, str], list[Moved]]:
    found: dict[tuple[str, str], list[Moved]] = {}
    for move in asked.chosen.moved(asked.day):
        if move.doc_id:
            found.setdefault((move.doc_id, move.movement.currency), []).append(move)
    return found
