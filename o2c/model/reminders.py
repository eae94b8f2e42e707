"""Reminders as the notes of the books tell them: which level an item has reached, and when it was last reminded."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.model.approvals import POSTED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.model.documents import Event
    from o2c.model.items import Item

REMINDER: Final = "reminder"


class Reminded(NamedTuple):
    """How far an item has come: its level (0: never reminded), the day of the last run, the day it was posted.

    `posted` is later than `run` where the proposal of the run waited; a reminder by hand is posted on its day.
    """

    level: int = 0
    run: Date | None = None
    posted: Date | None = None


def reminded(item: Item, events: Mapping[str, Sequence[Event]], day: Date) -> Reminded:
    """Tell how far an item has come at the end of a day; a reminder without a `level` counts as one more.

    Reminders about the item count, and those about the whole document. The last in the order of the books decides the
    level, the latest day which was the last.
    """
    found = Reminded()
    for event in _of_item(item, events):
        if event.kind == REMINDER and event.date <= day:
            found = _after(found, event)
    return found


def _of_item(item: Item, events: Mapping[str, Sequence[Event]]) -> Iterator[Event]:
    for subject in dict.fromkeys((item.item, item.doc_id)):
        yield from events.get(subject, ())


def _after(before: Reminded, event: Event) -> Reminded:
    facts = dict(event.extra)
    said, posted = facts.get("level"), facts.get(POSTED_ON)
    return Reminded(
        int(said) if isinstance(said, Decimal) else before.level + 1,
        max(event.date, before.run or event.date),
        max(event.date, before.posted or event.date, posted if isinstance(posted, Date) else event.date),
    )
