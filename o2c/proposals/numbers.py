"""The numbers of documents that are only proposed: `NEW-1`, `NEW-2`, until the true ones are drawn.

A number is replaced where it is a number (number, references, items, links, orders, deliveries, subjects) and in the
narration, which the program wrote; never in texts that customers wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.documents import Entry
    from o2c.model.documents import Extra
    from o2c.model.documents import Value

_NEW = re.compile(r"NEW-[1-9][0-9]*")
_WORD = re.compile(r"(?<![A-Za-z0-9._-])([A-Z0-9][A-Z0-9_-]*)(?=(\.[0-9]+)?(?![A-Za-z0-9_-]))", re.ASCII)


def is_new(doc_id: str) -> bool:
    """Tell whether this is the number of a document that is only proposed."""
    return _NEW.fullmatch(doc_id) is not None


def proposed(books: Books, groups: Sequence[tuple[Entry, ...]]) -> list[tuple[Entry, ...]]:
    """Give the documents of each line the numbers `NEW-1`, `NEW-2` ...; those in the books keep theirs.

    Two lines may hold the same number, where the producer composed each by itself: they are two documents.
    """
    known = books.about(*{doc.doc_id for group in groups for doc in _documents(group)}).facts.versions
    count, own = 0, []
    for group in groups:
        fresh = dict.fromkeys(doc.doc_id for doc in _documents(group) if doc.doc_id not in known)
        own.append({doc_id: f"NEW-{number}" for number, doc_id in enumerate(fresh, count + 1)})
        count += len(fresh)
    everywhere = {doc_id: name for names in reversed(own) for doc_id, name in names.items()}
    return [
        tuple(renamed(entry, everywhere | names) for entry in group) for group, names in zip(groups, own, strict=True)
    ]


def _documents(entries: Iterable[Entry]) -> list[Document]:
    return [entry for entry in entries if isinstance(entry, Document)]


def drawn(books: Books, entries: Iterable[Entry]) -> dict[str, str]:
    """Draw the true numbers of proposed documents; inside the lock. Raises Refused where there is no such series."""
    numbers, result = books.numbers(), dict[str, str]()
    for entry in entries:
        if isinstance(entry, Document) and is_new(entry.doc_id) and entry.doc_id not in result:
            if entry.doc_type not in books.master.company.numbering:
                raise Refused(
                    f"{entry.source}: there is no series for {entry.doc_type}; add it to `numbering` in company.yaml"
                )
            result[entry.doc_id] = numbers.draw(entry.doc_type, entry.date)
    return result


def renamed(entry: Entry, names: Mapping[str, str]) -> Entry:
    """Give an entry with other numbers in all its places."""
    if not names or isinstance(entry, Opening):
        return entry
    if isinstance(entry, Event):
        return _event(entry, names)
    return entry._replace(
        doc_id=_one(entry.doc_id, names),
        narration=_within(entry.narration, names),
        refers=_one(entry.refers, names),
        links=frozenset(_one(link, names) for link in entry.links),
        extra=_extra(entry.extra, names),
        movements=tuple(_movement(movement, names) for movement in entry.movements),
        lines=tuple(_line(line, names) for line in entry.lines),
        taxes=tuple(tax._replace(extra=_extra(tax.extra, names)) for tax in entry.taxes),
        others=tuple(other._replace(extra=_extra(other.extra, names)) for other in entry.others),
    )


def _event(event: Event, names: Mapping[str, str]) -> Event:
    return event._replace(
        subject=_one(event.subject, names),
        comment=_within(event.comment, names),
        links=frozenset(_one(link, names) for link in event.links),
        extra=_extra(event.extra, names),
        values=tuple(_value(value, names) for value in event.values),
    )


def _movement(movement: Movement, names: Mapping[str, str]) -> Movement:
    return movement._replace(item=_one(movement.item, names), extra=_extra(movement.extra, names))


def _line(line: Line, names: Mapping[str, str]) -> Line:
    return line._replace(
        order=_one(line.order, names), delivery=_one(line.delivery, names), extra=_extra(line.extra, names)
    )


def _extra(facts: Extra, names: Mapping[str, str]) -> Extra:
    return tuple((key, _value(value, names)) for key, value in facts)


def _value(value: Value, names: Mapping[str, str]) -> Value:
    return _one(value, names) if isinstance(value, str) else value


def _one(text: str, names: Mapping[str, str]) -> str:
    """Rename a number, also one of an instalment (`NEW-1.2`)."""
    stem, dot, part = text.partition(".")
    if text in names:
        return names[text]
    return f"{names[stem]}.{part}" if dot and part.isdigit() and stem in names else text


def _within(text: str, names: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: names.get(found.group(1), found.group(1)), text)
