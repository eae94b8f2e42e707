"""The answers of books opened as commands open them, beside those of a fresh load: they must be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c.books.index import verify
from o2c.books.index.books import IndexedBooks
from o2c.errors import BooksBroken
from o2c.errors import O2CError
from o2c.errors import Refused
from o2c.model.items import find
from o2c.model.items import items
from o2c.model.progress import Progress
from o2c.model.progress import state

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.items import Item


def require_the_same(root: Path, *, documents: int = 3) -> Books | None:
    """Prove that every question has the answer of a fresh load; of the documents, look at some.

    None where the books do not load at all: then they do not open, either.
    """
    fresh = loaded(root)
    if fresh is None:
        with pytest.raises(BooksBroken):
            door.opened(root)
        return None
    books = door.opened(root)
    assert messages(books) == messages(fresh)
    for day in verify.days(fresh):
        assert plain(books.open_items(day)) == plain(fresh.open_items(day))
        assert not_zero(books.balances(day)) == not_zero(fresh.balances(day))
    numbers = sorted(set(fresh.facts.versions) - {""})
    step = max(1, len(numbers) // documents)
    for number in numbers[::step]:
        require_the_same_document(books, fresh, number)
    if not fresh.errors:
        require_the_same_numbers(books, fresh)
    assert books.closed_through() == fresh.closed_through()
    if isinstance(books, IndexedBooks):
        assert not verify.compare(fresh)
        books.connection.close()
    return books


def loaded(root: Path) -> Books | None:
    """Load the books whole; None where Beancount cannot."""
    try:
        return door.load(root)
    except BooksBroken:
        return None


def messages(books: Books) -> list[tuple[str, int, str]]:
    """Say what is wrong with the books, and where."""
    return sorted((error.source.file, error.source.line, error.message) for error in books.errors)


def plain(found: list[Item]) -> set[Item]:
    return set(map(verify.comparable, found))


def by_place(found: list[Any]) -> list[Any]:
    """Sort what stands in two files at the same line of the same day: Beancount has no order of its own for that."""
    return sorted(found, key=lambda one: (one.date, one.source.line, one.source.file))


def not_zero(balances: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    return {key: amount for key, amount in balances.items() if amount}


def require_the_same_document(books: Books, fresh: Books, number: str) -> None:
    """Compare a document, what happened to it, its items, and how far it has come, in a slice and in all."""
    part = books.about(number)
    assert by_place(part.facts.versions.get(number, [])) == by_place(fresh.facts.versions.get(number, []))
    assert by_place(part.facts.events.get(number, [])) == by_place(fresh.facts.events.get(number, []))
    assert by_place(part.facts.customs) == by_place(fresh.facts.customs)
    assert books.payee(number) == fresh.payee(number)
    if all(movement.item for version in fresh.facts.versions.get(number, ()) for movement in version.movements):
        ours, theirs = (set(find(items(facts.moved), number)) for facts in (part.facts, fresh.facts))
        assert {one._replace(source=None) for one in ours} == {one._replace(source=None) for one in theirs}
    for version in fresh.facts.versions.get(number, ()):
        some = {movement.item for movement in version.movements} - {""}
        ours, theirs = (
            [move for move in facts.moved if move.movement.item in some] for facts in (part.facts, fresh.facts)
        )
        assert by_place(ours) == by_place(theirs)
        own, whole = Progress(part.facts), Progress(fresh.facts)
        for line in version.lines:
            for key in ((number, line.number), (line.order, line.order_line)):
                assert own.delivered.get(key) == whole.delivered.get(key)
                assert own.invoiced.get(key) == whole.invoiced.get(key)
                assert own.credited.get(key) == whole.credited.get(key)
        if version.doc_type == "order":
            assert state(version, part.facts.events[number]) == state(version, fresh.facts.events[number])
        if version.act.key:
            assert by_place(books.existed(version.act.key)) == by_place(fresh.existed(version.act.key))


def require_the_same_numbers(books: Books, fresh: Books) -> None:
    """Compare the next number of every series on the last day of each."""
    last = max((doc.date for doc in fresh.facts.documents()), default=None)
    try:
        patterns = fresh.master.company.numbering
    except O2CError:
        return
    for kind in patterns if last else ():
        assert drawn(books, kind, last) == drawn(fresh, kind, last), kind


def drawn(books: Books, kind: str, day: date) -> str:
    """Draw a number, or give the sentence of the refusal."""
    try:
        return books.numbers().draw(kind, day)
    except Refused as refusal:
        return str(refusal)
