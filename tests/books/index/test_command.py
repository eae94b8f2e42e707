"""`o2c index`: what there is, made anew, and proved; every difference is named with its place."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import store
from o2c.books.index import verify
from tests.books.index import small_books
from tests.faults.small_shop import Shop
from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Small books with an index that was checked."""
    (tmp_path / "books").mkdir()
    shop = Shop(small_books.new(tmp_path / "books"))
    shop.did("check", "loads")
    return shop


def change(shop: Shop, statement: str) -> None:
    """Change the index behind everybody's back."""
    connection = sqlite3.connect(store.path_of(shop.root), isolation_level=None)
    connection.execute(statement)
    connection.close()


def state(shop: Shop) -> dict[str, object]:
    found: dict[str, object] = json.loads(shop.did("index", "status", "--json"))
    return found


def test_the_state_of_an_index_that_is_up_to_date(shop: Shop) -> None:
    found = state(shop)
    assert found["up_to_date"]
    assert found["is_known_clean"]
    assert found["changed"] == found["unfit"] == []
    assert found["files"] == 6
    assert found["entries"] == sum(map(len, verify.meant_rows(door.load(shop.root)).values()))
    said = shop.did("index", "status")
    assert "up to date" in said
    assert "loaded without an error" in said


def test_the_state_names_files_that_changed_came_and_went_and_changes_nothing(shop: Shop) -> None:
    journal = shop.root / "journal"
    before = store.path_of(shop.root).read_bytes()
    with (journal / "2026-01.beancount").open("a") as file:
        file.write("\n; a remark\n")
    (journal / "2026-02.beancount").unlink()
    (journal / "new.beancount").write_text("; new\n")
    os.utime(journal / "2026-03.beancount")
    assert state(shop)["changed"] == [
        str(journal / name) for name in ("2026-01.beancount", "2026-02.beancount", "new.beancount")
    ]
    said = shop.did("index", "status")
    assert "3 files changed" in said
    assert "  journal/2026-01.beancount" in said
    assert "not known" in said
    assert store.path_of(shop.root).read_bytes() == before


def test_without_an_index_the_state_says_so_and_makes_none(shop: Shop) -> None:
    store.path_of(shop.root).unlink()
    assert "none" in shop.did("index", "status")
    assert not store.path_of(shop.root).exists()


def test_the_state_names_files_that_the_index_cannot_hold(shop: Shop) -> None:
    (shop.root / "manual" / "huge.beancount").write_text(
        '2026-01-05 * "huge"\n  Assets:AR:C1  99999999999999999.00 EUR\n    item: "H-1"\n  Income:Sales\n'
    )
    shop.did("report", "open-items")
    said = shop.did("index", "status")
    assert "commands load the books whole" in said
    assert "  manual/huge.beancount" in said
    assert "cannot hold" in shop.did("index", "verify")
    assert "not used" in shop.did("check", "index")


def test_an_index_made_anew_is_true_and_does_not_know_whether_the_books_are_clean(shop: Shop) -> None:
    assert f"{state(shop)['entries']} entries of 6 files" in shop.did("index", "rebuild")
    found = state(shop)
    assert found["up_to_date"]
    assert not found["is_known_clean"]
    assert "the index says what Beancount says" in shop.did("index", "verify")


def test_progress_is_shown_on_a_terminal_only(shop: Shop) -> None:
    assert shop.process("index", "rebuild").err == ""
    ours, theirs = pty.openpty()
    subprocess.run(
        shop.command("index", "rebuild"), check=True, stdout=subprocess.DEVNULL, stderr=theirs, env=environment()
    )
    os.close(theirs)
    assert "100%" in os.read(ours, 100_000).decode()
    os.close(ours)


CHANGES = {
    "update move set amount = amount + 1 where item = 'INV-2026-0011' and amount > 0": ("2026-01.beancount:3", "moves"),
    "delete from entry where doc_id = 'INV-2026-0012'": (
        "2026-01.beancount:",
        "does not know this entry (INV-2026-0012)",
    ),
    "update entry set line = line + 1 where doc_id = 'RC-2026-0021'": ("2026-02.beancount:", "Beancount does not find"),
    "update entry set doc_type = 'order' where doc_id = 'RC-2026-0021'": ("2026-02.beancount:", "doc_type 'order'"),
    "insert into name values ('NONE-1', (select id from entry where doc_id = 'INV-2026-0011'))": ("2026-01", "NONE-1"),
    "update entry set customer = '0.50' where kind = 'p'": ("hand.beancount:", "'0.90'"),
    "delete from quantity where entry = 0": None,
}


@pytest.mark.parametrize("statement", CHANGES)
def test_every_difference_is_named_with_its_place(shop: Shop, statement: str) -> None:
    change(shop, statement)
    expected = CHANGES[statement]
    answer, checked = shop.run("index", "verify"), shop.run("check", "index")
    if expected is None:
        assert (answer.code, checked.code) == (0, 0), "nothing was changed"
        return
    assert (answer.code, checked.code) == (1, 1)
    for word in (*expected, "run `o2c index rebuild`"):
        assert word in answer.err
        assert word in checked.out
    assert all(line.startswith(f"{shop.root}/") for line in answer.err.splitlines())
    shop.did("index", "rebuild")
    shop.did("index", "verify")


def test_a_wrong_sum_is_named_as_an_open_item_and_a_balance(shop: Shop) -> None:
    change(shop, "update move set amount = 100 where item = 'OLD-1'")
    said = shop.run("index", "verify").err
    assert "open item OLD-1 on " in said
    assert "the index says 1.00 of 1.00 EUR" in said
    assert "Beancount 50.00 of 50.00 EUR" in said
    assert "balance of C2 EUR on " in said


def test_books_that_do_not_load_cannot_be_compared(shop: Shop) -> None:
    (shop.root / "manual" / "bad.beancount").write_text(
        '2026-01-05 * "nothing that costs something"\n  Assets:Bank:Main  0 USD {{5 EUR}}\n  Income:Sales\n'
    )
    answer = shop.run("index", "verify")
    assert answer.code == 3
    assert "Traceback" not in answer.err


def test_there_must_be_books(tmp_path: Path) -> None:
    for verb in ("status", "rebuild", "verify"):
        answer = Shop(tmp_path).run("index", verb)
        assert (answer.code, answer.out) == (1, "")
        assert "main.beancount" in answer.err
    assert not (tmp_path / ".o2c").exists()
