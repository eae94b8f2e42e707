"""Options that weaken what Beancount proves (dangers D07, D08, D09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("plugin_processing_mode", "raw", "balance assertions"),
        ("inferred_tolerance_default", "EUR:5", "5 EUR lets amounts disappear"),
        ("inferred_tolerance_default", "*:0.01", "lets amounts disappear"),
        ("inferred_tolerance_default", "JPY:0.6", "lets amounts disappear"),
        ("tolerance_multiplier", "1.2", "multiplier of 1.2"),
        ("insert_pythonpath", "TRUE", "run as plugins"),
        ("booking_method", "FIFO", "need STRICT"),
        ("documents", "..", "outside the books"),
    ],
)
def test_a_risky_option_is_found_at_its_line(root: Path, main: Path, option: str, value: str, message: str) -> None:
    main.write_text(f'; first line\noption "{option}" "{value}"\n' + main.read_text())
    (result,) = checks.run(checks.gather(root), ["options"])
    (finding,) = result.findings
    assert message in finding.message
    assert finding.source == (str(main), 2)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("inferred_tolerance_default", "EUR:0.005"),
        ("inferred_tolerance_default", "JPY:0.5"),
        ("documents", "documents"),
        ("title", "x"),
    ],
)
def test_usual_options_are_right(main: Path, said: Callable[[str], list[str]], option: str, value: str) -> None:
    main.write_text(f'option "{option}" "{value}"\n' + main.read_text())
    assert said("options") == []


def test_a_renamed_root_account_is_found(main: Path, said: Callable[[str], list[str]]) -> None:
    main.write_text('option "name_income" "Revenue"\n' + main.read_text())
    assert any("renamed to Revenue" in message for message in said("options"))


def test_code_run_from_an_included_file_is_found(journal: Path, said: Callable[[str], list[str]]) -> None:
    journal.write_text('option "insert_pythonpath" "TRUE"\n' + journal.read_text())
    assert "run as plugins" in said("options")[0]


def test_a_customer_account_that_is_not_strict_is_found(main: Path, said: Callable[[str], list[str]]) -> None:
    main.write_text(
        main.read_text() + '2026-01-01 open Assets:AR:C2 USD "NONE"\n2026-01-01 open Assets:Shares X "FIFO"\n'
    )
    (message,) = said("options")
    assert 'Assets:AR:C2 is opened with "NONE"' in message


def test_raw_mode_hides_a_failing_balance_and_we_say_so(main: Path, root: Path) -> None:
    wrong = "2026-02-01 balance Assets:Bank  1.00 EUR\n"
    main.write_text(main.read_text() + wrong)
    assert not checks.run(checks.gather(root), ["loads"])[0].ok
    main.write_text('option "plugin_processing_mode" "raw"\n' + main.read_text())
    assert checks.run(checks.gather(root), ["loads"])[0].ok
    assert not checks.run(checks.gather(root), ["options"])[0].ok
