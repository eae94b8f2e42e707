"""The plugin as bean-check and Fava run it."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader

from beancount_o2c import document_integrity as plugin
from o2c.model import integrity

if TYPE_CHECKING:
    import pytest

LEDGER = """
plugin "beancount_o2c.document_integrity"
2026-01-01 open Assets:AR:C1
2026-01-01 open Income:Sales
2026-01-10 * "Invoice"
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  Assets:AR:C1  100.00 EUR
    item: "INV-1"
  Income:Sales  -100.00 EUR
"""
TWICE = LEDGER + LEDGER[LEDGER.index("2026-01-10") :]


def load(text: str) -> tuple[list[Any], list[Any], dict[str, Any]]:
    entries, errors, options = loader.load_string(textwrap.dedent(text))
    return entries, errors, options


def test_right_books_load_without_an_error_and_show_that_the_plugin_ran() -> None:
    entries, errors, options = load(LEDGER)
    assert errors == []
    assert len(entries) == 3
    count, digest = options["o2c-ran"]["document_integrity"]
    assert count == 1
    assert re.fullmatch("[0-9a-f]{16}", digest)


def test_the_mark_depends_on_the_documents() -> None:
    _, _, one = load(LEDGER)
    _, _, other = load(LEDGER.replace("INV-1", "INV-2"))
    assert one["o2c-ran"] != other["o2c-ran"]


def test_a_fault_is_an_error_at_its_entry() -> None:
    entries, errors, _ = load(TWICE)
    used_twice = next(error for error in errors if "used already" in error.message)
    assert type(used_twice) is plugin.DocumentIntegrityError
    assert used_twice.source["lineno"] == 12
    assert used_twice.entry in entries


def test_the_plugin_changes_nothing() -> None:
    with_plugin = load(TWICE)[0]
    without = load(TWICE.replace('plugin "beancount_o2c.document_integrity"', ";"))[0]
    assert with_plugin == without


def test_a_plugin_that_fails_says_that_nothing_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(entries: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(integrity, "sheet", broken)
    entries, errors, options = load(LEDGER)
    assert len(entries) == 3
    assert len(errors) == 1
    assert "NOT checked" in errors[0].message
    assert errors[0].source["lineno"] == 1
    assert "o2c-ran" not in options


def test_bean_check_prints_file_and_line(tmp_path: Path) -> None:
    main = tmp_path / "main.beancount"
    main.write_text(TWICE)
    places = [str(Path(plugin.__file__).parents[1]), str(Path(integrity.__file__).parents[3])]
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "-C", str(main)],
        env={"PYTHONPATH": ":".join(places), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{main}:12:" in done.stdout + done.stderr
    assert "INV-1 is used already" in done.stdout + done.stderr


def test_the_plugin_imports_nothing_heavy() -> None:
    places = [str(Path(plugin.__file__).parents[1]), str(Path(integrity.__file__).parents[3])]
    code = f"import sys; sys.path[:0] = {places!r}; import beancount_o2c.document_integrity; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "click",
        "fava",
        "flask",
        "jinja2",
        "lxml",
        "openpyxl",
        "weasyprint",
        "yaml",
        "rich",
        "o2c.master",
        "o2c.books",
    }
    assert heavy.isdisjoint(done.stdout.split())
    assert "o2c.model.integrity" in done.stdout.split()


def test_the_line_to_paste_stands_in_the_docstring() -> None:
    assert 'plugin "beancount_o2c.document_integrity"' in (plugin.__doc__ or "")
