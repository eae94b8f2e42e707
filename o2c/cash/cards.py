"""The cards of the items: all movements of each, found by its key, by its name, or by a document that moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import items as open_items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.facts import Moved
    from o2c.model.items import ItemKey


class Cards:
    """One card for each item, in the order of the books; made in one pass, asked as often as needed."""

    def __init__(self, moved: Iterable[Moved]) -> None:
        """Sort the movements by item."""
        self._cards: dict[ItemKey, list[Moved]] = {}
        self._named: dict[str, dict[ItemKey, None]] = {}
        for move in moved:
            self.add(move)

    def add(self, move: Moved) -> None:
        """Write a movement on the card of its item."""
        movement = move.movement
        key = (movement.account, movement.item, movement.currency)
        self._cards.setdefault(key, []).append(move)
        for name in (movement.item, move.doc_id):
            self._named.setdefault(name, {})[key] = None

    def moves(self, key: ItemKey) -> list[Moved]:
        """List the movements of an item; none where there is no such item."""
        return self._cards.get(key, [])

    def find(self, name: str) -> list[ItemKey]:
        """Find the items that a person means by a name: the item itself, or all instalments of a document."""
        known = {key: open_items.items(self._cards[key])[key] for key in self._named.get(name, {})}
        return [(item.account, item.item, item.currency) for item in open_items.find(known, name)]
