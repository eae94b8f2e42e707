"""Everything dated from one day to another, cut out of large books, so that a report over a month reads a month."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core import data
from beancount.core.amount import Amount

from o2c.books.index import closure
from o2c.books.index import slices
from o2c.books.index import store
from o2c.model import names
from o2c.model.facts import Facts
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from collections.abc import Iterator
    from datetime import date as Date
    from typing import Any

    from beancount.core.data import Directive

    from o2c.books.index.closure import Piece
    from o2c.model.facts import Moved

#: Documents that speak of others, whose day may lie before.
_BACK = frozenset({names.REVERSAL, names.ALLOCATION})


class Wanted(NamedTuple):
    """Which days, both inclusive; of whom, documents of which types (None: all); whether with movements of items."""

    first: Date
    last: Date
    customers: Collection[str] | None
    doc_types: Collection[str] | None
    with_items: bool


def cut_out(connection: sqlite3.Connection, options: dict[str, Any], wanted: Wanted) -> tuple[list[Directive], Facts]:
    """Read the entries of these days, and what they refer to. Raises Torn where they cannot be read alone.

    Events are those about the same documents of all days, customs are all there are. Of movements, those of these days
    are complete; with items, so are all of the items that were moved in these days.
    """
    with store.reading(connection), no_collection():
        found = {piece.id: piece for piece in closure.dated(connection, *wanted[:4])}
        moved = set(closure.moved(connection, *wanted[:3])) if wanted.with_items else None
        _add_what_they_name(connection, found, moved)
        found |= {piece.id: piece for piece in closure.events(connection, names.CUSTOMS)}
        entries = slices.directives(connection, found.values())
    entries = slices.booked(entries, options) if wanted.with_items else _completed(entries, options)
    facts = Facts(entries)
    facts.moved = list(_kept(facts.moved, wanted, moved or set()))
    return entries, facts


def _add_what_they_name(
    connection: sqlite3.Connection, found: dict[int, Piece], moved: set[closure.ItemKey] | None
) -> None:
    """Add other versions and events of the documents, what reversals and allocations refer to, and items' movements."""
    if moved is not None:
        items = {item for _, item, _ in moved if item}
        _add(found, closure.named(connection, items))
        _add(found, closure.about(connection, items))
        _add(found, closure.without_item(connection, {account for account, item, _ in moved if not item}))
    fresh = list(found.values())
    while fresh:
        own = {piece.doc_id for piece in fresh if piece.doc_id}
        back = [piece for piece in fresh if piece.doc_type in _BACK or (moved is not None and piece.lots)]
        fresh = _add(found, closure.named(connection, own | set(closure.names_in(connection, back))))


def _add(found: dict[int, Piece], more: Iterator[Piece]) -> list[Piece]:
    fresh = [piece for piece in more if piece.id not in found]
    found |= {piece.id: piece for piece in fresh}
    return fresh


def _kept(moved: list[Moved], wanted: Wanted, complete: set[closure.ItemKey]) -> Iterator[Moved]:
    """Leave out movements of other days, unless all those of their item are here."""
    for move in moved:
        key = (move.movement.account, move.movement.item, move.movement.currency)
        if key in complete or wanted.first <= move.date <= wanted.last:
            yield move


def _completed(entries: list[Directive], options: dict[str, Any]) -> list[Directive]:
    """Fill in the amounts left out; lots stay as they are written. Raises Torn where both stand in one entry."""
    return [slices.filled(entry, options) if _is_incomplete(entry) else entry for entry in entries]


def _is_incomplete(entry: Directive) -> bool:
    return isinstance(entry, data.Transaction) and any(not isinstance(one.units, Amount) for one in entry.postings)
