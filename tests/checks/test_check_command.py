"""`o2c check`: one line for each check, findings below, exit codes as the contract says."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from o2c import checks
from o2c import master
from o2c.cli import main as command
from o2c.shipped import DEMO_LEDGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `o2c check` over the books and give exit code, output and errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            command(["--books", str(root), "check", *arguments])
        out, err = capsys.readouterr()
        return int(exit_.value.code or 0), out, err

    return call


@pytest.fixture
def complete(root: Path) -> None:
    """Give the books the demo company's master data, with C1 as one of its customers' accounts."""
    shutil.copytree(DEMO_LEDGER / "master", root / "master")
    known = next(iter(master.load(root).customers))
    for path in (root / "main.beancount", *root.glob("journal/*")):
        path.write_text(path.read_text().replace(":C1", f":{known}").replace('"C1"', f'"{known}"'))


@pytest.mark.usefixtures("complete")
def test_right_books_pass_every_check(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == len(checks.CHECKS)
    assert all(line.startswith("ok   ") for line in lines)
    assert "ok   exact-zero        2 transactions" in lines


def test_a_red_check_shows_its_findings_and_exits_1(journal: Path, run: Run) -> None:
    journal.write_text(journal.read_text().replace("-100.00 EUR", "-99.997 EUR", 1))
    code, out, _ = run("exact-zero", "items")
    assert code == 1
    first, finding, last = out.splitlines()
    assert first == "FAIL exact-zero  1 finding"
    assert finding.startswith(f"  {journal}:2: INV-2026-0001 is out of balance by 0.003 EUR")
    assert last == "ok   items       2 movements"


def test_json_says_the_same(journal: Path, run: Run) -> None:
    journal.write_text(journal.read_text().replace("-100.00 EUR", "-99.997 EUR", 1))
    code, out, _ = run("exact-zero", "items", "--json")
    said = json.loads(out)
    assert code == 1
    assert said["ok"] is False
    assert [(check["name"], check["result"]) for check in said["checks"]] == [("exact-zero", "fail"), ("items", "ok")]
    (finding,) = said["checks"][0]["findings"]
    assert (finding["file"], finding["line"]) == (str(journal), 2)


def test_books_that_do_not_load_at_all_exit_3(journal: Path, run: Run) -> None:
    journal.write_text(f'2026-01-01 * "x"\n  Assets:Bank  {"9" * 41}.{"1" * 40} EUR\n  Income:Sales\n')
    code, out, _ = run("loads", "items")
    assert code == 3
    assert out.splitlines()[0] == "FAIL loads  1 finding"
    assert out.splitlines()[-1] == "skip items  the books do not load"


def test_an_unknown_check_is_wrong_usage(run: Run) -> None:
    code, out, err = run("exact-zeros")
    assert (code, out) == (2, "")
    assert "there is no check 'exact-zeros'" in err


def test_the_list_names_every_check(run: Run) -> None:
    code, out, _ = run("--list")
    assert code == 0
    assert [line.split(maxsplit=1)[0] for line in out.splitlines()] == list(checks.CHECKS)


def test_a_traceback_is_cut_to_one_line(main: Path, run: Run) -> None:
    main.write_text('plugin "no.such.module"\n' + main.read_text())
    code, out, _ = run("loads")
    assert code == 1
    assert len(out.splitlines()) == 2
    assert "No module named 'no'" in out
