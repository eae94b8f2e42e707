"""docs/reports.md says of each report here what its columns mean: all of them, and no others."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from o2c import reports
from o2c.reports import statement

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def described(section: str) -> set[str]:
    tables = re.findall(r"^\| column \| meaning \|\n\|---\|---\|\n((?:\|.*\n)+)", section, re.MULTILINE)
    first = [line.split("|")[1] for table in tables for line in table.splitlines()]
    return {name for cell in first for name in re.findall(r"`([a-z0-9_]+)`", cell)}


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_column_is_described(name: str) -> None:
    module = import_module(reports.REPORTS[name].module)
    columns = (*statement.OPEN_ITEMS, *statement.ACTIVITY) if name == "statement" else module.COLUMNS
    assert described(SECTIONS[name]) == {column.name for column in columns}


def test_the_page_lists_every_report_once() -> None:
    listed = re.findall(r"^\| \[([a-z-]+)\]\(#\1\) \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(reports.REPORTS)
