"""The books as if nothing had been entered for the days after one: what a pack shows must not change later."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import TypeVar

from o2c.books import Books
from o2c.model.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date

    from o2c.model.documents import Document
    from o2c.model.documents import Event

_Said = TypeVar("_Said", "Document", "Event", "Document | Event")


def books_then(books: Books, last: Date) -> Books:
    """Give loaded books with only the entries dated up to and with a day; master data are those of today."""
    if not any(entries and entries[-1].date > last for entries in (books.parsed, books.booked, books.entries)):
        return books
    cut = Books(
        books.root,
        [entry for entry in books.parsed if entry.date <= last],
        [entry for entry in books.booked if entry.date <= last],
        [entry for entry in books.entries if entry.date <= last],
        books.errors,
        books.options,
        books.stamps,
    )
    cut.__dict__["master"] = books.master
    cut.__dict__["facts"] = _facts_through(books.facts, last)
    return cut


def _facts_through(known: Facts, last: Date) -> Facts:
    """Give the facts up to a day out of all: they are in the order of their days, and need not be read again."""
    facts = Facts(())
    facts.versions = _through(known.versions, last)
    facts.events.update(_through(known.events, last))
    facts.keys.update(_through(known.keys, last))
    facts.customs = [event for event in known.customs if event.date <= last]
    facts.moved = [moved for moved in known.moved if moved.date <= last]
    return facts


def _through(named: Mapping[str, list[_Said]], last: Date) -> dict[str, list[_Said]]:
    kept = {name: [one for one in said if one.date <= last] for name, said in named.items()}
    return {name: said for name, said in kept.items() if said}
