"""Subsequent receipts taken apart: what was open of an item, and each later entry about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.items import items
from o2c.reports.explaining import evidence
from o2c.reports.explaining.rules import SUM
from o2c.reports.flows import cause_of

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part

HEADLINE = "still_open"
_PART = {"receipts": "received", "credit_notes": "credited", "write_offs": "written_off"}
_PARTS = ("open", "received", "credited", "written_off", "other")


def explain(asked: Asked) -> Part:
    """Explain what was open, what came after, and what is left."""
    if asked.name == "still_open":
        return asked.answer(SUM, [explain(asked.at(name)) for name in _PARTS], "open and all that came after")
    item = _item(asked)
    moves = asked.once(_moves)[item.account, item.item, item.currency]
    if asked.name == "open":
        return asked.answer(SUM, evidence.of_moves(asked, [move for move in moves if move.date <= asked.day]))
    until = asked.options.get("until")
    later = [move for move in moves if move.date > asked.day and (until is None or move.date <= until)]
    mine = [move for move in later if _part(asked, move) == asked.name]
    return asked.answer(SUM, evidence.of_moves(asked, mine))


def _item(asked: Asked) -> Item:
    place, name = asked.cell("source"), (asked.cell("customer"), asked.cell("item"), asked.currency)
    found = asked.once(_items)[name]
    same = [item for item in found if asked.place(item.source) == place] or found
    return next((item for item in same if item.open == asked.row["open"]), same[0])


def _items(asked: Asked) -> dict[tuple[str, str, str], list[Item]]:
    found: dict[tuple[str, str, str], list[Item]] = {}
    for item in items(asked.books.facts.moved, asked.day).values():
        if item.open > 0:
            found.setdefault((item.customer, item.item, item.currency), []).append(item)
    return found


def _moves(asked: Asked) -> dict[tuple[str, str, str], list[Moved]]:
    found: dict[tuple[str, str, str], list[Moved]] = {}
    for move in asked.books.facts.moved:
        found.setdefault((move.movement.account, move.movement.item, move.movement.currency), []).append(move)
    return found


def _part(asked: Asked, move: Moved) -> str:
    """Name the column of a later movement; money that came after the day counts as received, also when allocated."""
    versions = asked.books.facts.versions
    doc = next((one for one in versions.get(move.doc_id, ()) if one.source == move.source), None)
    if doc is None or doc.doc_type != names.ALLOCATION:
        return _PART.get(cause_of(asked.books.facts, doc), "other")
    used: list[Document] = [
        one for m in doc.movements if m.account.startswith(names.DEPOSITS) for one in versions.get(m.item, ())
    ]
    fresh = bool(used) and all(one.doc_type == names.RECEIPT and one.date > asked.day for one in used)
    return "received" if fresh else "other"
