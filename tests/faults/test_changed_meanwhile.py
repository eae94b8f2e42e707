"""Somebody saves a file while a command posts: the command stops, and what was saved stays (F07, F28)."""

from __future__ import annotations

import os
import threading
import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from o2c.errors import NotFinished
from o2c.model.documents import Act
from o2c.posting import post
from o2c.sales import invoices
from tests.faults import tracing
from tests.faults.small_shop import JOURNAL
from tests.faults.small_shop import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Document
    from tests.faults.small_shop import Shop

NEW_TEXT = "; a remark of the accountant\n"
INVOICE = ("invoice", "create", "SO-2026-0002", "--key", "race")


def _save_in_place(path: Path) -> None:
    with path.open("a") as file:
        file.write(NEW_TEXT)


def _save_by_rename(path: Path) -> None:
    """Save as vim does: a new file takes the name of the old one."""
    new = path.with_name("4913")
    new.write_bytes(path.read_bytes() + NEW_TEXT.encode())
    new.replace(path)


def _save_with_the_old_times(path: Path) -> None:
    """Save the same number of bytes and set the old times, as `cp -p` and some sync tools do."""
    status = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _invoice_while(shop: Shop, happens: Callable[[], None]) -> None:
    """Post an invoice; something happens behind the load and before the write."""

    def compose(books: Books) -> list[Document]:
        made = invoices.create(books, Act("ann"), date.fromisoformat(TODAY), "SO-2026-0002")
        happens()
        return made

    post(shop.root, compose, Act("ann"))


@pytest.mark.parametrize("save", [_save_in_place, _save_by_rename, _save_with_the_old_times])
@pytest.mark.parametrize("name", [JOURNAL, "manual/prices.beancount", "accounts.beancount", "main.beancount"])
def test_a_file_that_changes_between_load_and_write_stops_the_posting(
    shop: Shop, name: str, save: Callable[[Path], None]
) -> None:
    saved: dict[str, bytes] = {}

    def happens() -> None:
        save(shop.root / name)
        saved.update(shop.files())

    with pytest.raises(NotFinished, match="nothing was written") as refusal:
        _invoice_while(shop, happens)
    assert str(shop.root / name) in str(refusal.value)
    assert refusal.value.exit_code == 4
    assert shop.files() == saved, "what the accountant saved is there, and nothing else"
    shop.did(*INVOICE)
    assert shop.files()[name].startswith(saved[name]), "the saved text stays, byte for byte"


def test_a_file_that_vanishes_meanwhile_stops_the_posting(shop: Shop) -> None:
    with pytest.raises(NotFinished, match="nothing was written"):
        _invoice_while(shop, (shop.root / "manual" / "prices.beancount").unlink)


def test_a_new_month_that_somebody_else_began_meanwhile_stops_the_posting(shop: Shop) -> None:
    file = shop.root / "journal" / "2026-04.beancount"

    def compose(books: Books) -> list[Document]:
        file.write_text(NEW_TEXT)
        return invoices.create(books, Act("ann"), date(2026, 4, 1), "SO-2026-0002")

    with pytest.raises(NotFinished, match="nothing was written"):
        post(shop.root, compose, Act("ann"))
    assert file.read_text() == NEW_TEXT


@pytest.mark.parametrize("name", ["customers", "prices", "taxes", "company"])
def test_master_data_that_change_between_load_and_write_stop_the_posting(shop: Shop, name: str) -> None:
    with pytest.raises(NotFinished, match="nothing was written"):
        _invoice_while(shop, lambda: _save_in_place(shop.root / "master" / f"{name}.yaml"))


def test_an_editor_that_saves_while_the_new_file_is_being_written_loses_nothing(shop: Shop, tmp_path: Path) -> None:
    """The real command, held for two seconds at the fsync of its temporary file."""
    tracing.require_strace()
    editor = threading.Thread(target=_save_when_the_temporary_file_is_there, args=(shop,))
    editor.start()
    answer = tracing.disturbed(shop, INVOICE, tmp_path / "delay.log", "fsync", 1, "delay_enter=2000000")
    editor.join()
    assert answer.code == 4, answer
    assert "somebody changed the file" in answer.err
    assert shop.journal.read_text().endswith(NEW_TEXT)
    assert shop.numbers("invoice") == ["INV-2026-0001"]
    shop.did(*INVOICE)
    assert NEW_TEXT in shop.journal.read_text()
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


def _save_when_the_temporary_file_is_there(shop: Shop) -> None:
    give_up = time.monotonic() + 30
    while not list((shop.root / "journal").glob(".o2c-new-*")) and time.monotonic() < give_up:
        time.sleep(0.01)
    _save_in_place(shop.journal)
