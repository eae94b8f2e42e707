"""What is cut out for a customer holds everything that credit needs: open items, unfinished orders, what was said."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c.books.index.books import IndexedBooks
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.items import open_items
from o2c.model.progress import CANCELLED
from o2c.model.progress import Progress
from o2c.model.progress import state
from o2c.model.writing import write
from tests.books.index import answers
from tests.books.index import small_books

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from o2c.model.facts import Facts
    from o2c.model.items import Item
    from o2c.model.progress import LineKey

EVER = date(2000, 1, 1)


@pytest.fixture(scope="module")
def both(indexed: Path) -> Iterator[tuple[IndexedBooks, Books]]:
    """The books through their index, and loaded."""
    books = door.opened(indexed)
    assert isinstance(books, IndexedBooks)
    yield books, door.load(indexed)
    books.connection.close()


def codes(books: Books) -> list[str]:
    return sorted({doc.customer for doc in books.facts.documents()} - {""})


def open_of(facts: Facts, customer: str, day: date | None) -> list[Item]:
    return [item for item in open_items(facts.moved, day) if item.customer == customer and item.item]


def unfinished(facts: Facts, customer: str, day: date | None) -> dict[str, Document]:
    """Find the orders that are not cancelled of which something is not delivered or not invoiced."""
    done = Progress(facts, day)
    return {
        order.doc_id: order
        for order in facts.documents(names.ORDER, as_of=day)
        if order.customer == customer
        and state(order, [event for event in facts.events.get(order.doc_id, []) if day is None or event.date <= day])
        != CANCELLED
        and any(
            min(done.delivered[order.doc_id, line.number], done.invoiced[order.doc_id, line.number]) < line.quantity
            for line in order.lines
        )
    }


def counted(facts: Facts, order: Document, day: date | None) -> list[tuple[LineKey, object, object]]:
    done = Progress(facts, day)
    keys = [(order.doc_id, line.number) for line in order.lines]
    return [(key, done.delivered[key], done.invoiced[key]) for key in keys]


def require_everything(part: Books, fresh: Books, customer: str, day: date | None) -> int:
    """Compare what is open of a customer at the end of a day; tell how much that is."""
    ours, theirs = open_of(part.facts, customer, day), open_of(fresh.facts, customer, day)
    assert set(ours) == set(theirs)
    meant = unfinished(fresh.facts, customer, day)
    assert unfinished(part.facts, customer, day) == meant
    for number, order in meant.items():
        assert counted(part.facts, order, day) == counted(fresh.facts, order, day)
        assert answers.by_place(part.facts.events[number]) == answers.by_place(fresh.facts.events[number])
        assert part.facts.versions[number] == fresh.facts.versions[number]
    for kind in (names.DELIVERY, names.RETURN, names.INVOICE):
        about = [doc for doc in fresh.facts.documents(kind) if {line.order for line in doc.lines} & meant.keys()]
        assert all(doc in part.facts.versions[doc.doc_id] for doc in about)
    said = [event for event in fresh.facts.customs if customer in map(str, event.values)]
    assert [event for event in part.facts.customs if customer in map(str, event.values)] == said
    return len(ours) + len(meant) + len(said)


def test_what_is_open_of_every_customer_is_in_a_slice(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    found = [require_everything(books.about(code), fresh, code, None) for code in codes(fresh)]
    assert sum(found) > len(found)


def test_what_was_open_on_an_earlier_day_is_in_a_slice_since_that_day(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    days = sorted({doc.date for doc in fresh.facts.documents()})
    for code in codes(fresh)[::3]:
        for day in days[:: len(days) // 4]:
            part = books.about(code, since=day)
            for later in (day, days[-1]):
                require_everything(part, fresh, code, later)


def test_a_slice_of_a_customer_is_small(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    sizes = [len(books.about(code).parsed) for code in codes(fresh)]
    assert max(sizes) < len(fresh.parsed) / 2


def test_two_customers_are_asked_for_together(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    pair = codes(fresh)[:2]
    for code in pair:
        require_everything(books.about(*pair), fresh, code, None)


@given(st.data())
@settings(max_examples=max(15, settings.default.max_examples // 4))
def test_after_any_edits_a_customers_slice_holds_what_is_open(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = small_books.new(Path(folder))
        answers.require_the_same(root)
        for edit in data.draw(st.lists(st.sampled_from(small_books.ALL), min_size=1, max_size=3)):
            edit(data.draw, root)
            if not small_books.ledger_files(root):
                break
        fresh = answers.loaded(root)
        if fresh is None or fresh.errors:
            return
        books = door.opened(root)
        for code in codes(fresh):
            require_as_open(books.about(code), fresh, code)
        if isinstance(books, IndexedBooks):
            books.connection.close()


def require_as_open(part: Books, fresh: Books, customer: str) -> None:
    ours, theirs = open_of(part.facts, customer, None), open_of(fresh.facts, customer, None)
    assert answers.plain(ours) == answers.plain(theirs)


LIMITS = """
2026-01-02 custom "o2c-limit" "C1" 100.00 EUR
  by: "ann"

2026-01-03 custom "o2c-limit" "GROUP" 500.00 EUR
  members: "C1 C2"

2026-02-03 custom "o2c-limit" "GROUP" 600.00 EUR
  members: "C2"

2026-02-03 custom "o2c-limit" "OTHER" 700.00 EUR
"""


def limits(books: Books) -> list[str]:
    return [str(event.values[0]) for event in books.facts.customs if event.kind == "o2c-limit"]


def test_limits_are_found_by_customer_with_all_of_their_group(tmp_path: Path) -> None:
    root = small_books.new(tmp_path)
    (root / "manual" / "limits.beancount").write_text(LIMITS)
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    assert sorted(limits(books.about("C1"))) == ["C1", "GROUP", "GROUP"]
    assert set(limits(books.about("C2"))) == {"C1", "GROUP"}, "the other member of the group as well"
    assert limits(books.about("C3")) == []
    assert limits(books.about("INV-2026-0011")) == []
    assert len(books.customs("o2c-limit")) == 4
    books.connection.close()


def test_an_event_about_a_customer_and_no_document_is_found(tmp_path: Path) -> None:
    root = small_books.new(tmp_path)
    said = Event(
        "promise", date(2026, 3, 9), "", "C1", act=small_books.act(), account=names.receivable("C1"), comment="pays"
    )
    with (root / "journal" / "2026-03.beancount").open("a") as file:
        file.write(write([said]))
    books = door.opened(root)
    assert [event.comment for event in books.about("C1").facts.events[""]] == ["pays"]
    assert not books.about("C2").facts.events[""]
    if isinstance(books, IndexedBooks):
        books.connection.close()
