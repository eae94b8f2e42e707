"""What a reminder asks for: items past their due date as far as they are still owed, less credits not used yet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.dunning import standing
from o2c.errors import Refused
from o2c.model.documents import Event
from o2c.model.money import ZERO
from o2c.proposals.standing import posting_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date as Date

    from o2c.books import Books
    from o2c.model.items import Item
    from o2c.proposals import Proposal


class Letter(NamedTuple):
    """A letter to a customer: the highest level among its reminders, and the items.

    `open` of each item is what is asked; below zero are credits that nobody used yet, which are taken off.
    """

    customer: str
    level: int
    items: tuple[Item, ...]


def letters(books: Books, proposal: Proposal, day: Date) -> list[Letter]:
    """List the letters of a proposal, by customer: of the reminders that stand in the books by the end of the day.

    Items are asked for as they stand on the day, less what is disputed or promised, and the customer's credits of that
    currency are listed with them. What has nothing left, or is covered, is gone, and so may be all of a letter.
    """
    posted = [entry for line in proposal.lines for entry in books.existed(posting_key(proposal, line))]
    events = [entry for entry in posted if isinstance(entry, Event) and entry.date <= day]
    customers = sorted({event.customer for event in events})
    open_ = books.open_items(day, customers[0] if len(customers) == 1 else "") if customers else []
    late = _judged(books, open_, day)
    return [
        _letter(customer, [one for one in events if one.customer == customer], late, open_) for customer in customers
    ]


def asked(books: Books, customer: str, day: Date) -> tuple[Item, ...]:
    """List what a customer can be asked for at the end of a day: items as those of a `Letter`.

    Raises Refused where nothing is overdue, or all of it is disputed, promised, or covered by credits.
    """
    open_ = books.open_items(day, customer)
    late = _judged(books, open_, day)
    if not late:
        raise Refused(f"{customer} has nothing overdue on {day}; there is nothing to remind of")
    claimed = [one.item._replace(open=one.asked) for one in late if one.asked]
    if not claimed:
        raise Refused(
            f"all that {customer} has overdue on {day} is disputed or promised; there is nothing to remind of"
        )
    if found := _less_credits(claimed, open_):
        return found
    raise Refused(
        f"credits of {customer} that are not used yet cover all that can be asked for on {day}; "
        f"apply them, `o2c report open-items --customer {customer}` lists them"
    )


def _judged(books: Books, open_: Sequence[Item], day: Date) -> list[standing.Standing]:
    return standing.judged(open_, books.events(*standing.KINDS), books.master.policies.dunning, day)


def _letter(customer: str, events: Iterable[Event], late: Iterable[standing.Standing], open_: Iterable[Item]) -> Letter:
    levels = {event.subject: dict(event.extra).get("level") for event in events}
    claimed = (one for one in late if one.item.customer == customer and one.item.item in levels and one.asked)
    return Letter(
        customer,
        max(int(level) for level in levels.values() if isinstance(level, Decimal)),
        _less_credits(
            [one.item._replace(open=one.asked) for one in claimed], [one for one in open_ if one.customer == customer]
        ),
    )


def _less_credits(claimed: Sequence[Item], open_: Iterable[Item]) -> tuple[Item, ...]:
    """Put a customer's unused credits behind what is claimed, in the currencies where something is left to pay."""
    both = [*claimed, *(item for item in open_ if item.open < 0)]
    left: dict[str, Decimal] = {}
    for item in both:
        left[item.currency] = left.get(item.currency, ZERO) + item.open
    return tuple(item for item in both if left[item.currency] > 0)
