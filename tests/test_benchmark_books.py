"""The books that benchmarks are made with: clean, as the writer would write them, and the same every time."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser

from o2c import books as door
from o2c import checks
from o2c.model import names
from o2c.model import reading
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.writing import write

if TYPE_CHECKING:
    from o2c.books import Books

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "make_books.py"
HEADER = "; Written by o2c, which only ever adds to this file. Corrections are new documents, never edits.\n"
SIZE = 300


def make(folder: Path, *seed: str) -> str:
    command = [sys.executable, str(SCRIPT), str(folder), str(SIZE), *seed]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("made") / "books"
    make(folder)
    return folder


@pytest.fixture(scope="module")
def loaded(root: Path) -> Books:
    return door.load(root)


def test_made_books_load_clean_with_the_plugin(loaded: Books) -> None:
    assert not loaded.errors
    assert "beancount_o2c.document_integrity" in [name for name, _ in loaded.options["plugin"]]


def test_every_check_finds_made_books_in_order(root: Path) -> None:
    results = checks.run(checks.gather(root))
    assert [result.check.name for result in results if not result.ok] == []


def test_made_books_hold_as_many_transactions_as_asked_for(loaded: Books) -> None:
    assert SIZE <= len(loaded.facts.documents()) <= SIZE + 3


def test_made_books_have_every_kind_of_case(loaded: Books) -> None:
    receipts = loaded.facts.documents(names.RECEIPT)
    paid = Counter(movement.item for receipt in receipts for movement in receipt.movements)
    assert max(paid.values()) > 1, "no item is paid in parts"
    assert max(len(receipt.movements) for receipt in receipts) > 1, "no receipt pays several items"
    assert all(loaded.facts.documents(kind) for kind in (names.ORDER, names.CREDIT_NOTE))
    assert loaded.open_items(max(receipt.date for receipt in receipts))


def test_made_text_is_what_the_writer_writes(root: Path) -> None:
    months = list((root / "journal").glob("202?-??.beancount"))
    assert len(months) == 36
    for month in [*months, root / "journal" / "0001-accounts.beancount"]:
        entries, errors, _ = parser.parse_file(str(month))
        said = [reading.placeless(entry) for entry in sorted(entries, key=lambda entry: int(entry.meta["lineno"]))]
        read = [one for one in said if isinstance(one, Document | Event | Opening)]
        assert (len(read), errors) == (len(entries), [])
        assert write(read) == month.read_text("utf-8").removeprefix(HEADER)


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in {"one": (), "again": ("1",), "other": ("2",)}.items():
        make(tmp_path / name, *seed)
    assert content(tmp_path / "again") == content(tmp_path / "one")
    assert content(tmp_path / "other") != content(tmp_path / "one")
