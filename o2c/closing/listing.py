"""What was declared about periods: closed softly, sealed, reopened - by whom, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import periods
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.model.periods import Close
    from o2c.reports.table import Row

_COLUMNS = (
    Column("period", "code"),
    Column("last_day", "date"),
    Column("state", "code"),
    Column("in_force", "flag"),
    Column("date", "date"),
    Column("by", "text"),
    Column("why", "text"),
    Column("entries", "text"),
    Column("seal", "code"),
)


def listing(books: Books) -> Table:
    """List all that was ever declared, in the order of days; `in_force` marks what holds now for each period."""
    events = books.customs(periods.CLOSE)
    return Table("closes", "Closed periods", None, "", _COLUMNS, tuple(_rows(events)))


def _rows(events: Iterable[Event]) -> Iterable[Row]:
    known = list(events)
    held = list(periods.standing(known).values())
    for close in periods.closes(known):
        yield {
            "period": close.period,
            "last_day": close.last,
            "state": _state(close),
            "in_force": any(close is one or close == one for one in held),
            "date": close.event.date,
            "by": close.event.act.by,
            "why": close.event.act.why,
            "entries": str(close.event_fact("count")),
            "seal": close.seal,
        }


def _state(close: Close) -> str:
    return "sealed" if close.seal else close.state
