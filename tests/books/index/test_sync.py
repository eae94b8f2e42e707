"""Whatever hands and tools do to the files: the next command answers as a fresh load does."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c.books.index import filling
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.index import verify
from o2c.books.index.books import IndexedBooks
from tests.books.index import answers
from tests.books.index import small_books

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Small books that load clean, with their index."""
    root = small_books.new(tmp_path)
    assert isinstance(answers.require_the_same(root), IndexedBooks)
    return root


def rebuilt_rows(root: Path) -> dict[verify.Place, list[verify.Row]]:
    """Give the rows of an index that is made from nothing, beside the one that is kept."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(store._TABLES)
    filling.fill(connection, root, None)
    return verify.kept_rows(connection)


def require_as_rebuilt(root: Path) -> None:
    """Prove that an index that was kept up to date is the one that is made from nothing."""
    connection = sync.opened(root)
    assert verify.kept_rows(connection) == rebuilt_rows(root)
    connection.close()


@given(st.data())
@settings(max_examples=max(25, settings.default.max_examples // 2))
def test_after_any_edits_the_answers_are_those_of_a_fresh_load(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = small_books.new(Path(folder))
        answers.require_the_same(root)
        for edit in data.draw(st.lists(st.sampled_from(small_books.ALL), min_size=1, max_size=4)):
            edit(data.draw, root)
            if not small_books.ledger_files(root):
                return
            answers.require_the_same(root)
            require_as_rebuilt(root)


@pytest.mark.parametrize("edit", dict.fromkeys(small_books.ALL), ids=lambda edit: edit.__name__)
@given(st.data())
@settings(max_examples=max(3, settings.default.max_examples // 20))
def test_after_each_kind_of_edit_the_answers_are_those_of_a_fresh_load(
    edit: Callable[[st.DrawFn, Path], None], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = small_books.new(Path(folder))
        answers.require_the_same(root)
        edit(data.draw, root)
        answers.require_the_same(root)
        require_as_rebuilt(root)


def read_bytes_by(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> set[str]:
    """Do something, and name the ledger files that were read for it."""
    read: set[str] = set()
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        read.add(path.name)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", read_bytes)
        action()
    return {name for name in read if name.endswith(".beancount")}


def make_old(root: Path) -> None:
    """Look at the files as if they had not been touched for a while."""
    connection = sync.opened(root)
    connection.execute("update file set seen = seen + 10000000000")
    connection.close()


def test_files_that_did_not_change_are_not_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(small)
    assert read_bytes_by(monkeypatch, lambda: door.opened(small).open_items(verify.Date(2026, 4, 1))) == set()


def test_only_the_file_that_changed_is_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(small)
    with (small / "journal" / "2026-02.beancount").open("a") as file:
        file.write("\n2026-02-28 price USD 0.95 EUR\n")
    assert read_bytes_by(monkeypatch, lambda: door.opened(small)) == {"2026-02.beancount"}
    answers.require_the_same(small)


def test_a_file_that_was_touched_this_moment_is_not_believed(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clocks of file systems tick slowly: a second change within the same tick shows in no time stamp."""
    path = small / "journal" / "2026-02.beancount"
    door.opened(small)
    known = path.stat()
    path.write_text(path.read_text().replace("100.00 EUR", "111.11 EUR"))
    connection = sync.opened(small)
    connection.close()
    real = door.stamp(path)
    assert real is not None
    connection = sqlite3.connect(store.path_of(small))
    connection.execute("update file set hash = ?, mtime = ? where path = ?", (b"old", real.mtime, str(path)))
    connection.commit()
    connection.close()
    assert path.stat().st_size == known.st_size
    assert path.name in read_bytes_by(monkeypatch, lambda: door.opened(small))


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=ann", "-c", "user.email=ann@example.com", *arguments],
        cwd=root, check=True, capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
    )  # fmt: skip


def test_an_older_commit_checked_out_gives_its_own_answers(small: Path) -> None:
    (small / ".gitignore").write_text(".o2c/\n")
    git(small, "init", "-b", "main")
    git(small, "add", "-A")
    git(small, "commit", "-m", "before")
    march, april = small / "journal" / "2026-03.beancount", small / "journal" / "2026-04.beancount"
    april.write_text(
        march.read_text().replace("2026-03", "2026-04").replace("-003", "-004").replace("SEPA 3", "SEPA 4")
    )
    march.unlink()
    answers.require_the_same(small)
    git(small, "add", "-A")
    git(small, "commit", "-m", "after")
    for commit in ("main~1", "main", "main~1"):
        git(small, "checkout", commit)
        assert march.exists() == (commit != "main")
        answers.require_the_same(small)
        require_as_rebuilt(small)


def test_two_indexes_opened_at_once_see_each_others_changes(small: Path) -> None:
    first, second = door.opened(small), door.opened(small)
    assert isinstance(first, IndexedBooks)
    assert isinstance(second, IndexedBooks)
    day = verify.Date(2026, 6, 1)
    (small / "journal" / "2026-01.beancount").unlink()
    third = door.opened(small)
    assert answers.plain(first.open_items(day)) == answers.plain(third.open_items(day))
    assert answers.plain(second.open_items(day)) == answers.plain(door.load(small).open_items(day))


def test_a_file_that_changes_between_looking_and_reading_is_read_anew(small: Path) -> None:
    books = door.opened(small)
    path = small / "journal" / "2026-01.beancount"
    path.write_text("; one line more\n" + path.read_text().replace("Invoice INV", "Bill INV"))
    assert books.about("INV-2026-0011").facts.document("INV-2026-0011").narration == "Bill INV-2026-0011"
    path.unlink()
    assert "INV-2026-0011" not in door.opened(small).about("INV-2026-0011").facts.versions


def test_a_price_of_the_same_day_later_in_its_file_counts(small: Path) -> None:
    for name, lines, rate in (("a", 30, "0.70"), ("b", 1, "0.80")):
        (small / "journal" / f"{name}.beancount").write_text("\n" * lines + f"2026-03-01 price USD {rate} EUR\n")
        day = verify.Date(2026, 3, 5)
        assert door.opened(small).rate("USD", day) == door.load(small).rate("USD", day)
