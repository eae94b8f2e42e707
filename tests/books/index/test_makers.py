"""Who made what, and documents read briefly: through the index as in loaded books."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import documents
from o2c.books.index import slices
from o2c.books.index.books import IndexedBooks
from o2c.model import duties
from o2c.model import names
from o2c.reports import duties as report
from tests.books.index.conftest import DEMO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Document

#: One person too many, a limit and a close by who should not have made them, and prices that were accepted.
MORE = """
2026-04-01 custom "o2c-limit" "C0001" 99.00 EUR
  by: "anna"
2026-04-01 note Assets:AR:C0001 "Released" #order-released
  subject: "SO-2026-0001"
  by: "{by}"
2026-04-02 note Assets:AR:C0001 "Confirmed" #order-confirmed
  subject: "SO-2026-0002"
  prices-accepted: TRUE
  by: "{by}"
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[IndexedBooks, Books]]:
    """The books through their index, and loaded; one person made all entries of the demo books."""
    root = tmp_path_factory.mktemp("makers") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    known = door.load(root).facts.versions["SO-2026-0001"][0].act.by
    with (root / "journal" / "2026-04.beancount").open("w") as journal:
        journal.write(MORE.format(by=known))
    loaded = door.load(root)
    door.note_loaded(loaded)
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    yield books, loaded
    books.connection.close()


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list be read in many parts."""
    monkeypatch.setattr(documents, "AT_ONCE", 7)
    monkeypatch.setattr(slices, "FEW", 0)


def days(books: Books) -> list[date]:
    known = sorted({doc.date for doc in books.facts.documents()})
    return [known[0], known[len(known) // 2], known[-1]]


@pytest.mark.parametrize("currencies", [False, True])
def test_the_same_duties_are_found(both: tuple[IndexedBooks, Books], currencies: bool) -> None:
    books, fresh = both
    for day in days(fresh):
        found = duties.conflicts(books.makers(day, currencies=currencies))
        assert found == duties.conflicts(fresh.makers(day))
    kinds = {one.duties for one in found}
    assert {("order", "releasing orders"), ("order", "accepting prices"), ("receipt", "write-off")} <= kinds
    assert "whole" not in vars(books)


@pytest.mark.parametrize("asked", [{}, {"customer": "C0001"}, {"currency": "EUR"}, {"currency": "USD"}])
def test_the_report_is_the_same(both: tuple[IndexedBooks, Books], asked: dict[str, str]) -> None:
    books, fresh = both
    for day in days(fresh):
        assert report.report(books, day, **asked) == report.report(fresh, day, **asked)
    assert "whole" not in vars(books)


def briefly(doc: Document) -> tuple[object, ...]:
    """Give what `brief` promises of a document."""
    moved = [(move.account, move.item, move.amount, move.currency, move.due) for move in doc.movements]
    of = [(line.number, line.order, line.order_line, line.delivery, line.amount) for line in doc.lines]
    sold = [(line.sku, line.text, line.quantity, line.unit, line.net) for line in doc.lines]
    said = [doc.fact(key) for key in ("invoice", "reverses", "undoes")]
    own = (doc.doc_type, doc.doc_id, doc.date, doc.customer, doc.payee, doc.currency, doc.due, doc.terms, doc.reason)
    return (*own, doc.version, doc.refers, doc.act, *said, moved, of, sold, [tax.base for tax in doc.taxes], doc.source)


def test_documents_read_briefly_say_what_is_promised(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    for day in days(fresh):
        for customer in ("", "C0001"):
            ours, theirs = (
                [briefly(doc) for doc in one.documents(*names.DOCUMENT_TYPES, as_of=day, customer=customer, brief=True)]
                for one in both
            )
            assert ours == theirs
    assert len(theirs) > 1
    assert "whole" not in vars(books)
