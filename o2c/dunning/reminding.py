"""What the letters of a posted dunning proposal ask for: the items it reminded, as far as they are still owed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.dunning import standing
from o2c.model.documents import Event
from o2c.proposals.standing import posting_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date

    from o2c.books import Books
    from o2c.model.items import Item
    from o2c.proposals import Proposal


class Letter(NamedTuple):
    """A letter to a customer: the highest level among its reminders, and the items; `open` of each is what is asked."""

    customer: str
    level: int
    items: tuple[Item, ...]


def letters(books: Books, proposal: Proposal, day: Date) -> list[Letter]:
    """List the letters of a proposal, by customer: of the reminders that stand in the books by the end of the day.

    Items are asked for as they stand on the day, less what is disputed or promised; those with nothing left are gone,
    and so may be all of a letter.
    """
    posted = [entry for line in proposal.lines for entry in books.existed(posting_key(proposal, line))]
    events = [entry for entry in posted if isinstance(entry, Event) and entry.date <= day]
    customers = sorted({event.customer for event in events})
    left = standing.standings(books, day, customers[0] if len(customers) == 1 else "") if customers else []
    return [_letter(customer, [one for one in events if one.customer == customer], left) for customer in customers]


def _letter(customer: str, events: Iterable[Event], left: Iterable[standing.Standing]) -> Letter:
    levels = {event.subject: dict(event.extra).get("level") for event in events}
    asked = (one for one in left if one.item.customer == customer and one.item.item in levels and one.asked)
    return Letter(
        customer,
        max(int(level) for level in levels.values() if isinstance(level, Decimal)),
        tuple(one.item._replace(open=one.asked) for one in asked),
    )
