"""What somebody did: each entry of the books as a row with who, when, what, why, and what it changed from and to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import approvals
from o2c.model import money
from o2c.model import names
from o2c.model import periods
from o2c.model import progress
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.money import ZERO
from o2c.reports import places
from o2c.reports.table import Column
from o2c.sales.orders import total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.facts import Facts
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row

COLUMNS = (
    Column("date", "date"),
    Column("recorded", "code"),
    Column("by", "text"),
    Column("what", "code"),
    Column("subject", "code"),
    Column("customer", "code"),
    Column("currency", "code"),
    Column("amount", "money"),
    Column("from", "text"),
    Column("to", "text"),
    Column("why", "text"),
    Column("approved_by", "text"),
    Column("proposal", "code"),
    Column("source", "code"),
)
_LIMIT = "o2c-limit"
_ORDER_EVENTS = frozenset({"order-confirmed", "order-held", "order-released", "order-cancelled"})


class Change(NamedTuple):
    """What an entry changed, in words; empty where it changed no value that was there before."""

    before: str = ""
    after: str = ""


class Acts:
    """The entries of the books as acts; made once, so that each knows what was said before it."""

    def __init__(self, books: Books) -> None:
        """Look at loaded books."""
        self.books = books
        self._changes = _changes(books.facts)

    def within(self, first: Date, last: Date, chosen: Selection) -> Iterator[Document | Event]:
        """Give the documents and events dated from the first to the last day, by day, moment and place."""
        facts = self.books.facts
        found: list[Document | Event] = [doc for versions in facts.versions.values() for doc in versions]
        found += [event for events in facts.events.values() for event in events]
        found += facts.customs
        within = (entry for entry in found if first <= entry.date <= last)
        for entry in sorted(within, key=lambda one: (one.date, one.act.at, one.source)):
            if chosen.concerns(approvals.customer(entry)):
                amount = amount_of(entry)
                if not chosen.currency or (amount is not None and amount.currency == chosen.currency):
                    yield entry

    def row(self, entry: Document | Event) -> Row:
        """Write an entry as a row of `COLUMNS`; without an amount it has no currency."""
        amount = amount_of(entry)
        facts = dict(entry.extra)
        change = self._changes.get((entry.source, _subject(entry)), Change())
        return {
            "date": entry.date,
            "recorded": entry.act.at,
            "by": entry.act.by,
            "what": entry.doc_type if isinstance(entry, Document) else entry.kind,
            "subject": _subject(entry),
            "customer": approvals.customer(entry),
            "currency": amount.currency if amount else "",
            "amount": amount.number or ZERO if amount else "",
            "from": change.before,
            "to": change.after,
            "why": entry.act.why,
            "approved_by": str(facts.get(approvals.APPROVED_BY, "")),
            "proposal": str(facts.get(approvals.PROPOSAL, "")),
            "source": places.place(self.books, entry.source),
        }


def amount_of(entry: Document | Event) -> Amount | None:
    """Give what an entry is about: what a document moved on items (an order: its net), else the amount it names.

    Of a document that moves nothing but between items, what it took from some for others: each item netted, since a lot
    is taken out whole and its rest put back.
    """
    if isinstance(entry, Event):
        amounts = [value for value in entry.values if isinstance(value, Amount)]
        named = dict(entry.extra).get("amount")
        return next(iter(amounts), named if isinstance(named, Amount) else None)
    if entry.doc_type == names.ORDER:
        return Amount(total(entry.lines), entry.currency)
    nets = of_items(entry)
    if not nets:
        return None
    return Amount(sum(nets.values(), ZERO) or sum((net for net in nets.values() if net > 0), ZERO), _currency(entry))


def of_items(doc: Document) -> dict[tuple[str, str], Decimal]:
    """Net what a document moved on each item, by account and item, in the currency of its first movement."""
    nets: dict[tuple[str, str], Decimal] = {}
    for movement in doc.movements:
        if movement.currency == _currency(doc):
            key = (movement.account, movement.item)
            nets[key] = nets.get(key, ZERO) + movement.amount
    return nets


def _currency(doc: Document) -> str:
    return doc.movements[0].currency


def _subject(entry: Document | Event) -> str:
    if isinstance(entry, Document):
        return entry.doc_id
    return entry.subject or " ".join(str(value) for value in entry.values[:1])


def _changes(facts: Facts) -> dict[tuple[object, str], Change]:
    """Find what each entry changed: orders amended, states of orders, limits, periods."""
    found: list[tuple[Document | Event, Change]] = [*_amended(facts), *_states(facts)]
    found += [*_limits(facts), *_periods(facts)]
    return {(entry.source, _subject(entry)): change for entry, change in found}


def _amended(facts: Facts) -> Iterator[tuple[Document, Change]]:
    for versions in facts.versions.values():
        if len(versions) > 1 and versions[0].doc_type == names.ORDER:
            ordered = sorted(versions, key=lambda doc: doc.version)
            for before, after in pairwise(ordered):
                yield after, Change(_net(before), _net(after))


def _net(order: Document) -> str:
    return f"version {order.version}: {money.text(total(order.lines), order.currency)} net"


def _states(facts: Facts) -> Iterator[tuple[Event, Change]]:
    for subject, events in facts.events.items():
        versions = facts.versions.get(subject, ())
        if not versions or versions[0].doc_type != names.ORDER:
            continue
        for at, event in enumerate(events):
            if event.kind in _ORDER_EVENTS:
                order = max(_known(versions, event), key=lambda doc: doc.version)
                yield event, Change(progress.state(order, events[:at]), progress.state(order, events[: at + 1]))


def _known(versions: Sequence[Document], event: Event) -> Sequence[Document]:
    """List the versions that an event can speak of: up to the one it names, else those of its day."""
    named = progress.event_version(event) if "version" in dict(event.extra) else None
    known = (
        [doc for doc in versions if doc.version <= named] if named else [v for v in versions if v.date <= event.date]
    )
    return known or versions


def _limits(facts: Facts) -> Iterator[tuple[Event, Change]]:
    last: dict[tuple[str, str], str] = {}
    for event in (event for event in facts.customs if event.kind == _LIMIT):
        kind = str(dict(event.extra).get("kind", "permanent"))
        name = str(event.values[0]) if event.values else ""
        amount = next((value for value in event.values if isinstance(value, Amount)), None)
        if kind in {"blocked", "unblocked"}:
            key, said = (name, "blocked"), kind
        else:
            worth = money.text(amount.number or ZERO, amount.currency) if amount else ""
            key, said = (name, kind), f"{kind} {worth}"
        yield event, Change(last.get(key, ""), said)
        last[key] = said


def _periods(facts: Facts) -> Iterator[tuple[Event, Change]]:
    state: dict[str, str] = {}
    for close in periods.closes(facts.customs):
        said = "sealed" if close.seal else close.state
        yield close.event, Change(state.get(close.period, periods.OPEN), said)
        state[close.period] = said
