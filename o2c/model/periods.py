"""Closed periods: what the books say may no longer be posted to."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Event


def closed_through(customs: Iterable[Event]) -> Date | None:
    """Give the last day of the latest closed period that was not opened again; None while all is open.

    Reads `custom "o2c-close" "2026-03" 2026-03-31 "closed"`; the last entry about a period counts.
    """
    state: dict[str, tuple[Date, str]] = {}
    for event in sorted((event for event in customs if event.kind == "o2c-close"), key=lambda event: event.date):
        match event.values:
            case (str(period), Date() as end, str(said)):
                state[period] = (end, said)
    return max((end for end, said in state.values() if said == "closed"), default=None)
