"""Dunning blocks: a customer or item that is not reminded, until a day or until somebody ends it, with a reason."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING
from typing import Final

from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.items import find
from o2c.model.items import items
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Value
    from o2c.model.items import Item

BLOCKED: Final = "dunning-blocked"
UNBLOCKED: Final = "dunning-unblocked"


def block(books: Books, act: Act, day: Date, name: str, until: Date | None = None) -> list[Event]:
    """Block a customer, a document or an item from a day on, through the day `until` (None: until it is unblocked).

    The newest block counts, so that another one may end earlier or later; the same end again is nothing to do. Raises
    Refused for an end before the beginning and for an item that owes nothing, NotFound for a name that is neither.
    """
    if until is not None and until < day:
        raise Refused(f"--until {until} is before the block itself, {day}; name a later day")
    customer = _customer(books, name, day)
    before = in_force(_about(books, name), day)
    if before is not None and last_day(before) == until:
        return []
    return [_note(BLOCKED, "Not to be reminded", name, customer, act, day, until=until or "")]


def unblock(books: Books, act: Act, day: Date, name: str) -> list[Event]:
    """End the block of a customer, document or item; raises Refused where it is not blocked on the day."""
    before = in_force(_about(books, name), day)
    if before is None:
        raise Refused(f"{name} is not blocked for dunning on {day}; `o2c dun list` shows what is")
    return [_note(UNBLOCKED, "To be reminded again", name, before.customer, act, day)]


def blocked(item: Item, events: Mapping[str, Sequence[Event]], day: Date) -> Event | None:
    """Give the block that keeps an item from being reminded on a day: its own, its document's, or its customer's."""
    for name in (item.item, item.doc_id, item.customer):
        if found := in_force(events.get(name, ()), day):
            return found
    return None


def in_force(events: Sequence[Event], day: Date) -> Event | None:
    """Give the newest block on a day, its last day included; None where it ended, or there was none."""
    said = [event for event in events if event.kind in {BLOCKED, UNBLOCKED} and event.date <= day]
    if not said or said[-1].kind == UNBLOCKED or day > (last_day(said[-1]) or Date.max):
        return None
    return said[-1]


def last_day(event: Event) -> Date | None:
    """Give the last day of a block; None where it has no end of its own."""
    until = dict(event.extra).get("until")
    return until if isinstance(until, Date) else None


def _about(books: Books, name: str) -> Sequence[Event]:
    return books.about(name).facts.events.get(name, ())


def _customer(books: Books, name: str, day: Date) -> str:
    """Find whose a name is; raises where nobody could be reminded of it."""
    if name in books.master.customers:
        return name
    found = find(items(books.about(name).facts.moved, day), name)
    if not found:
        raise NotFound(
            f"there is no customer, document or open item {shown(name)}; `o2c dun list` shows what is overdue"
        )
    owed = {item.customer for item in found if item.open > 0}
    if not owed:
        raise Refused(f"nothing of {name} is owed on {day}; nobody would be reminded of it")
    return min(owed)


def _note(kind: str, comment: str, name: str, customer: str, act: Act, day: Date, **facts: Value) -> Event:
    return Event(
        kind=kind,
        date=day,
        subject=name,
        customer=customer,
        act=act,
        account=names.receivable(customer),
        comment=comment,
        links=frozenset({name} if name != customer else ()),
        extra=extra(**facts),
    )
