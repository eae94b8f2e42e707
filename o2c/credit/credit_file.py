"""The credit file of a customer: what the books say about it alone, and what the same step adds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date

    from o2c.books import Books
    from o2c.model.documents import Event


class CreditFile:
    """The facts about one customer, and those of each of its orders."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._of_order: dict[str, set[str]] = defaultdict(set)
        for versions in facts.versions.values():
            self._note(versions[0])

    def take(self, entry: Document | Event) -> None:
        """Take in an entry that the step makes."""
        self.facts.include([entry])
        if isinstance(entry, Document):
            self._note(entry)

    def _note(self, doc: Document) -> None:
        for line in doc.lines:
            if line.order:
                self._of_order[line.order].add(doc.doc_id)

    def documents_of(self, order: str) -> frozenset[str]:
        """Name the deliveries, returns and invoices of an order."""
        return frozenset(self._of_order.get(order, ()))

    def of_order(self, order: str, step: Iterable[Document | Event] = ()) -> Facts:
        """Cut out what is about one order, without movements, and add a step to it; the file itself stays as it is."""
        own = nothing(self.facts)
        for doc_id in (order, *sorted(self._of_order.get(order, ()))):
            if doc_id in self.facts.versions:
                own.versions[doc_id] = list(self.facts.versions[doc_id])
        own.events[order] = list(self.facts.events.get(order, ()))
        own.include(step)
        return own


class CreditFiles:
    """Files by customer; books loaded whole are cut in one pass, of others each customer when it is asked for."""

    def __init__(self, books: Books, since: Date) -> None:
        """`since` is the first day as of which somebody will ask: what was settled before it may be left out."""
        self._books = books
        self._since = since
        self._cut: dict[str, Facts] | None = None
        self._known: dict[str, CreditFile] = {}

    def __getitem__(self, customer: str) -> CreditFile:
        """Give the file of a customer: its documents, notes and movements, and all limits."""
        if customer not in self._known:
            self._known[customer] = CreditFile(self._facts(customer))
        return self._known[customer]

    def _facts(self, customer: str) -> Facts:
        if self._cut is not None:
            return self._cut.get(customer) or nothing(self._books.facts)
        found = self._books.about(customer, since=self._since)
        parts = cut(found.facts)
        if found is self._books:
            self._cut = parts
        return parts.get(customer) or nothing(found.facts)


def cut(facts: Facts) -> dict[str, Facts]:
    """Cut facts into those of each customer; limits and other entries that belong to no account are in all of them.

    An invoice that another customer pays is also in the file of the customer whose order it invoices.
    """
    parts: dict[str, Facts] = defaultdict(lambda: nothing(facts))
    for doc_id, versions in facts.versions.items():
        for customer in {versions[0].customer, *_buyers(facts, versions[0])}:
            parts[customer].versions[doc_id] = list(versions)
    for subject, events in facts.events.items():
        for event in events:
            parts[event.customer].events[subject].append(event)
    for move in facts.moved:
        parts[names.customer_of(move.movement.account)].moved.append(move)
    return dict(parts)


def _buyers(facts: Facts, doc: Document) -> set[str]:
    orders = (facts.versions.get(line.order) for line in doc.lines if line.order)
    return {versions[0].customer for versions in orders if versions}


def nothing(facts: Facts) -> Facts:
    """Give facts that hold nothing but the entries that belong to no account."""
    empty = Facts(())
    empty.customs = facts.customs
    return empty
