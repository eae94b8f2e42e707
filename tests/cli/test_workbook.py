"""The command `workbook`: which reports, whose figures, and where it may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from o2c import reports
from o2c.cli import main
from o2c.cli.workbook import USUAL
from o2c.starting import start_demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., int]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbook") / "books"
    start_demo(folder)
    return folder


@pytest.fixture
def o2c(root: Path) -> Run:
    def run(*words: object) -> int:
        with pytest.raises(SystemExit) as stopped:
            main(["--books", str(root), "--today", "2026-04-02", *map(str, words)])
        return int(str(stopped.value.code))

    return run


def contents(place: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(place)).get_sheet_by_index(0).to_python()


def test_without_names_it_holds_what_a_month_needs(o2c: Run, tmp_path: Path) -> None:
    place = tmp_path / "march.xlsx"
    assert o2c("workbook", "--from", "2026-03-01", "--as-of", "2026-03-31", "-o", place) == 0
    rows = contents(place)
    assert [str(row[1]) for row in rows[3:]] == [f"o2c_{name.replace('-', '_')}" for name in USUAL]
    sales = CalamineWorkbook.from_path(str(place)).get_sheet_by_name("Sales").to_python()
    assert {row[0] for row in sales[3:] if row[1]} <= {"2026-03", "total"}
    assert str(sales[1][0]).startswith("documents dated 2026-03-01 to 2026-03-31")


def test_named_reports_of_a_customer(o2c: Run, tmp_path: Path) -> None:
    place = tmp_path / "c0001.xlsx"
    assert o2c("workbook", "aging", "open-items", "aging", "--customer", "C0001", "-o", place) == 0
    book = CalamineWorkbook.from_path(str(place))
    assert book.sheet_names == ["Contents", "Aging", "Open items"]
    assert [row[0] for row in book.get_sheet_by_name("Aging").to_python()[3:4]] == ["C0001"]
    assert contents(place)[0][0] == "Order to cash C0001 as of 2026-04-02"


def test_the_usual_reports_exist_and_can_all_be_narrowed() -> None:
    assert all(reports.options(name) >= {"customer", "group", "currency"} for name in USUAL)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["aging"], 2, "-o"),
        (["aging", "-o", "x.csv"], 2, "a workbook ends in .xlsx"),
        (["ageing", "-o", "x.xlsx"], 2, "ageing"),
        (["numbering", "--customer", "C0001", "-o", "x.xlsx"], 2, "numbering has no option --customer"),
        (["aging", "--as-of", "yesterday", "-o", "x.xlsx"], 2, "--as-of"),
        (["aging", "--customer", "C9999", "-o", "x.xlsx"], 1, "C9999"),
        (["aging", "-o", "no/such/folder/x.xlsx"], 4, "was not written"),
    ],
)
def test_what_cannot_be_written_is_refused(
    o2c: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: list[str], code: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert o2c("workbook", *words) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
