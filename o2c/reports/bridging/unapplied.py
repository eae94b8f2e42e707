"""Why what is unapplied moved: money and credits that came, and those that were used, paid back or cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports.bridging.changes import NEW
from o2c.reports.bridging.changes import OTHER
from o2c.reports.bridging.changes import PAID
from o2c.reports.bridging.changes import Change
from o2c.reports.bridging.changes import cause
from o2c.reports.bridging.changes import changed
from o2c.reports.bridging.changes import lives
from o2c.reports.bridging.changes import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span

APPLIED = "applied"
RECEIVED = "received"


def changes(chosen: Selection, period: Span) -> Iterator[Change]:
    """Give everything that changed the credits that are not used yet (below zero), in the days of a period.

    A credit that came lowers the sum, one that is applied, refunded or cleared raises it.
    """
    within = chosen.during(period, with_items=True)
    for moves in lives(within.moved(period.last)).values():
        still = sum((move.movement.amount for move in moves if move.date < period.first), ZERO)
        for step in steps([move for move in moves if move.date >= period.first]):
            after = still + sum((move.movement.amount for move in step), ZERO)
            amount = min(after, ZERO) - min(still, ZERO)
            if amount:
                yield changed(_part(within.books.facts, step[0]), step[0], amount)
            still = after


def _part(facts: Facts, move: Moved) -> str:
    if move.doc_type == names.ALLOCATION:
        return APPLIED
    found = cause(facts, move)
    return {PAID: RECEIVED, NEW: OTHER}.get(found, found)
