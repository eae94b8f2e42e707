"""The door in: what a load gives, and the preview that proves new text before it touches the disk."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.errors import BooksBroken
from o2c.errors import NotFound

if TYPE_CHECKING:
    from o2c.books import Books

MAIN = """option "operating_currency" "EUR"
plugin "beancount_o2c.document_integrity"
include "journal/*.beancount"
2026-01-01 open Assets:Bank
2026-01-01 open Assets:AR:C1
2026-01-01 open Assets:AR:C2
2026-01-01 open Income:Sales
"""
INVOICE = """
2026-01-10 * "Acme" "Invoice INV-1" #invoice
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  Assets:AR:C1   100.00 EUR
    item: "INV-1"
  Income:Sales  -100.00 EUR
"""
#: Two lots of dollars that are owed, and what takes the older one away.
LOTS = """
2026-01-11 * "Two lots"
  Assets:AR:C2   10.00 USD {{9.00 EUR, "A"}}
    item: "A"
  Assets:AR:C2   10.00 USD {{8.00 EUR, "B"}}
    item: "B"
  Income:Sales  -17.00 EUR
"""
OUT = """
2026-01-20 * "Paid"
  Assets:Bank     9.00 EUR
  Assets:AR:C2  -10.00 USD {"A"}
    item: "A"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "journal").mkdir()
    (tmp_path / "main.beancount").write_text(MAIN)
    (tmp_path / "journal" / "2026-01.beancount").write_text(INVOICE)
    return tmp_path


@pytest.fixture
def books(root: Path) -> Books:
    return door.load(root)


def _add(root: Path, text: str) -> None:
    with (root / "journal" / "2026-01.beancount").open("a") as file:
        file.write(text)


def test_books_that_are_clean_say_so(books: Books) -> None:
    books.require_clean()
    assert books.errors == ()
    assert books.facts.document("INV-1").customer == "C1"
    assert books.main.is_file()


def test_a_folder_without_books_is_not_found_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="o2c init"):
        door.load(tmp_path)


def test_errors_are_kept_with_their_place_and_raised_only_when_asked(root: Path) -> None:
    _add(root, "\n2026-01-31 balance Assets:Bank 5.00 EUR\n")
    books = door.load(root)
    assert [(Path(error.source.file).name, error.source.line) for error in books.errors] == [("2026-01.beancount", 10)]
    with pytest.raises(BooksBroken, match=r"2026-01\.beancount:10: Balance failed"):
        books.require_clean()


def test_every_error_is_named_not_only_the_first(root: Path) -> None:
    _add(root, "\n2026-01-31 balance Assets:Bank 5.00 EUR\n2026-02-01 balance Assets:Bank 6.00 EUR\n")
    with pytest.raises(BooksBroken) as refusal:
        door.load(root).require_clean()
    assert len(refusal.value.faults) == 2


def test_entries_are_known_as_the_files_say_them_before_any_plugin(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "hiding.py").write_text("__plugins__ = ['f']\ndef f(entries, options):\n    return entries[:1], []\n")
    monkeypatch.syspath_prepend(root)
    (root / "main.beancount").write_text('plugin "hiding"\n' + MAIN)
    books = door.load(root)
    assert len(books.entries) == 1
    assert books.facts.document("INV-1")


def test_the_stamps_are_those_of_every_file_that_was_read(root: Path, books: Books) -> None:
    assert {path.name for path in books.stamps} == {"main.beancount", "2026-01.beancount"}
    assert all(door.stamp(path) == known for path, known in books.stamps.items())
    _add(root, "; changed\n")
    assert [path.name for path, known in books.stamps.items() if door.stamp(path) != known] == ["2026-01.beancount"]


def test_a_file_that_is_not_there_has_no_stamp(root: Path) -> None:
    assert door.stamp(root / "nothing") is None


def test_a_load_leaves_path_and_collector_as_they_were(root: Path) -> None:
    (root / "main.beancount").write_text('option "insert_pythonpath" "True"\n' + MAIN)
    before = list(sys.path)
    door.load(root)
    assert sys.path == before
    assert gc.isenabled()


def test_no_cache_is_written(root: Path) -> None:
    door.load(root)
    assert not [path for path in root.rglob("*") if "picklecache" in path.name]


# ---- previews --------------------------------------------------------------------------------------------------------


def test_a_preview_finds_what_the_plugin_would_find_and_touches_no_file(root: Path, books: Books) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    after, _ = door.preview(books, INVOICE)
    assert any("INV-1" in error.message for error in after.errors)
    assert books.errors == (), "the books themselves are as they were"
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_preview_runs_balance_assertions_over_old_and_new(root: Path) -> None:
    _add(root, "\n2026-02-01 balance Assets:AR:C1 100.00 EUR\n")
    books = door.load(root)
    books.require_clean()
    late = INVOICE.replace("INV-1", "INV-2")
    assert [error.message for error in door.preview(books, late)[0].errors if "Balance failed" in error.message]
    assert not door.preview(books, late.replace("2026-01-10", "2026-02-10"))[0].errors


def test_a_preview_gives_the_new_entries_in_the_order_of_the_text(books: Books) -> None:
    text = "".join(INVOICE.replace("INV-1", f"INV-{n}").replace("01-10", f"01-{20 - n}") for n in (2, 3, 4))
    after, new = door.preview(books, text)
    assert not after.errors
    assert [entry.meta["doc-id"] for entry in new] == ["INV-2", "INV-3", "INV-4"]
    assert [entry.meta["lineno"] for entry in new] == [2, 10, 18]
    assert door.preview(books, text, 100)[1][0].meta["lineno"] == 102


def test_a_preview_books_new_lots_together_with_the_old_ones(root: Path) -> None:
    _add(root, LOTS)
    books = door.load(root)
    books.require_clean()
    assert not door.preview(books, OUT)[0].errors
    over = OUT.replace("9.00 EUR", "18.00 EUR").replace("-10.00 USD", "-20.00 USD")
    assert door.preview(books, over)[0].errors, "more than the lot holds"
    gone = OUT.replace('{"A"}', '{"C"}')
    assert door.preview(books, gone)[0].errors, "a lot that is not there"


def test_a_preview_says_what_the_written_books_say(root: Path) -> None:
    """The pair of assertions: preview before, load after."""
    _add(root, LOTS)
    books = door.load(root)
    text = OUT + INVOICE.replace("INV-1", "INV-9")
    after, _ = door.preview(books, text)
    _add(root, text)
    written = door.load(root)
    assert len(after.entries) == len(written.entries)
    assert _weights(after) == _weights(written)


def _weights(books: Books) -> list[str]:
    """Say every posting by account, units and cost; where it stands does not matter."""
    return sorted(
        f"{entry.date} {posting.account} {posting.units} {posting.cost}"
        for entry in books.booked
        for posting in getattr(entry, "postings", ())
    )


def test_the_mark_of_a_plugin_is_not_handed_on_from_one_run_to_the_next(books: Books) -> None:
    first = books.options["o2c-ran"]
    after, _ = door.preview(books, INVOICE.replace("INV-1", "INV-2"))
    assert after.options["o2c-ran"] != first
    assert books.options["o2c-ran"] == first
