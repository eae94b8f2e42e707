"""How much of each open item a customer promised to pay, as of a day, by promises that are not broken yet."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.model.disputes import OPENED
from o2c.model.disputes import disputed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.model.documents import Event
    from o2c.model.items import Item

PROMISE = "promise"


def promised(items: Iterable[Item], events: Mapping[str, Sequence[Event]], as_of: Date) -> list[Decimal]:
    """Tell the promised part of each item, between zero and what is open.

    The newest promise about an item counts, up to and with the day it is promised for. It covers the item as a dispute
    does: without an `amount` all of it, about a document with instalments those that come first.
    """
    return disputed(items, {subject: pending(known, as_of) for subject, known in events.items()}, as_of)


def pending(events: Sequence[Event], as_of: Date) -> list[Event]:
    """Give the promise that counts on a day, none where it is broken, in the words of a dispute."""
    made = [event for event in events if event.kind == PROMISE and event.date <= as_of]
    return [event._replace(kind=OPENED) for event in made[-1:] if _until(event) >= as_of]


def _until(event: Event) -> Date:
    day = dict(event.extra).get("promised")
    return day if isinstance(day, Date) else Date.max
