"""Lists through the index show what lists of loaded books show, row by row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import documents
from o2c.books.index import slices
from o2c.books.index.books import IndexedBooks
from o2c.cash.register import register
from o2c.model import names
from o2c.model.documents import Event
from o2c.model.writing import write
from o2c.reports import listings
from o2c.reports import open_items
from tests.books.index import answers
from tests.books.index import small_books

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books


@pytest.fixture(scope="module")
def both(indexed: Path) -> Iterator[tuple[IndexedBooks, Books]]:
    """The books through their index, and loaded."""
    books = door.opened(indexed)
    assert isinstance(books, IndexedBooks)
    yield books, door.load(indexed)
    books.connection.close()


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list be read in many parts."""
    monkeypatch.setattr(documents, "AT_ONCE", 7)
    monkeypatch.setattr(slices, "FEW", 0)


def days(books: Books) -> list[date]:
    known = sorted({doc.date for doc in books.facts.documents()})
    return [known[len(known) // 3], known[len(known) // 2], known[-1]]


def customers(books: Books) -> list[str]:
    return ["", *sorted({doc.customer for doc in books.facts.documents()})[::5]]


@pytest.mark.parametrize("only", ["", "open", "held", "incomplete"])
def test_orders_are_listed_alike(both: tuple[IndexedBooks, Books], only: str) -> None:
    books, fresh = both
    for day in days(fresh):
        for customer in customers(fresh):
            ours, theirs = (listings.orders(one, day, only=only, customer=customer) for one in both)
            assert ours == theirs
    assert "whole" not in vars(books)


@pytest.mark.parametrize("kind", [names.INVOICE, names.CREDIT_NOTE])
@pytest.mark.parametrize("only", ["", "open", "overdue"])
def test_invoices_and_credit_notes_are_listed_alike(both: tuple[IndexedBooks, Books], kind: str, only: str) -> None:
    books, fresh = both
    for day in days(fresh):
        for customer in customers(fresh):
            ours, theirs = (listings.sales_documents(one, day, kind, only=only, customer=customer) for one in both)
            assert ours == theirs
    assert "whole" not in vars(books)


def test_deliveries_are_listed_alike(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    for customer in customers(fresh):
        ours, theirs = (listings.deliveries(one, days(fresh)[-1], customer=customer) for one in both)
        assert ours == theirs
    assert "whole" not in vars(books)


@pytest.mark.parametrize("kind", [names.RECEIPT, names.REFUND, names.ALLOCATION, names.WRITE_OFF])
def test_cash_is_listed_alike(both: tuple[IndexedBooks, Books], kind: str) -> None:
    books, fresh = both
    for day in days(fresh):
        for unapplied in (False, True):
            ours, theirs = (answers.entered(register(one, day, kind, unapplied=unapplied)) for one in both)
            assert ours == theirs
    assert "whole" not in vars(books)


def test_open_items_with_disputes_are_listed_alike(tmp_path: Path) -> None:
    root = small_books.new(tmp_path)
    said = [
        Event(kind, date(2026, month, 21), subject, "C1", small_books.act(), names.receivable("C1"), "says so")
        for kind, month, subject in (
            ("dispute-opened", 1, "INV-2026-0011"),
            ("dispute-opened", 2, "INV-2026-0021"),
            ("dispute-resolved", 3, "INV-2026-0011"),
        )
    ]
    (root / "manual" / "disputes.beancount").write_text(write(said))
    books, fresh = door.opened(root), door.load(root)
    assert isinstance(books, IndexedBooks)
    for day, disputed in ((date(2026, 1, 31), 1), (date(2026, 2, 28), 2), (date(2026, 4, 1), 1)):
        ours, theirs = (open_items.report(one, day) for one in (books, fresh))
        assert ours == theirs
        assert sum(bool(row["disputed"]) for row in theirs.rows) == disputed
    assert "whole" not in vars(books)
    books.connection.close()
