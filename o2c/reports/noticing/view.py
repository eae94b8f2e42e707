"""What the rules look at: open items, how items were paid, notes about them; each is read once, if it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index.movements import movements
from o2c.model import names
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.promises import PROMISE
from o2c.reports.forecasting.lives import lives_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.reports.forecasting.lives import Life
    from o2c.reports.selection import Selection

REMINDER, REMARK = "reminder", "remark"
#: Documents that leave a credit.
_CREDITS = (names.RECEIPT, names.CREDIT_NOTE)
#: History that rules about behaviour look at: so many days up to and with the day.
YEAR = 365


class Paid(NamedTuple):
    """Money for an item: whose, on which day, and how many days after the due date; below zero is early."""

    customer: str
    currency: str
    on: date
    late: int
    terms: int


class View:
    """The books as of the end of a day, for whom a report looks at."""

    def __init__(self, chosen: Selection, day: date) -> None:
        """Look at nothing yet."""
        self.chosen = chosen
        self.day = day

    @cached_property
    def items(self) -> list[Item]:
        """The open items, credits included, oldest due first."""
        return self.chosen.open_items(self.day)

    @cached_property
    def debits(self) -> list[Item]:
        """The open debit items."""
        return [item for item in self.items if item.open > 0]

    @cached_property
    def credits(self) -> list[Item]:
        """The open credit items, each with the document that it is named after: the one that the credit came from.

        That may stand below another of the same day, which moves the item: an un-allocation above its receipt.
        """
        found = [item for item in self.items if item.open < 0]
        foreign = {item.item for item in found if item.doc_id != item.item}
        named = self.chosen.books.documents(*_CREDITS, as_of=self.day, among=foreign) if foreign else ()
        types = {doc.doc_id: doc.doc_type for doc in named}
        return [
            item._replace(doc_id=item.item, doc_type=types[item.item]) if item.item in types else item for item in found
        ]

    @cached_property
    def light(self) -> Books:
        """Books with all movements up to the day."""
        return movements(self.chosen.books, self.day)

    @cached_property
    def moved(self) -> list[Moved]:
        """All movements of the customers and currencies that are looked at."""
        return [
            move
            for move in self.light.facts.moved
            if move.date <= self.day
            and self.chosen.takes(names.customer_of(move.movement.account), move.movement.currency)
        ]

    @cached_property
    def lives(self) -> dict[str, Life]:
        """The lives of the debit items, by customer, item and currency as `key` says."""
        found = lives_of(self.light, self.day)
        return {key(life.item): life for life in found if self.chosen.takes(life.item.customer, life.item.currency)}

    @cached_property
    def paid(self) -> list[Paid]:
        """Payments of the last 365 days, without those taken back."""
        return [one for life in self.lives.values() for one in _paid(life) if (self.day - one.on).days < YEAR]

    @cached_property
    def undone(self) -> set[str]:
        """The documents that were reversed by the end of the day."""
        return {
            versions[0].refers
            for versions in self.light.facts.versions.values()
            if versions[0].doc_type == names.REVERSAL and versions[0].date <= self.day
        }

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        """Disputes, promises, reminders and remarks up to the day, by what they are about."""
        known = self.chosen.books.events(OPENED, RESOLVED, PROMISE, REMINDER, REMARK)
        return {subject: [event for event in events if event.date <= self.day] for subject, events in known.items()}

    @cached_property
    def disputed(self) -> dict[str, Decimal]:
        """What of each open debit item is disputed, by the key of the item."""
        claims = disputed(self.debits, self.events, self.day)
        return {key(item): claim for item, claim in zip(self.debits, claims, strict=True) if claim}

    def past_due(self, item: Item) -> int:
        """Count the days since the due date of an item; below zero: not due yet."""
        return (self.day - item.due).days


def key(item: Item) -> str:
    """Name an item of one account and currency."""
    return f"{item.account} {item.currency} {item.item}"


def _paid(life: Life) -> Iterable[Paid]:
    sums: dict[date, Decimal] = {}
    for part in life.parts:
        if part.is_paid:
            sums[part.ended] = sums[part.ended] + part.amount if part.ended in sums else part.amount
    item = life.item
    for on, amount in sums.items():
        if amount > 0:
            yield Paid(item.customer, item.currency, on, (on - item.due).days, (item.due - item.date).days)
