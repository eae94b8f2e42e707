"""Assessing one item by itself: how much of it is not expected to be paid, instead of what the matrix says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.closing.allowance_base import GENERAL
from o2c.closing.allowance_base import SPECIFIC
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model.documents import Event
from o2c.model.items import find
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.money import text

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.model.documents import Act
    from o2c.model.documents import Entry


def assess(books: Books, act: Act, day: date, name: str, asked: Asked | None) -> list[Entry]:
    """Set the specific allowance of an open item from a day on (positive, its currency); None: the matrix again.

    Raises NotFound for an unknown item, Refused for a settled one, another currency, and more than is open.
    """
    found = [item for item in find(items(books.facts.moved, day), name) if item.item == name]
    if not found:
        raise NotFound(f"there is no item {shown(name)}; `o2c report open-items` lists them")
    item = found[0]
    if asked is None:
        return [Event(SPECIFIC, day, name, item.customer, act, values=(name, GENERAL))]
    number = asked.within(item.currency)
    if not ZERO <= number <= item.open:
        raise Refused(f"{name} has {text(item.open, item.currency)} open; no more than that can be lost of it")
    return [Event(SPECIFIC, day, name, item.customer, act, values=(name, Amount(number, item.currency)))]
