"""All facts of the books together: documents by number, events by subject, movements by item."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.data import Transaction

from o2c.errors import NotFound
from o2c.model import reading
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date

    from beancount.core.data import Directive

    from o2c.model.documents import Movement
    from o2c.model.findings import Source


class Moved(NamedTuple):
    """A movement with the day and document that made it; entries by hand without a number have `doc_id` empty.

    `due` is given where the movement opens its item. `owner` is the type of the document that the item is named
    after, where that is another document before this one.
    """

    date: Date
    doc_id: str
    doc_type: str
    movement: Movement
    due: Date | None
    source: Source
    owner: str = ""


class Facts:
    """What the books say, looked up by number; built in one pass over the entries."""

    def __init__(self, entries: Iterable[Directive]) -> None:
        """Read the entries, which are in the order of their days."""
        self.versions: dict[str, list[Document]] = {}
        self.events: dict[str, list[Event]] = defaultdict(list)
        self.customs: list[Event] = []
        self.moved: list[Moved] = []
        self.keys: dict[str, list[Document | Event]] = defaultdict(list)
        for entry in entries:
            if isinstance(entry, Transaction):
                self._take_transaction(entry)
            else:
                self.add_event(reading.event(entry))

    def _take_transaction(self, entry: Transaction) -> None:
        if "doc-type" in entry.meta:
            self.add(reading.document(entry))
        else:
            place = reading.source(entry)
            self.moved.extend(Moved(entry.date, "", "", m, m.due, place) for m in reading.movements(entry))

    def add(self, doc: Document) -> None:
        """Take one more document into the facts."""
        self.versions.setdefault(doc.doc_id, []).append(doc)
        for movement in doc.movements:
            due = movement.due or (doc.due if movement.item == doc.doc_id else None)
            named_after = self.versions.get(movement.item, []) if movement.item != doc.doc_id else []
            owner = named_after[0].doc_type if named_after else ""
            self.moved.append(Moved(doc.date, doc.doc_id, doc.doc_type, movement, due, doc.source, owner))
        if doc.act.key:
            self.keys[doc.act.key].append(doc)

    def add_event(self, event: Event | None) -> None:
        """Take one more event into the facts."""
        if event is None:
            return
        if event.account:
            self.events[event.subject].append(event)
        else:
            self.customs.append(event)
        if event.act.key:
            self.keys[event.act.key].append(event)

    def include(self, entries: Iterable[Document | Event]) -> None:
        """Take entries into the facts that are made in the same step, before they are written."""
        for entry in entries:
            if isinstance(entry, Document):
                self.add(entry)
            else:
                self.add_event(entry)

    def documents(self, *doc_types: str, as_of: Date | None = None) -> list[Document]:
        """List documents in the order of the books, amended orders in the version of the day; no type: all."""
        found = []
        for versions in self.versions.values():
            known = [doc for doc in versions if as_of is None or doc.date <= as_of]
            if known and (not doc_types or known[0].doc_type in doc_types):
                found.append(max(known, key=lambda doc: doc.version))
        return found

    def document(self, doc_id: str, *doc_types: str) -> Document:
        """Find a document by its number, in its latest version; raises NotFound, with what it is instead."""
        wanted = " or ".join(doc_types) or "document"
        if doc_id not in self.versions:
            raise NotFound(
                f"there is no {wanted} {shown(doc_id)} in the books; `o2c {_command(doc_types)} list` shows them"
            )
        doc = max(self.versions[doc_id], key=lambda version: version.version)
        if doc_types and doc.doc_type not in doc_types:
            raise NotFound(f"{doc_id} is {_one(doc.doc_type)}, not {_one(wanted)}")
        return doc


def _one(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _command(doc_types: tuple[str, ...]) -> str:
    return doc_types[0] if doc_types else "order|invoice|receipt"
