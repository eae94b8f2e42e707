"""One sheet for several plugins: the first that asks makes it, the next one with the same entries takes it over."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from o2c.model import integrity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beancount.core.data import Directive

    from o2c.model.integrity.sheet import Sheet

#: At most one sheet that waits to be taken over, with the very entries it was made from.
_waiting: list[tuple[list[Directive], Sheet]] = []


def taken_over(entries: Sequence[Directive]) -> Sheet:
    """Give the sheet of these entries, which are in the order of their days; one that waits is not kept any longer."""
    waiting = _waiting.pop() if _waiting else None
    if waiting is not None and len(waiting[0]) == len(entries) and all(map(is_, waiting[0], entries)):
        return waiting[1]
    return integrity.sheet(entries)


def leave(entries: Sequence[Directive], made: Sheet) -> None:
    """Let the next plugin take over the sheet of these entries."""
    _waiting[:] = [(list(entries), made)]
