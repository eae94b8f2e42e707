"""From when to when something was left to do with each order, so that a list of orders does not look at all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model import progress
from o2c.model.facts import Facts
from o2c.model.money import ZERO
from o2c.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date

    from o2c.model.documents import Document


class OrderLives:
    """The orders, what was delivered, returned and invoiced of each, and the day on which all was done."""

    def __init__(self, facts: Facts) -> None:
        """Count once over all documents."""
        self._facts = facts
        self._orders = {order.doc_id: order for order in facts.documents(names.ORDER)}
        self._begins = {number: min(doc.date for doc in facts.versions[number]) for number in self._orders}
        self._of_order: dict[str, dict[str, None]] = defaultdict(dict)
        for number, versions in facts.versions.items():
            for line in (line for doc in versions for line in doc.lines if line.order):
                self._of_order[line.order][number] = None
        done = Progress(facts)
        self._ends = {number: self._end(order, done) for number, order in self._orders.items()}

    def _end(self, order: Document, done: Progress) -> Date | None:
        """Give the day of the last entry about an order that is done with; None while something is left to do."""
        events = self._facts.events.get(order.doc_id, [])
        state = progress.state(order, events)
        if state not in {progress.CONFIRMED, progress.CANCELLED}:
            return None
        for line in order.lines:
            key = (order.doc_id, line.number)
            wanted = line.quantity if state == progress.CONFIRMED else ZERO
            if done.invoiced[key] < max(wanted, done.delivered[key]):
                return None
        numbers = (order.doc_id, *self._of_order.get(order.doc_id, ()))
        days = [doc.date for number in numbers for doc in self._facts.versions[number]]
        return max([*days, *(event.date for event in events)])

    def begun(self, day: Date) -> list[str]:
        """Name the orders of a day, in the order of the books."""
        return [number for number, begins in self._begins.items() if begins <= day]

    def unfinished(self, day: Date) -> list[str]:
        """Name the orders with which something was left to do at the end of a day; perhaps more, never fewer."""
        return [number for number in self.begun(day) if (end := self._ends[number]) is None or end > day]

    def facts(self, numbers: Iterable[str]) -> Facts:
        """Cut out orders with everything that was delivered, returned and invoiced of them."""
        found = Facts(())
        found.customs = self._facts.customs
        for order in numbers:
            for number in (order, *self._of_order.get(order, ())):
                found.versions[number] = self._facts.versions[number]
                if number in self._facts.events:
                    found.events[number] = self._facts.events[number]
        return found
