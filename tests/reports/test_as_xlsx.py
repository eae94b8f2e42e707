"""Workbooks to work on: live figures that give what the report says, keys, print, and no text that runs."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import reports
from o2c.books import load
from o2c.reports import as_xlsx
from o2c.reports import live_figures
from o2c.reports import row_keys
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals
from o2c.reports.workbook import workbook
from o2c.starting import start_demo
from tests.reports.workbook_reader import Sheet

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.reports.table import Row

DAY = date(2026, 3, 31)
PERIOD = date(2026, 1, 1)
PARTS = ("current", "d1_30", "unapplied", "total")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Books:
    root = tmp_path_factory.mktemp("workbooks") / "books"
    start_demo(root)
    return load(root)


@pytest.fixture(scope="module")
def tables(demo: Books) -> dict[str, Table]:
    """Every report that is keyed, computed once."""
    names = [name for name in reports.REPORTS if name in row_keys.KEYS]
    since = {name: {"since": PERIOD} if "since" in reports.options(name) else {} for name in names}
    return {name: reports.run(name, demo, DAY, **since[name]) for name in names}


def aging(*amounts: tuple[str, str, str, str], name: str = "Acme") -> Table:
    rows: list[Row] = []
    for number, (currency, current, late, credit) in enumerate(amounts, 1):
        cells = [Decimal(current), Decimal(late), Decimal(credit)]
        parts = dict(zip(PARTS, [*cells, sum(cells)], strict=True))
        rows.append({"customer": f"C{number}", "name": name, "currency": currency, **parts})
    columns = (
        Column("customer", "code"),
        Column("name", "text"),
        Column("currency", "code"),
        *(Column(part, "money") for part in PARTS),
    )
    return Table("aging", "Aging", DAY, "due date", columns, tuple(rows), totals(rows, *PARTS))


TWO = aging(("EUR", "100.10", "0.20", "-50.05"), ("EUR", "10.00", "30.30", "0"), ("USD", "7.00", "0", "0"))


@pytest.mark.parametrize("name", live_figures.FIGURES)
def test_every_live_figure_of_a_report_gives_what_the_report_says(tables: dict[str, Table], name: str) -> None:
    sheet = Sheet(as_xlsx.render(tables[name]))
    rows_with = {formula.column for formula in sheet.formulas if formula.row <= sheet.last}
    expected = set(live_figures.FIGURES[name]) if tables[name].rows else set()
    assert {sheet.head[column] for column in rows_with} == expected
    for formula in sheet.formulas:
        if formula.kept:
            assert abs(sheet.computed(formula) - Decimal(formula.kept)) < Decimal("0.000001"), formula


def test_totals_and_their_shares_stand_below_the_table(tables: dict[str, Table]) -> None:
    table = tables["aging"]
    sheet = Sheet(as_xlsx.render(table))
    below = sheet.grid[sheet.last + 2 :]
    assert [cells[0] for cells in below] == ["total"] * len(table.totals) + ["share"] * len(table.totals)
    for total, cells, share in zip(table.totals, below, below[len(table.totals) :], strict=False):
        read = dict(zip(sheet.head, cells, strict=False))
        assert all(read[name] == (cell if name == "currency" else float(str(cell))) for name, cell in total.items())
        part = dict(zip(sheet.head, share, strict=False))
        assert part["currency"] == total["currency"]
        assert abs(float(str(part["current"])) - float(total["current"] / total["total"])) < 1e-12  # type: ignore[operator]  # money


def test_a_figure_that_its_formula_does_not_give_stands_there_as_it_is() -> None:
    rows = ({**TWO.rows[0], "total": Decimal("99.99")}, TWO.rows[1])
    sheet = Sheet(as_xlsx.render(TWO._replace(rows=rows)))
    live = [formula.row for formula in sheet.formulas if formula.row <= sheet.last]
    assert live == [4]
    assert sheet.grid[3][6] == 99.99


def test_a_share_of_nothing_is_empty() -> None:
    sheet = Sheet(as_xlsx.render(aging(("EUR", "5.00", "0", "-5.00"))))
    assert sheet.grid[6][0] == "share"
    assert sheet.grid[6][3:7] == [""] * 4


def test_keys_tell_all_rows_of_every_report_apart(tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        keys = list(row_keys.keys(table))
        assert len(set(keys)) == len(keys) == len(table.rows), name
        assert set(row_keys.KEYS[name]) & {column.name for column in table.columns}, name
        assert not [key for key in keys if re.search(r"#\d+$", key)], name


def test_a_key_stays_when_the_figures_change_and_finds_its_row() -> None:
    before, after = TWO, aging(("EUR", "9.00", "0", "0"), ("EUR", "8.00", "0", "0"))
    assert list(row_keys.keys(before))[:2] == list(row_keys.keys(after)) == ["C1|EUR", "C2|EUR"]
    found = {row["key"]: row["total"] for row in Sheet(as_xlsx.render(TWO)).rows}
    assert found == {"C1|EUR": 50.25, "C2|EUR": 40.3, "C3|USD": 7}


def test_rows_that_nothing_tells_apart_are_numbered() -> None:
    same = TWO._replace(report="unheard-of", rows=(TWO.rows[0], TWO.rows[0]))
    assert list(row_keys.keys(same)) == ["C1|EUR", "C1|EUR#2"]


def test_the_head_says_day_basis_and_currencies_and_stays_in_sight() -> None:
    sheet = Sheet(as_xlsx.render(TWO))
    assert sheet.grid[0][0] == "Aging as of 2026-03-31"
    assert sheet.grid[1][0] == "due date; currencies EUR, USD: each row in its own"
    one = Sheet(as_xlsx.render(aging(("EUR", "1", "0", "0"))))
    assert one.grid[1][0] == "due date; currency EUR"
    [pane] = sheet.xml.iter("{*}pane")
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("3", "1", "frozen")


def test_it_prints_landscape_one_page_wide_with_the_header_on_every_page_and_without_keys() -> None:
    import io
    import zipfile

    content = as_xlsx.render(TWO)
    [page] = Sheet(content).xml.iter("{*}pageSetup")
    assert (page.get("orientation"), page.get("paperSize"), page.get("fitToHeight")) == ("landscape", "9", "0")
    names = zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml").decode()
    assert ">Aging!$3:$3<" in names
    assert ">Aging!$A$1:$G$11<" in names


HOSTILE = [
    "=1+1", '=HYPERLINK("http://x.example")', "+1", "-1", "@SUM(A1)", "\t=1", "http://x.example", "{=1}", "0123",
    "mailto:a@b.example", "1E5", "'=1", '&P &"Arial"',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_link_or_number_anywhere_in_a_workbook(text: str) -> None:
    table = aging(("EUR", "1.00", "0", "0"), name=text)
    hostile = table._replace(rows=({**table.rows[0], "customer": text},), title=text, basis=text)
    content = workbook([hostile], "Order to cash", DAY)
    sheet = Sheet(content, 2)
    assert (sheet.rows[0]["customer"], sheet.rows[0]["name"]) == (text, text)
    assert sheet.rows[0]["key"] == f"{text}|EUR"
    assert sheet.grid[1][0].startswith(text)  # type: ignore[union-attr]  # a text
    assert {re.sub(r"\W.*", "", formula.text) for formula in sheet.formulas} == {"SUM", "SUMIFS", "IF"}
    assert not list(sheet.xml.iter("{*}hyperlink"))
    assert all(link.get("location") and not link.get("{*}id") for link in Sheet(content, 1).xml.iter("{*}hyperlink"))


def test_a_workbook_of_several_reports_lists_its_sheets_and_the_names_of_their_tables(tables: dict[str, Table]) -> None:
    chosen = [tables["aging"], tables["open-items"], tables["aging"]]
    content = workbook(chosen, "Order to cash", DAY)
    contents = Sheet(content, 1)
    assert [(row["sheet"], row["table"], row["rows"]) for row in contents.rows] == [
        ("Aging", "o2c_aging", len(chosen[0].rows)),
        ("Open items", "o2c_open_items", len(chosen[1].rows)),
        ("Aging_2", "o2c_aging_2", len(chosen[2].rows)),
    ]
    links = [link.get("location") for link in contents.xml.iter("{*}hyperlink")]
    assert links == ["'Aging'!A1", "'Open items'!A1", "'Aging_2'!A1"]
    assert Sheet(content, 3).grid[0][0] == "Open items as of 2026-03-31"
    assert Sheet(content, 2).rows == Sheet(as_xlsx.render(tables["aging"])).rows


def test_equal_tables_give_equal_workbooks() -> None:
    assert workbook([TWO, TWO], "x", DAY) == workbook([TWO, TWO], "x", DAY)
