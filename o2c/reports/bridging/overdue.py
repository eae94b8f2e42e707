"""Why what is overdue moved: what became overdue, and what was paid, credited or written off of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.reports.bridging.changes import BY_HAND
from o2c.reports.bridging.changes import NEW
from o2c.reports.bridging.changes import Change
from o2c.reports.bridging.changes import cause
from o2c.reports.bridging.changes import changed
from o2c.reports.bridging.changes import lives
from o2c.reports.bridging.changes import steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span

NEWLY = "newly-overdue"
DATES = "dates-changed"


def changes(chosen: Selection, period: Span) -> Iterator[Change]:
    """Give everything that changed what is past due, from the end of the day before the period to its last.

    Each item is followed from entry to entry. Where its due date passes, all that is open becomes overdue; after that,
    each entry counts with its cause. An item that is opened when it is past due already (moved in) is new. What an
    entry does before the due date has passed changes nothing.
    """
    within = chosen.during(period, with_items=True)
    moved = lives(within.moved(period.last))
    touched = {key: moves for key, moves in moved.items() if moves[-1].date >= period.first}
    for moves in touched.values():
        before = [move for move in moves if move.date < period.first]
        yield from _of_item(within.books.facts, before, moves[len(before) :], period)
    for item in chosen.open_items(period.last):
        if (item.account, item.item, item.currency) not in touched:
            yield from _passing(item, period.before, period.last)


def _of_item(facts: Facts, before: Sequence[Moved], moves: Sequence[Moved], period: Span) -> Iterator[Change]:
    known, day = list(before), period.before
    item = _state(known) if known else None
    for step in steps(moves):
        move, known = step[0], [*known, *step]
        after = _state(known)
        if item is not None:
            yield from _passing(item, day, move.date)
            moved_date = late(item.open, after.due, move.date) - late(item.open, item.due, move.date)
            yield from _if_any(changed(DATES, move, moved_date))
        still = item.open if item is not None else ZERO
        amount = late(after.open, after.due, move.date) - late(still, after.due, move.date)
        is_new = item is None and move.source == after.source
        yield from _if_any(changed(NEW if is_new else cause(facts, move), move, amount))
        item, day = after, move.date
    if item is not None:
        yield from _passing(item, day, period.last)


def late(still: Decimal, due: date, day: date) -> Decimal:
    """Give what is past due of an open amount at the end of a day; a credit never is."""
    return max(still, ZERO) if due < day else ZERO


def _passing(item: Item, before: date, day: date) -> Iterator[Change]:
    """Give what became overdue because time went on."""
    amount = late(item.open, item.due, day) - late(item.open, item.due, before)
    said = item.doc_type or BY_HAND
    yield from _if_any(
        Change(NEWLY, item.customer, item.currency, item.item, item.doc_id, said, item.due, amount, item.source)
    )


def _state(known: Sequence[Moved]) -> Item:
    (item,) = items(known).values()
    return item


def _if_any(change: Change) -> Iterator[Change]:
    if change.amount:
        yield change
