"""Subsequent receipts taken apart: what was open of an item, and each later entry about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.reports import subsequent_receipts
from o2c.reports.explaining import evidence
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.facts import Moved
    from o2c.model.findings import Source
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part

HEADLINE = "still_open"


def explain(asked: Asked) -> Part:
    """Explain what was open, what came after, and what is left."""
    if asked.name == "still_open":
        return asked.answer(
            SUM,
            [explain(asked.at(name)) for name in ("open", *subsequent_receipts.PARTS)],
            "open and all that came after",
        )
    item = _item(asked)
    moves = asked.once(_moves)[item.account, item.item, item.currency]
    if asked.name == "open":
        return asked.answer(SUM, evidence.of_moves(asked, [move for move in moves if move.date <= asked.day]))
    until = asked.options.get("until")
    later = [move for move in moves if move.date > asked.day and (until is None or move.date <= until)]
    return asked.answer(SUM, _parts(asked, later))


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


def _parts(asked: Asked, moves: list[Moved]) -> Iterable[Part]:
    """Give what each later entry adds to the column; of an allocation, as much as it used of credits of that kind."""
    groups: dict[Source, list[Moved]] = {}
    for move in moves:
        groups.setdefault(move.source, []).append(move)
    for source, group in groups.items():
        move, amount = group[-1], sum((one.movement.amount for one in group), ZERO)
        key = (move.movement.account, move.movement.item, move.movement.currency)
        doc = next((one for one in asked.books.facts.versions.get(move.doc_id, ()) if one.source == source), None)
        part = subsequent_receipts.parts(asked.books.facts, doc, key, amount, asked.day).get(asked.name)
        if part:
            yield evidence.of_move(asked, move, part)
