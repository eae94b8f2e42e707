"""The steps of the process, day by day: what happened, when, and to which documents."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.chain import items_of
from o2c.model.documents import Document
from o2c.model.money import ZERO
from o2c.reports.process import activities

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.reports.selection import Selection

#: How a step is about a document: it is that document (or a note about it); its lines fulfil that order or invoice that
#: delivery; it corrects, reverses or fulfils it as a whole; it moves its item.
SELF = "document"
ORDER = "order"
DELIVERY = "delivery"
REFERS = "refers"
ITEM = "item"


class Touch(NamedTuple):
    """A document that a step is about, and how."""

    doc_id: str
    how: str


class Step(NamedTuple):
    """One entry as a step.

    `time` is in UTC, `2026-03-02T07:30:00Z`: the moment of the entry where that is of the day of the entry, else the
    beginning of its day. `touches` are documents of the books up to that day, each once. `moved` is what it moved on
    the items of each document, debit positive, in the currency of the entry. `versions` are those of a document that
    this step makes, the later ones too, and none of a note or an amendment.
    """

    time: str
    activity: str
    entry: Document | Event
    touches: tuple[Touch, ...]
    moved: tuple[tuple[str, Decimal], ...]
    versions: tuple[Document, ...] = ()

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person made it by itself, not a run; see `activities`."""
        return activities.is_by_hand(self.activity, self.entry.act)

    def documents(self, *how: str) -> list[str]:
        """Name the documents that it is about in one of these ways."""
        return [touch.doc_id for touch in self.touches if touch.how in how]


def steps(chosen: Selection, until: Date) -> Iterator[Step]:
    """Give the steps up to and with a day, by day, moment, and the usual order of the process.

    Only those of the selection: a note without a currency belongs where its document does. Documents are read a few at
    a time, and briefly: of most there is only what `Books.documents` says of that.
    """
    days = _Days()
    for entry in _notes(chosen.books, until):
        if chosen.takes(entry.customer):
            days.add(entry)
    for doc in chosen.books.documents(*activities.DOCUMENTS, as_of=until, customer=chosen.customer, brief=True):
        versions = _versions(chosen.books, doc, until)
        yield from days.before(versions[0].date)
        if chosen.takes(doc.customer, doc.currency):
            for version in versions:
                days.add(version)
            days.versions[doc.doc_id] = tuple(versions)
        elif chosen.currency:
            days.leave_out(doc)
    yield from days.before(None)


def _notes(books: Books, until: Date) -> Iterator[Event]:
    yield from (event for events in books.events(*names.EVENTS).values() for event in events if event.date <= until)
    customers = books.customer_names()
    for limit in books.customs(activities.LIMIT):
        of = str(limit.values[0]) if limit.values else ""
        whose = limit.customer or (of if of in customers else "")
        if limit.date <= until:
            yield limit._replace(customer=whose, subject=limit.subject or of)


def _versions(books: Books, doc: Document, until: Date) -> list[Document]:
    if doc.version == 1:
        return [doc]
    known = books.about(doc.doc_id).facts.versions[doc.doc_id]
    return sorted((one for one in known if one.date <= until), key=lambda one: one.version)


class _Days:
    """The entries of the days that are not over, and the documents known so far."""

    def __init__(self) -> None:
        self.versions: dict[str, tuple[Document, ...]] = {}
        self._waiting: dict[Date, list[Document | Event]] = {}
        self._last: Date | None = None
        self._known: set[str] = set()
        self._left_out: set[str] = set()
        self._owners: dict[str, str] = {}

    def add(self, entry: Document | Event) -> None:
        self._waiting.setdefault(entry.date, []).append(entry)
        if isinstance(entry, Document):
            self._known.add(entry.doc_id)
            self._owners.update((item, entry.doc_id) for item in items_of(entry) if item != entry.doc_id)

    def leave_out(self, doc: Document) -> None:
        """Leave out a document of another currency, and the notes about it."""
        self._left_out |= {doc.doc_id, *items_of(doc)}

    def before(self, day: Date | None) -> Iterator[Step]:
        """Give the steps of all days before a day (None: all), and forget them."""
        if day == self._last and day is not None:
            return
        self._last = day
        for over in sorted(known for known in self._waiting if day is None or known < day):
            yield from self._of_day(self._waiting.pop(over))

    def _of_day(self, entries: Iterable[Document | Event]) -> Iterator[Step]:
        found = [self._step(entry) for entry in entries]
        wanted = [step for step in found if step.activity and not self._is_left_out(step.entry)]
        return iter(sorted(wanted, key=lambda one: (one.time, activities.rank(one.activity), one.entry.source)))

    def _is_left_out(self, entry: Document | Event) -> bool:
        return not isinstance(entry, Document) and entry.subject in self._left_out

    def _step(self, entry: Document | Event) -> Step:
        touches: dict[str, str] = {}
        for name, how in _touches(entry):
            touches.setdefault(self._owners.get(name, name), how)
        kept = tuple(Touch(name, how) for name, how in touches.items() if name in self._known)
        versions = self.versions.pop(entry.doc_id, ()) if isinstance(entry, Document) else ()
        return Step(time_of(entry), activities.activity(entry), entry, kept, self._moved(entry), versions)

    def _moved(self, entry: Document | Event) -> tuple[tuple[str, Decimal], ...]:
        """Sum what an entry moved by the documents that the items belong to."""
        sums: dict[str, Decimal] = {}
        for move in entry.movements if isinstance(entry, Document) else ():
            owner = self._owners.get(move.item, move.item)
            sums[owner] = sums.get(owner, ZERO) + move.amount
        return tuple(sums.items())


def _touches(entry: Document | Event) -> Iterator[tuple[str, str]]:
    """Name the documents and items that an entry is about, and how; some more than once."""
    if not isinstance(entry, Document):
        yield entry.subject, SELF
        return
    yield entry.doc_id, SELF
    for line in entry.lines:
        if line.order:
            yield line.order, ORDER
        if line.delivery:
            yield line.delivery, DELIVERY
    for name in (entry.refers, str(entry.fact("invoice"))):
        if name:
            yield name, REFERS
    for move in entry.movements:
        if move.item != entry.doc_id and move.due is None:
            yield move.item, ITEM


def time_of(entry: Document | Event) -> str:
    """Give the moment of an entry; one of another day is that of its recording, not of what happened."""
    day, said = entry.date.isoformat(), entry.act.at
    return said if said.startswith(f"{day}T") and said.endswith("Z") else f"{day}T00:00:00Z"
