"""Every report says the same through every door: text, CSV, JSON, workbook and page (Fava's: tests/fava)."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from o2c import books as door
from o2c import reports
from o2c.cli import main
from o2c.reports.as_csv import neutral
from o2c.reports.cells import safe
from o2c.reports.cells import written
from o2c.reports.output import render
from tests.reports.workbook_reader import Sheet

if TYPE_CHECKING:
    from o2c.reports.table import Cell
    from o2c.reports.table import Column
    from o2c.reports.table import Table

DEMO = Path(__file__).parents[2] / "ledger"
END = date(2026, 3, 31)
SINCE = date(2026, 2, 15)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> door.Books:
    """The demo books with a dispute, and a delivery that waits for its invoice."""
    root = tmp_path_factory.mktemp("doors") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    with pytest.raises(SystemExit) as end:
        main(["--books", str(root), "--user", "ann", "--today", str(END), "deliver", "SO-2026-0120"])
    assert end.value.code == 0
    with (root / "manual" / "prices.beancount").open("a") as file:
        file.write('2026-02-20 note Assets:AR:C0001 "x" #dispute-opened\n  subject: "INV-2026-0018"\n')
    return door.load(root)


@pytest.fixture(params=reports.REPORTS)
def table(books: door.Books, request: pytest.FixtureRequest) -> Table:
    name: str = request.param
    return reports.run(name, books, END, **{"since": SINCE} if "since" in reports.options(name) else {})


def cells(table: Table) -> list[list[str]]:
    return [[written(row, column) for column in table.columns] for row in table.rows]


def test_the_demo_books_have_something_to_say_in_every_report(table: Table) -> None:
    assert table.rows


def test_the_text_has_every_cell_of_every_row_in_order(table: Table) -> None:
    lines = str(render(table, "text")).splitlines()
    first = next(number for number, line in enumerate(lines) if line and not line.strip("-")) + 1
    shown = lines[first : first + len(table.rows)]
    assert [_squeezed(line) for line in shown] == [_squeezed(safe(" ".join(row))) for row in cells(table)]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_csv_has_every_row(table: Table) -> None:
    head, *rows = csv.reader(io.StringIO(str(render(table, "csv")), newline=""))
    assert head == [column.name for column in table.columns]
    assert rows == [
        [neutral(cell) if isinstance(row.get(column.name, ""), str) else cell
         for column, cell in zip(table.columns, shown, strict=True)]
        for row, shown in zip(table.rows, cells(table), strict=True)
    ]  # fmt: skip


def test_json_has_every_row_and_total(table: Table) -> None:
    said = json.loads(render(table, "json"))
    for kind, rows in (("rows", table.rows), ("totals", table.totals)):
        assert len(said[kind]) == len(rows)
        for row, shown in zip(rows, said[kind], strict=True):
            for column in table.columns:
                _require_same(row.get(column.name, ""), shown.get(column.name))


def _require_same(cell: Cell, shown: object) -> None:
    if isinstance(cell, bool | int):
        assert shown == cell
    elif isinstance(cell, Decimal):
        assert isinstance(shown, str)
        assert Decimal(shown) == cell
    else:
        assert (shown or "") == str(cell)


def test_a_workbook_has_every_row_as_typed_cells(table: Table) -> None:
    content = render(table, "xlsx")
    assert isinstance(content, bytes)
    sheet = Sheet(content)
    assert len(sheet.rows) == len(table.rows)
    for row, shown in zip(table.rows, sheet.rows, strict=True):
        for column in table.columns:
            _require_typed(row.get(column.name, ""), shown[column.name], column)


def _require_typed(cell: Cell, shown: object, column: Column) -> None:
    if isinstance(cell, bool):
        assert shown in {cell, "yes" if cell else "no"}, column
    elif isinstance(cell, Decimal | int):
        assert isinstance(shown, float | int), column
        assert Decimal(str(shown)) == cell, column
    elif isinstance(cell, date):
        assert shown == cell, column
    else:
        assert shown == cell, column


def test_a_page_has_every_row_and_total_and_names_day_and_basis(table: Table) -> None:
    content = render(table, "html")
    page = html.document_fromstring(str(content))
    shown = [[cell.text or "" for cell in row.iter("td")] for row in page.iterfind(".//tbody/tr")]
    assert shown == [[safe(cell) for cell in row] for row in cells(table)]
    assert len(page.findall(".//tfoot/tr")) == len(table.totals)
    head = page.findtext(".//p")
    assert table.basis in head
    assert table.as_of is None or str(table.as_of) in head


def test_a_page_shows_markup_as_letters_and_asks_nobody(books: door.Books) -> None:
    plain = reports.run("open-items", books, END)
    evil = "<script src=//evil.example>&amp;'\"</script>\x1b[2J"
    page = str(render(plain._replace(title=evil, rows=({**plain.rows[0], "name": evil},)), "html"))
    assert "<script" not in page
    assert "\x1b" not in page
    found = html.document_fromstring(page)
    assert safe(evil) in [cell.text for cell in found.iter("td")]
    assert not found.xpath("//@src | //@href | //link | //img")
