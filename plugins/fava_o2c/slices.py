"""Everything about a customer, cut out of the books, so that a page about one does not look at all."""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date

    from o2c.model.documents import Movement
    from o2c.model.facts import Moved

_DAY = timedelta(days=1)
#: Documents that speak of others, whose day may lie before.
_BACK = frozenset({names.REVERSAL, names.ALLOCATION})


class Slices:
    """Which documents, events and movements concern each customer; entries about nobody concern everybody."""

    def __init__(self, facts: Facts) -> None:
        """Sort the facts by customer, once."""
        self._facts = facts
        self._numbers: dict[str, dict[str, None]] = defaultdict(dict)
        self._moved: dict[str, list[Moved]] = defaultdict(list)
        self._owner: dict[str, list[str]] = {}
        for number, versions in facts.versions.items():
            for name in {name for doc in versions for name in _customers(doc.customer, doc.movements)}:
                self._numbers[name][number] = None
                self._owner.setdefault(number, []).append(name)
        for move in facts.moved:
            name = names.customer_of(move.movement.account)
            self._moved[name].append(move)
            self._owner.setdefault(move.movement.item, [name])
        self._partners: dict[str, set[str]] = defaultdict(set)
        self._link(facts)
        self._subjects: dict[str, dict[str, None]] = defaultdict(dict)
        for subject, events in facts.events.items():
            for event in events:
                self._subjects[event.customer][subject] = None

    def together(self, *customers: str) -> list[str]:
        """Name these customers and those who pay for them, or for whom they pay: their chains hang together."""
        found: dict[str, None] = {}
        waiting = list(customers)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting.extend(sorted(self._partners.get(name, ())))
        return list(found)

    def _link(self, facts: Facts) -> None:
        """Note which customers a document brings together, by its accounts or by the document it refers to."""
        for number, versions in facts.versions.items():
            related = {number, *(doc.refers for doc in versions), *(m.item for doc in versions for m in doc.movements)}
            owners = {owner for name in related for owner in self._owner.get(name, ())}
            if len(owners) > 1:
                for owner in owners:
                    self._partners[owner] |= owners

    @cached_property
    def customers(self) -> frozenset[str]:
        """Name every customer with a document, a movement or a note."""
        return frozenset(name for name in (*self._numbers, *self._moved, *self._subjects) if name)

    def moved(self, customer: str) -> list[Moved]:
        """List the movements on the accounts of a customer, in the order of the books."""
        return self._moved.get(customer, [])

    def customers_of(self, name: str) -> list[str]:
        """Name the customers of a document or item; every other name stands for itself."""
        return self._owner.get(name, [name])

    def touched(self, first: Date, last: Date) -> Facts:
        """Cut out every document and subject with an entry dated in a period (both days inclusive), with all its past.

        Movements are those by hand: no document tells of them.
        """
        subjects = sorted({subject for _, subject in self._days[self._between(first, last)]})
        found = Facts(())
        found.customs = self._facts.customs
        for subject in subjects:
            if subject in self._facts.versions:
                found.versions[subject] = self._facts.versions[subject]
            if subject in self._facts.events:
                found.events[subject] = self._facts.events[subject]
        found.moved = [move for move in self._facts.moved if not move.doc_id and first <= move.date <= last]
        return found

    def within(self, first: Date, last: Date) -> Facts:
        """Cut out what is dated in a period (both days inclusive): documents and events with all their past, movements.

        Reversals and allocations are there with what they refer to and use.
        """
        found = self.touched(first, last)
        moved = self._facts.moved
        found.moved = moved[bisect_left(moved, first, key=_day_of) : bisect_right(moved, last, key=_day_of)]
        waiting = list(found.versions)
        while waiting:
            waiting = [number for name in waiting for number in self._behind(name) if number not in found.versions]
            found.versions.update((number, self._facts.versions[number]) for number in waiting)
        return found

    def _behind(self, number: str) -> Iterator[str]:
        """Name the documents that a reversal or allocation refers to, or whose items it uses."""
        for doc in self._facts.versions[number]:
            if doc.doc_type in _BACK:
                named = (doc.refers, *(move.item for move in doc.movements))
                yield from (name for name in named if name in self._facts.versions)

    def since(self, first: Date, last: Date, most: int) -> Date:
        """Give the first day of a period, or a later one from which on at most so many entries are ours."""
        days = self._between(first, last)
        return first if days.stop - days.start <= most else self._days[days.stop - most][0] + _DAY

    def _between(self, first: Date, last: Date) -> slice:
        """Give the places of these days among all."""
        return slice(
            bisect_left(self._days, first, key=itemgetter(0)), bisect_right(self._days, last, key=itemgetter(0))
        )

    @cached_property
    def _days(self) -> list[tuple[Date, str]]:
        documents = {(doc.date, number) for number, docs in self._facts.versions.items() for doc in docs}
        events = {(event.date, subject) for subject, events in self._facts.events.items() for event in events}
        return sorted(documents | events)

    def prepare(self) -> None:
        """Sort by days now."""
        _ = self._days

    def facts(self, *customers: str) -> Facts:
        """Cut out what concerns some customers, in the order of the books as far as each is concerned."""
        found = Facts(())
        found.customs = self._facts.customs
        for name in dict.fromkeys(customers):
            for number in self._numbers.get(name, ()):
                found.versions[number] = self._facts.versions[number]
            for subject in (*self._numbers.get(name, ()), *self._subjects.get(name, ()), name):
                if subject in self._facts.events:
                    found.events[subject] = self._facts.events[subject]
            found.moved.extend(self._moved.get(name, ()))
        return found


def _day_of(move: Moved) -> Date:
    return move.date


def _customers(named: str, movements: Iterable[Movement]) -> set[str]:
    accounts = {names.customer_of(move.account) for move in movements}
    return {name for name in (named, *accounts) if name}
