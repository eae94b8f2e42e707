"""How an item stands on a day, and how much of it may be taken then without taking too much on any later day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.model import items as open_items
from o2c.model import names
from o2c.model import settling
from o2c.model.documents import Movement
from o2c.model.findings import NOWHERE
from o2c.model.items import Item
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.amount import Amount

    from o2c.model.facts import Moved
    from o2c.model.items import ItemKey
    from o2c.model.settling import Change


class Standing(NamedTuple):
    """An item at the end of a day.

    `available` is how much may be taken from it on that day: never more than what is open at its end and at the end
    of every later day; zero or positive, whichever the sign of the item. `begins` is the item's own date, `moved_on`
    the last day on which it was moved.
    """

    item: Item
    available: Decimal
    begins: Date
    moved_on: Date


def key_of(item: Item) -> ItemKey:
    """Give the key under which an item is kept."""
    return (item.account, item.item, item.currency)


def standing(key: ItemKey, moves: Sequence[Moved], day: Date) -> Standing:
    """Tell how an item stands at the end of a day; `moves` are all movements on it, later ones too."""
    if not moves:
        return Standing(_blank(key, day), ZERO, day, day)
    final = open_items.items(moves)[key]
    item = open_items.items(moves, day).get(key)
    last = max(move.date for move in moves)
    if item is None:
        return Standing(final._replace(open=ZERO, carrying=ZERO), ZERO, final.date, last)
    return Standing(item, _available(item, moves, day), final.date, last)


def _available(item: Item, moves: Sequence[Moved], day: Date) -> Decimal:
    if not item.open:
        return ZERO
    sign = 1 if item.open > 0 else -1
    by_day: dict[Date, Decimal] = {}
    for move in moves:
        if move.date > day:
            by_day[move.date] = by_day.get(move.date, ZERO) + move.movement.amount
    running = lowest = item.open * sign
    for later in sorted(by_day):
        running += by_day[later] * sign
        lowest = min(lowest, running)
    return max(lowest, ZERO)


def reduce(stands: Standing, amount: Decimal, day: Date) -> Change:
    """Bring an item nearer to zero by an amount (positive, at most what is available)."""
    assert ZERO < amount <= stands.available, f"{amount} of {stands.available} on {stands.item.item}"
    _require_last(stands, day)
    return settling.reduce(stands.item, amount)


def change(stands: Standing, amount: Decimal, weight: Amount | None, day: Date) -> Change:
    """Move an item by an amount; `weight` moves its carrying amount (None: it has none). Both debit positive.

    Raises Refused where entries of later days need what would be taken.
    """
    takes = stands.item.open and (amount > 0) != (stands.item.open > 0)
    if takes and abs(amount) > stands.available:
        raise Refused(f"{stands.item.item} is moved again on {stands.moved_on}; use --date {stands.moved_on} or later")
    if weight is None:
        item = stands.item
        moves = (Movement(item.account, item.item, amount, item.currency),) if amount else ()
        return settling.Change(moves, None)
    _require_last(stands, day)
    assert weight.number is not None, "a weight is a number"
    return settling.change(stands.item._replace(carrying_currency=weight.currency), amount, weight.number)


def _require_last(stands: Standing, day: Date) -> None:
    """Refuse to change a lot before its last change: the later entries take it out whole."""
    if stands.item.carrying_currency and stands.moved_on > day:
        raise Refused(
            f"{stands.item.item} is held at a rate and was moved on {stands.moved_on}; "
            f"it cannot be changed before that: use --date {stands.moved_on} or later"
        )


def _blank(key: ItemKey, day: Date) -> Item:
    account, name, currency = key
    customer = names.customer_of(account)
    return Item(name, account, customer, currency, name, "", day, day, ZERO, ZERO, ZERO, "", NOWHERE)
