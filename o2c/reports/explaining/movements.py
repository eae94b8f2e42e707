"""Movements taken apart: the postings of an entry on the items of one customer, and its exchange differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports.explaining.evidence import customer_of
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM
from o2c.reports.flows import FX
from o2c.reports.flows import flows

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.model.documents import Movement
    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.flows import Flow
    from o2c.reports.flows import Key

HEADLINE = "amount"


def explain(asked: Asked) -> Part:
    """Explain what an entry moved by its postings on items; with exchange differences, less these."""
    place = asked.cell("source")
    moves = [move for move in asked.once(_by_place).get(place, []) if _is_of_row(asked, move)]
    valued = bool(asked.options.get("valued"))
    parts = [_part(asked, move, _worth(move.movement, valued=valued)) for move in moves]
    differences = [_difference(asked, flow) for flow in asked.once(_flows).get(place, []) if _is_row(asked, flow.key)]
    found = [part for part in differences if part.value]
    if asked.name == "fx":
        return asked.answer(SUM, found, at=place)
    if asked.cell("column") == FX:
        return asked.answer(SUM, (), "all of it is an exchange difference", at=place)
    if not found:
        return asked.answer(SUM, parts, at=place)
    moved = made("moved on items", SUM, parts, asked.currency)
    return asked.answer(LESS, (moved, *found), "postings on items less exchange differences", at=place)


def _is_of_row(asked: Asked, move: Moved) -> bool:
    same = move.doc_id == asked.cell("document") and customer_of(move) == asked.cell("customer")
    return same and move.movement.currency == asked.cell("item_currency")


def _is_row(asked: Asked, key: Key) -> bool:
    return key == (asked.cell("customer"), asked.cell("item_currency"), asked.currency)


def _worth(movement: Movement, *, valued: bool) -> Decimal:
    carrying = movement.carrying if valued else None
    return carrying.number or ZERO if carrying is not None else movement.amount


def _part(asked: Asked, move: Moved, worth: Decimal) -> Part:
    said = f"on {move.movement.item}"
    return Part(said, worth, asked.currency, document=move.doc_id, place=asked.place(move.source))


def _difference(asked: Asked, flow: Flow) -> Part:
    place = asked.place(flow.source)
    return Part("exchange difference", flow.fx, asked.currency, document=flow.doc_id, place=place)


def _by_place(asked: Asked) -> dict[str, list[Moved]]:
    found: dict[str, list[Moved]] = {}
    for move in asked.books.facts.moved:
        found.setdefault(asked.place(move.source), []).append(move)
    return found


def _flows(asked: Asked) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in flows(asked.books.facts, valued=bool(asked.options.get("valued"))):
        found.setdefault(asked.place(flow.source), []).append(flow)
    return found
