"""Movements out of the rows of the index tell the same payments and items as books that were loaded whole."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index.books import IndexedBooks
from o2c.books.index.movements import movements
from o2c.model.items import items
from o2c.reports.payments import payments
from o2c.reports.selection import Selection
from o2c.reports.span import Span

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.model.items import Item

DEMO = Path(__file__).parents[3] / "ledger"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[IndexedBooks, Books]:
    """The demo books: with a payer for another customer, payments taken back and bounced, and foreign lots."""
    root = tmp_path_factory.mktemp("movements") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    loaded = door.load(root)
    door.note_loaded(loaded)
    indexed = door.opened(root)
    assert isinstance(indexed, IndexedBooks)
    return indexed, loaded


def plain(books: Books, day: date) -> list[Item]:
    """Leave out what lots are carried at: the index does not keep it."""
    found = items(move for move in books.facts.moved if move.date <= day).values()
    return [item._replace(carrying=item.open * 0, carrying_currency="") for item in found]


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 2, 20), date(2026, 3, 31), date.max])
def test_payments_and_items_are_those_of_the_whole_books(both: tuple[IndexedBooks, Books], day: date) -> None:
    indexed, loaded = both
    light, span = movements(indexed, day), Span(date.min, day)
    assert payments(Selection(light), span) == payments(Selection(loaded), span)
    ours, theirs = plain(light, day), plain(loaded, day)
    assert [item._replace(doc_id="", doc_type="") for item in ours] == [
        item._replace(doc_id="", doc_type="") for item in theirs
    ]
    assert "whole" not in vars(indexed)


def test_books_that_were_loaded_whole_are_their_own_movements(both: tuple[IndexedBooks, Books]) -> None:
    assert movements(both[1], date.max) is both[1]
