"""What is said of an item of which nothing is left: by what it was settled, or used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.cash.standing import key_of
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import names
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.cash.desk import Desk
    from o2c.cash.standing import Standing

_CREDITS = frozenset({names.RECEIPT, names.CREDIT_NOTE})


def no_item(desk: Desk, name: str, customer: str = "") -> Refused:
    """Say that there is no item of a name; of a receipt or credit note, what took all of it when it was posted."""
    doc = desk.books.facts.versions.get(name, [None])[-1]
    if doc is None or doc.doc_type not in _CREDITS or not doc.movements:
        option = f" --customer {customer}" if customer else ""
        return NotFound(f"there is no item {shown(name)}; `o2c report open-items{option}` lists them")
    took = ", ".join(dict.fromkeys(move.item for move in doc.movements))
    return Refused(f"{name} is used up: all of it went to {took} when it was posted; nothing is left of it")


def settled_by(desk: Desk, found: Sequence[Standing]) -> str:
    """Name what moved the items since their own document, like " by RC-2026-0001"; "" where nothing did."""
    moves = [move for one in found for move in desk.moves(key_of(one.item))]
    others = dict.fromkeys(move.doc_id for move in moves if move.doc_id not in {move.movement.item, *_own(found)})
    return f" by {', '.join(others)}" if others else ""


def _own(found: Sequence[Standing]) -> set[str]:
    return {one.item.doc_id for one in found}
