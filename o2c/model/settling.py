"""Changing an open item by an amount, with its carrying amount where it is held at cost.

An item in foreign currency is one lot, labelled with its name and carried at an exact amount in the currency of the
books. A part of a lot would carry fractions of a cent, so every change takes the whole lot out and puts the rest back
at its exact carrying amount: each entry sums to exactly zero, and booking itself refuses to take out more than is
there (see docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model.documents import Movement
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.model.items import Item


class Change(NamedTuple):
    """The movements that change an item, and what they weigh in the currency of the books (None: no lot).

    `weight` is the sum the movements bring to the entry, debit positive.
    """

    movements: tuple[Movement, ...]
    weight: Amount | None


def carried_part(item: Item, amount: Decimal) -> Decimal:
    """Give the share of the item's carrying amount that belongs to a part of it; the whole takes all of it.

    `amount` has the sign of the item; so has the result.
    """
    if amount == item.open or not item.open:
        return item.carrying
    return rounded(item.carrying * amount / item.open, item.carrying_currency)


def reduce(item: Item, amount: Decimal) -> Change:
    """Bring an item nearer to zero by an amount (positive, at most what is open)."""
    assert ZERO < amount <= abs(item.open), f"{amount} of {item.open} on {item.item}"
    delta = -amount if item.open > 0 else amount
    if not item.carrying_currency:
        return Change((Movement(item.account, item.item, delta, item.currency),), None)
    return change(item, delta, -carried_part(item, -delta))


def change(item: Item, delta: Decimal, weight: Decimal) -> Change:
    """Move a lot by `delta`, and its carrying amount by `weight`; both debit positive."""
    books = item.carrying_currency
    moves = []
    if item.open:
        moves.append(_movement(item, -item.open, -item.carrying))
    if item.open + delta:
        moves.append(_movement(item, item.open + delta, item.carrying + weight))
    return Change(tuple(moves), Amount(weight, books))


def _movement(item: Item, amount: Decimal, carrying: Decimal) -> Movement:
    return Movement(item.account, item.item, amount, item.currency, None, Amount(carrying, item.carrying_currency))
