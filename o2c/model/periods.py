"""Periods: months that are open, soft closed, or closed, so that nobody posts to what was reported already."""

from __future__ import annotations

import calendar
import re
from datetime import date as Date
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Event

CLOSE = "o2c-close"
OPEN = "open"
SOFT = "soft"
CLOSED = "closed"
_PERIOD = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


class Period(NamedTuple):
    """A calendar month; first and last day inclusive."""

    name: str
    first: Date
    last: Date


class Close(NamedTuple):
    """What somebody declared about a period: `soft`, `closed` or `open`; `last` is its last day."""

    period: str
    last: Date
    state: str
    event: Event

    @property
    def seal(self) -> str:
        """The seal, `sha256:...`; empty where the period was closed without one."""
        return str(self.event_fact("seal"))

    def event_fact(self, key: str) -> object:
        """Look up what the entry says under a key; empty where it says nothing."""
        return dict(self.event.extra).get(key, "")


def period(text: str, field: str = "PERIOD") -> Period:
    """Read a period, `2026-10`; raises BadInput for everything else."""
    match = _PERIOD.fullmatch(text)
    if match is None or match[1] == "0000":
        raise BadInput(f"{field}: {shown(text)} is not a month; write it like 2026-10")
    year, month = int(match[1]), int(match[2])
    return Period(text, Date(year, month, 1), Date(year, month, calendar.monthrange(year, month)[1]))


def closes(customs: Iterable[Event]) -> list[Close]:
    """List everything that was declared about periods, in the order of days.

    Reads `custom "o2c-close" "2026-03" 2026-03-31 "closed"`; what reads otherwise is left out.
    """
    found = []
    for event in sorted((event for event in customs if event.kind == CLOSE), key=lambda event: event.date):
        match event.values:
            case (str(name), Date() as last, str(state)):
                found.append(Close(name, last, state, event))
    return found


def standing(customs: Iterable[Event]) -> dict[str, Close]:
    """Give what holds for each period: the last that was declared about it.

    A `closed` or `soft` that says less than a seal before it changes nothing: only `open` takes a seal away.
    """
    state: dict[str, Close] = {}
    for close in closes(customs):
        known = state.get(close.period)
        if known is None or close.state == OPEN or not known.seal or close.seal or known.state != CLOSED:
            state[close.period] = close
    return state


def closed_through(customs: Iterable[Event]) -> Date | None:
    """Give the last day of the latest closed period that was not opened again; None while all is open."""
    return max((close.last for close in standing(customs).values() if close.state == CLOSED), default=None)


def shut(customs: Iterable[Event], day: Date) -> Close | None:
    """Give the close that a day falls under, a closed period before a soft closed one; None where it is open.

    Closing a period closes everything before it.
    """
    found = [close for close in standing(customs).values() if close.state in {CLOSED, SOFT} and day <= close.last]
    return min(found, key=lambda close: (close.state != CLOSED, close.last), default=None)


def following(last: Date) -> str:
    """Name the month after the one that a day lies in."""
    return f"{last.year + last.month // 12:04d}-{last.month % 12 + 1:02d}"
