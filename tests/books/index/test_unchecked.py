"""Large books that changed: reports run at once and say so, postings wait for a full check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.books import loading
from o2c.books.index import books as indexed
from o2c.cli import main
from o2c.starting import start_demo

if TYPE_CHECKING:
    from pathlib import Path


def o2c(root: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--books", str(root), "--user", "anna", "--today", "2026-03-31", *words])
    return int(str(ended.value.code))


def test_a_report_on_large_changed_books_loads_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "books"
    start_demo(root)
    monkeypatch.setattr(indexed, "SMALL", 0)
    with monkeypatch.context() as without_loading:
        without_loading.setattr(loading, "load", lambda _: pytest.fail("the books were loaded whole"))
        assert o2c(root, "report", "aging") == 0
    assert "run `o2c check`" in capsys.readouterr().err
    assert o2c(root, "receipt", "C0001", "1.00 EUR") == 3
    assert "run `o2c check`" in capsys.readouterr().err
    assert o2c(root, "check") == 0
    assert o2c(root, "receipt", "C0001", "1.00 EUR") == 0
    assert not books.opened(root).is_unchecked
