"""Duties that one person should not hold together: found in who made which entry, and in the roles of the users.

The matrix is that of definitions 14 (SAP-style). What stands in `by` is what --user or the login name said; entries
without `by` tell nothing. Changes of master data (customers, prices) carry no name, so they cannot be compared here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.findings import NOWHERE
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts

#: Documents that should not be made by one person, where both belong to one chain.
PAIRS = (
    (names.ORDER, names.DELIVERY),
    (names.ORDER, names.CREDIT_NOTE),
    (names.INVOICE, names.CREDIT_NOTE),
    (names.INVOICE, names.RECEIPT),
    (names.INVOICE, names.ALLOCATION),
    (names.RECEIPT, names.CREDIT_NOTE),
    (names.RECEIPT, names.WRITE_OFF),
    (names.ALLOCATION, names.WRITE_OFF),
)
#: Documents that are compared with what they name, or with others about the same item.
NAMING = frozenset(second for _, second in PAIRS)
#: What is said about orders that counts: accepting prices, releasing.
SAID = ("order-confirmed", "order-released")
#: Customs that count.
CUSTOMS = ("o2c-limit", "o2c-close")
#: Roles that should not be held by one person.
ROLES = (
    ("master-data", "orders"),
    ("master-data", "invoicing"),
    ("orders", "warehouse"),
    ("orders", "credit"),
    ("invoicing", "cash"),
    ("approvals", "orders"),
    ("approvals", "invoicing"),
    ("approvals", "cash"),
)


class Conflict(NamedTuple):
    """One person did both; `first` and `second` name the two entries or roles, `source` is where the later stands."""

    person: str
    duties: tuple[str, str]
    first: str
    second: str
    source: Source


class Summary(NamedTuple):
    """All conflicts of one person about one pair of duties: how often, and the newest as example."""

    example: Conflict
    times: int

    def __str__(self) -> str:
        """Say it in a sentence."""
        one = self.example
        often = "" if self.times == 1 else f" {self.times} times"
        return f"{one.person} did {one.duties[0]} and {one.duties[1]}{often} ({one.first}, {one.second})"


def conflicts(facts: Facts) -> list[Conflict]:
    """List where one person did two things of one chain that two persons should do, in the order of the books."""
    found = [*_of_documents(facts), *_of_orders(facts), *_of_limits(facts), *_of_closes(facts)]
    return sorted(set(found), key=lambda one: (one.source, one))


def of_roles(users: Mapping[str, tuple[str, ...]]) -> list[Conflict]:
    """List the users who hold two roles that should be apart."""
    return [
        Conflict(user, pair, f"role {pair[0]}", f"role {pair[1]}", NOWHERE)
        for user, roles in users.items()
        for pair in ROLES
        if set(pair) <= set(roles)
    ]


def summaries(found: Iterable[Conflict]) -> list[Summary]:
    """Count conflicts by person and pair of duties, most frequent first."""
    groups: dict[tuple[str, tuple[str, str]], list[Conflict]] = defaultdict(list)
    for one in found:
        groups[one.person, one.duties].append(one)
    return sorted((Summary(group[-1], len(group)) for group in groups.values()), key=lambda one: (-one.times, one))


def _of_documents(facts: Facts) -> Iterator[Conflict]:
    """Compare each document with those that it names: its order, its invoice, the items that it moves."""
    for versions in facts.versions.values():
        for doc in versions:
            for name in _named(doc):
                for other in facts.versions.get(name, ()):
                    yield from _both(other, doc)
    yield from _of_items(facts)


def _named(doc: Document) -> set[str]:
    lines = {name for line in doc.lines for name in (line.order, line.delivery)}
    items = {movement.item.partition(".")[0] for movement in doc.movements} | {m.item for m in doc.movements}
    return ({doc.refers} | lines | items) - {doc.doc_id, ""}


def _of_items(facts: Facts) -> Iterator[Conflict]:
    """Compare the documents that move one item: who enters a receipt does not write off the rest."""
    moving: dict[str, dict[str, Document]] = defaultdict(dict)
    for move in facts.moved:
        if move.doc_type in {names.RECEIPT, names.ALLOCATION, names.WRITE_OFF, names.CREDIT_NOTE}:
            moving[move.movement.item][move.doc_id] = facts.versions[move.doc_id][0]
    for documents in moving.values():
        for first in documents.values():
            for second in documents.values():
                yield from _both(first, second)


def _both(first: Document, second: Document) -> Iterator[Conflict]:
    by = first.act.by
    if by and by == second.act.by and (first.doc_type, second.doc_type) in PAIRS:
        later = max(first, second, key=lambda doc: (doc.date, doc.source))
        yield Conflict(by, (first.doc_type, second.doc_type), first.doc_id, second.doc_id, later.source)


def _of_orders(facts: Facts) -> Iterator[Conflict]:
    """Who takes an order in should neither accept its prices nor release it."""
    kinds = {"order-confirmed": "accepting prices", "order-released": "releasing orders"}
    for subject, events in facts.events.items():
        makers = {doc.act.by for doc in facts.versions.get(subject, ())} - {""}
        for event in events:
            plain = event.kind == "order-confirmed" and dict(event.extra).get("prices-accepted") is not True
            if event.kind in kinds and not plain and event.act.by in makers:
                yield _conflict(event, "order", kinds[event.kind], subject)


def _of_limits(facts: Facts) -> Iterator[Conflict]:
    """Who sets the limit of a customer should not take in its orders."""
    limits = [event for event in facts.customs if event.kind == "o2c-limit" and event.act.by and event.values]
    if not limits:
        return
    orders: dict[tuple[str, str], str] = {}
    for versions in facts.versions.values():
        for doc in versions:
            if doc.doc_type == names.ORDER:
                orders[doc.customer, doc.act.by] = doc.doc_id
    for event in limits:
        customer = str(event.values[0])
        if (customer, event.act.by) in orders:
            yield _conflict(event, "order", "credit limit", orders[customer, event.act.by])


def _of_closes(facts: Facts) -> Iterator[Conflict]:
    """Who closes a period should not have posted in it."""
    closes = [event for event in facts.customs if event.kind == "o2c-close" and event.act.by and event.values]
    if not closes:
        return
    posted: dict[tuple[str, str], str] = {}
    for versions in facts.versions.values():
        for doc in versions:
            posted[f"{doc.date:%Y-%m}", doc.act.by] = doc.doc_id
    for event in closes:
        period = str(event.values[0])
        if (period, event.act.by) in posted:
            yield _conflict(event, "posting", "closing", posted[period, event.act.by])


def _conflict(event: Event, first: str, second: str, example: str) -> Conflict:
    subject = event.subject or " ".join(str(value) for value in event.values[:1])
    return Conflict(event.act.by, (first, second), example, subject, event.source)
