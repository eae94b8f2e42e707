"""The plugin as bean-check and Fava run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader

from beancount_o2c import credit_limit as plugin
from o2c.model.integrity import sharing
from o2c.model.integrity.sheet import sheet

if TYPE_CHECKING:
    import pytest

LEDGER = """\
option "operating_currency" "EUR"
plugin "beancount_o2c.document_integrity"
plugin "beancount_o2c.credit_limit"

2026-01-01 open Assets:AR:C1
2026-01-01 open Income:Sales

2026-01-05 custom "o2c-limit" "C1" 99.99 EUR

2026-01-10 * "Invoice"
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  Assets:AR:C1  100.00 EUR
    item: "INV-1"
  Income:Sales  -100.00 EUR
"""


def load(text: str) -> tuple[list[Any], list[Any], dict[str, Any]]:
    entries, errors, options = loader.load_string(text)
    return entries, errors, options


def test_an_invoice_beyond_the_limit_is_an_error_at_its_line() -> None:
    entries, (error,), options = load(LEDGER)
    assert type(error) is plugin.CreditLimitError
    assert error.source["lineno"] == 10
    assert error.message.startswith("INV-1 takes C1 to 100.00 EUR on 2026-01-10")
    assert error.entry is entries[-1]
    assert options["o2c-ran"]["credit_limit"] == (1, 0, 1)


def test_books_within_their_limits_load_without_an_error() -> None:
    _, errors, options = load(LEDGER.replace("99.99", "100.00"))
    assert errors == []
    assert "credit_limit" in options["o2c-ran"]


def test_the_line_of_the_plugin_may_stand_before_the_other_one() -> None:
    lines = LEDGER.splitlines(keepends=True)
    assert load("".join([lines[0], lines[2], lines[1], *lines[3:]]))[1][0].message == load(LEDGER)[1][0].message


def test_limits_of_last_year_are_judged_with_those_of_last_year() -> None:
    assert load(LEDGER + '\n2026-02-01 custom "o2c-limit" "C1" 500.00 EUR\n')[1]
    assert not load(LEDGER.replace("99.99", "500.00") + '\n2026-02-01 custom "o2c-limit" "C1" 1.00 EUR\n')[1]


def test_a_plugin_that_fails_says_that_nothing_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(plugin, "breaches", broken)
    entries, (error,), options = load(LEDGER)
    assert len(entries) == 4
    assert "NOT checked" in error.message
    assert error.source["lineno"] == 1
    assert "credit_limit" not in options["o2c-ran"]


def test_the_plugin_takes_over_the_sheet_of_the_other_one_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(sharing.integrity, "sheet", lambda entries: made.append(entries) or sheet(entries))
    load(LEDGER)
    assert len(made) == 1
    assert not sharing._waiting


def test_a_sheet_of_other_entries_is_not_taken_over() -> None:
    entries, _, _ = load(LEDGER)
    old = sheet(entries)
    sharing.leave(entries, old)
    assert sharing.taken_over(entries[:-1]) != old
    sharing.leave(entries, old)
    assert sharing.taken_over(list(entries)) is old


def test_bean_check_prints_file_and_line(tmp_path: Path) -> None:
    main = tmp_path / "main.beancount"
    main.write_text(LEDGER)
    done = subprocess.run(
        [str(Path(sys.executable).with_name("bean-check")), "-C", str(main)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{main}:10: " in done.stderr + done.stdout
    assert "takes C1 to 100.00 EUR" in done.stderr + done.stdout


def test_the_plugin_stays_light() -> None:
    heavy = "click fava jinja2 lxml openpyxl weasyprint yaml o2c.books o2c.master"
    code = f"import sys, beancount_o2c.credit_limit; print([m for m in {heavy.split()} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
