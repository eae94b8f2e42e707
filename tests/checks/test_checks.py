"""The registry: which checks there are, and how they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import checks
from o2c.model import integrity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.checks import Evidence

#: Checks that need master data, which these small books do not have.
_NEED_MASTER = {"master", "numbering", "policies"}


@pytest.mark.parametrize("name", sorted(set(checks.CHECKS) - _NEED_MASTER))
def test_right_books_pass(name: str, evidence: Evidence) -> None:
    (result,) = checks.run(evidence, [name])
    assert result.findings == ()
    assert result.ok
    assert result.covers


def test_all_checks_run_in_the_order_of_the_registry(evidence: Evidence) -> None:
    assert [result.check.name for result in checks.run(evidence)] == list(checks.CHECKS)


def test_every_quick_check_of_the_model_has_a_name() -> None:
    assert set(integrity.QUICK) <= set(checks.CHECKS)


def test_without_patterns_numbering_does_not_pass(said: Callable[[str], list[str]]) -> None:
    assert said("numbering") == ["the patterns of the numbers are not known; see `o2c check master`"]


def test_books_that_do_not_load_skip_what_cannot_be_checked(journal: Path, root: Path) -> None:
    """A number of 41 digits beside an elided amount makes Beancount raise (danger D11)."""
    journal.write_text(f'2026-01-01 * "x"\n  Assets:Bank  {"9" * 41}.{"1" * 40} EUR\n  Income:Sales\n')
    (root / "old.picklecache").write_text("")
    evidence = checks.gather(root)
    assert evidence.loaded is None
    results = {result.check.name: result for result in checks.run(evidence)}
    assert results["items"].skipped
    assert not results["items"].ok
    assert len(results["loads"].findings) == 1
    assert len(results["pickle-cache"].findings) == 1
    assert results["bytes"].ok


def test_a_red_model_check_is_red_here(journal: Path, said: Callable[[str], list[str]]) -> None:
    journal.write_text(journal.read_text().replace('    item: "INV-2026-0001"\n', "", 1))
    assert len(said("items")) == 1
    assert len(said("sub-ledger")) == 1
    assert any("names no item" in message for message in said("loads"))


def test_a_plugin_that_leaves_python_at_import_is_a_finding(
    main: Path, root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("site")
    (folder / "leaving_plugin.py").write_text("raise SystemExit(0)\n")
    monkeypatch.syspath_prepend(folder)
    main.write_text('plugin "leaving_plugin"\n' + main.read_text())
    evidence = checks.gather(root)
    assert evidence.loaded is None
    (result,) = checks.run(evidence, ["loads"])
    assert "SystemExit" in result.findings[0].message
