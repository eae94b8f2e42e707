"""The answers of books opened as commands open them, beside those of a fresh load: they must be the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c import reports
from o2c.books.index import verify
from o2c.books.index.books import IndexedBooks
from o2c.cash.register import register
from o2c.errors import BooksBroken
from o2c.errors import O2CError
from o2c.errors import Refused
from o2c.model import names
from o2c.model.items import find
from o2c.model.items import items
from o2c.model.progress import Progress
from o2c.model.progress import state
from o2c.reports import aging
from o2c.reports import listings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from o2c.books import Books
    from o2c.cash.register import Entered
    from o2c.model.items import Item
    from o2c.reports.table import Table


OVER_DAYS = ("roll-forward", "sales", "tax", "days-to-pay")


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
        for basis in aging.BASES:
            assert aging.report(books, day, basis=basis) == aging.report(fresh, day, basis=basis)
    require_the_same_lists(books, fresh)
    numbers = sorted(set(fresh.facts.versions) - {""})
    step = max(1, len(numbers) // documents)
    for number in numbers[::step]:
        require_the_same_document(books, fresh, number)
    if not fresh.errors:
        require_the_same_numbers(books, fresh)
        require_the_same_reports(books, fresh)
    assert books.closed_through() == fresh.closed_through()
    if isinstance(books, IndexedBooks):
        assert not verify.compare(fresh)
        books.connection.close()
    return books


def require_the_same_reports(books: Books, fresh: Books) -> None:
    """Compare reports over some days, which read only these days out of the index."""
    for day in verify.days(fresh)[-1:]:
        for name in OVER_DAYS:
            ours, theirs = (reports.run(name, one, day, since=day.replace(day=1)) for one in (books, fresh))
            assert _without_places(ours) == _without_places(theirs), name


def _without_places(table: Table) -> list[str]:
    """Sort the rows, without the place: of two files Beancount takes that first which the file system lists first."""
    return sorted(str({name: cell for name, cell in row.items() if name != "source"}) for row in table.rows)


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
    assert by_place(part.customs(*names.CUSTOMS)) == by_place(fresh.facts.customs)
    assert part.closed_through() == fresh.closed_through()
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


def require_the_same_lists(books: Books, fresh: Books) -> None:
    """Compare the lists of documents and of cash on the last day, those of a customer, and those of a kind."""
    last = max((doc.date for doc in fresh.facts.documents()), default=date(2026, 4, 1))
    for customer in ("", *sorted({doc.customer for doc in fresh.facts.documents()})[:2]):
        for kind in (names.INVOICE, names.CREDIT_NOTE):
            for only in ("", "open", "overdue"):
                ours, theirs = (
                    listings.sales_documents(one, last, kind, only=only, customer=customer) for one in (books, fresh)
                )
                assert in_any_order(ours.rows) == in_any_order(theirs.rows)
        for kind in (names.RECEIPT, names.ALLOCATION):
            for unapplied in (False, True):
                ours_entered, theirs_entered = (
                    register(one, last, kind, customer, unapplied=unapplied) for one in (books, fresh)
                )
                assert in_any_order(entered(ours_entered)) == in_any_order(entered(theirs_entered))


def in_any_order(rows: Iterable[object]) -> list[str]:
    """Sort rows: Beancount has no order of its own for what stands in two files at the same line of the same day."""
    return sorted(map(repr, rows))


def entered(found: Iterable[Entered]) -> list[tuple[object, ...]]:
    """Take the rows of a register without what only loaded books know of a document."""
    return [((one.doc.doc_id, one.doc.date, one.doc.customer, one.doc.source), *one[1:]) for one in found]


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
