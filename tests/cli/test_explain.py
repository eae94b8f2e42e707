"""The command `explain`, on the demonstration books."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import Option
from click.testing import CliRunner

from o2c.cli import cli
from o2c.cli.explain import explain
from o2c.cli.report import report
from o2c.starting import start_demo

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "books"
    start_demo(folder)
    return folder


def _run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--books", str(root), "--today", "2026-04-02", "explain", *arguments])


def test_a_bucket_leads_to_files_and_lines(root: Path) -> None:
    said = _run(root, "aging", "C0003", "61-90", "--as-of", "2026-04-02").stdout
    assert "617.66 EUR  d61_90" in said
    (line,) = (line for line in said.splitlines() if "RC-2026-0008" in line)
    path, _, number = line.split()[-1].rpartition(":")
    entry = (root / path).read_text().splitlines()[int(number) - 1 :][:6]
    assert "-600.00 EUR" in line
    assert '  doc-id: "RC-2026-0008"' in entry


def test_row_and_column_may_be_options(root: Path) -> None:
    words = _run(root, "aging", "C0003", "d61_90").stdout
    assert words == _run(root, "aging", "--row", "C0003", "--column", "d61_90").stdout
    assert words


def test_json_gives_every_part_with_its_place(root: Path) -> None:
    rows = json.loads(_run(root, "aging", "C0003", "61-90", "--json").stdout)["rows"]
    assert [row["value"] for row in rows] == ["617.66", "617.66", "1217.66", "-600.00"]
    assert rows[-1]["place"].startswith("journal/2026-01.beancount:")


def test_text_and_workbook_go_to_a_file(root: Path, tmp_path: Path) -> None:
    text, book = tmp_path / "why.txt", tmp_path / "why.xlsx"
    assert _run(root, "exposure", "C0001", "-o", str(text)).exit_code == 0
    assert _run(root, "exposure", "C0001", "-o", str(book)).exit_code == 0
    assert text.read_text() == _run(root, "exposure", "C0001").stdout
    assert book.read_bytes().startswith(b"PK")


def test_the_options_are_those_of_the_report_command() -> None:
    ours = {option.name for option in explain.params if isinstance(option, Option)}
    theirs = {option.name for option in report.params if isinstance(option, Option)}
    assert theirs <= ours
    assert {"as_of", "since", "method", "valued"} <= ours


def test_a_figure_that_is_not_there_is_refused_with_the_nearest(root: Path) -> None:
    result = _run(root, "aging", "C0003", "d61-9")
    assert "near are 'd1_30', 'd61_90'" in str(result.exception)


def test_a_period_is_refused_where_the_report_has_none(root: Path) -> None:
    assert "shows the end of one day" in str(_run(root, "aging", "C0003", "--to", "2026-03-31").exception)


def test_the_example_in_the_docs_is_what_the_command_says(root: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "explain.md").read_text()
    command, _, said = page.partition("```console\n$ o2c explain ")[2].partition("```")[0].partition("\n")
    assert _run(root, *command.split()).stdout == said
