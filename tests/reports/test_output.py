"""The four formats of one table: what stands in them, and that nothing in them is ever run or lost."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.reports.output import render
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

COLUMNS = (
    Column("item", "code"),
    Column("name", "text"),
    Column("due", "date"),
    Column("days", "count"),
    Column("held", "flag"),
    Column("currency", "code"),
    Column("open", "money"),
    Column("dso", "number"),
)


def row(
    name: str = "Anker & Co", amount: str = "1234.5", currency: str = "EUR", item: str = "0611365"
) -> dict[str, object]:
    return {
        "item": item,
        "name": name,
        "due": date(2026, 3, 31),
        "days": -15,
        "held": True,
        "currency": currency,
        "open": Decimal(amount),
        "dso": Decimal("30.570"),
    }


def table(*rows: dict[str, object]) -> Table:
    return Table("test-report", "Test report", date(2026, 4, 15), "due date", COLUMNS, rows, totals(rows, "open"))


TWO = table(row(), row(amount="-0.5", name="Zweite"), row(amount="1500", currency="JPY"))


def as_text(made: Table) -> str:
    text = render(made, "text")
    assert isinstance(text, str)
    return text


def sheet(made: Table) -> list[list[object]]:
    book = render(made, "xlsx")
    assert isinstance(book, bytes)
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def part(made: Table, name: str) -> str:
    book = render(made, "xlsx")
    assert isinstance(book, bytes)
    return zipfile.ZipFile(io.BytesIO(book)).read(name).decode()


def test_text_is_aligned_and_has_totals_below_a_rule() -> None:
    rule = "-" * 70
    assert as_text(TWO) == (
        "Test report as of 2026-04-15; due date\n"
        "\n"
        "item     name        due         days  held  currency     open     dso\n"
        f"{rule}\n"
        "0611365  Anker & Co  2026-03-31   -15  yes   EUR       1234.50  30.570\n"
        "0611365  Zweite      2026-03-31   -15  yes   EUR         -0.50  30.570\n"
        "0611365  Anker & Co  2026-03-31   -15  yes   JPY          1500  30.570\n"
        f"{rule}\n"
        "total                                        EUR       1234.00\n"
        "total                                        JPY          1500\n"
    )


def test_a_report_without_rows_says_so() -> None:
    assert as_text(table()).splitlines()[-1] == "nothing to show"
    assert render(table(), "csv") == "item,name,due,days,held,currency,open,dso\r\n"
    assert json.loads(render(table(), "json"))["rows"] == []
    assert sheet(table())[2][:2] == ["item", "name"]


def test_text_shows_control_characters_instead_of_sending_them() -> None:
    text = as_text(table(row(name="a\x1b[2Jb\u202ec\nd")))
    assert "a<U+001B>[2Jb<U+202E>c d" in text


def test_csv_is_rfc_4180() -> None:
    text = render(table(row(name='Anker, "Söhne"\nHamburg', amount="-12")), "csv")
    assert text == (
        "item,name,due,days,held,currency,open,dso\r\n"
        '0611365,"Anker, ""Söhne""\nHamburg",2026-03-31,-15,yes,EUR,-12.00,30.570\r\n'
    )


DANGEROUS = [
    "=1+1",
    "+49 40 123",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    '"=1',
    "\n=1",
    "\uff1d1",  # the full-width form
    "{=1}",
    "http://x.example",
]


@pytest.mark.parametrize("name", DANGEROUS[:-2])
def test_csv_takes_the_sting_out_of_formulas(name: str) -> None:
    [_, cells] = csv.reader(io.StringIO(str(render(table(row(name=name, amount="-5")), "csv")), newline=""))
    assert cells[1] == "'" + name
    assert cells[6] == "-5.00"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1))
def test_csv_brings_every_text_back(name: str) -> None:
    [_, cells] = csv.reader(io.StringIO(str(render(table(row(name=name)), "csv")), newline=""))
    assert cells[1] in {name, "'" + name}
    assert not cells[1].lstrip(' "').startswith(("=", "+", "-", "@", "\t"))


def test_json_has_amounts_as_strings_and_counts_as_numbers() -> None:
    assert json.loads(render(TWO, "json")) == {
        "report": "test-report",
        "as_of": "2026-04-15",
        "basis": "due date",
        "columns": ["item", "name", "due", "days", "held", "currency", "open", "dso"],
        "rows": [
            {
                "item": "0611365",
                "name": name,
                "due": "2026-03-31",
                "days": -15,
                "held": True,
                "currency": currency,
                "open": amount,
                "dso": "30.570",
            }
            for name, currency, amount in [
                ("Anker & Co", "EUR", "1234.50"),
                ("Zweite", "EUR", "-0.50"),
                ("Anker & Co", "JPY", "1500"),
            ]
        ],
        "totals": [{"currency": "EUR", "open": "1234.00"}, {"currency": "JPY", "open": "1500"}],
    }


def test_an_empty_figure_is_null_in_json_and_nothing_elsewhere() -> None:
    made = table({**row(), "dso": "", "name": ""})
    [read] = json.loads(render(made, "json"))["rows"]
    assert (read["dso"], read["name"]) == (None, "")
    assert str(render(made, "csv")).endswith(",1234.50,\r\n")
    assert sheet(made)[3][7] == ""


def test_a_workbook_has_typed_cells_below_two_lines_of_heading() -> None:
    read = sheet(TWO)
    assert read[0][0] == "Test report as of 2026-04-15"
    assert read[1][0] == "due date; currencies EUR, JPY: each row in its own"
    assert read[2] == [*(column.name for column in COLUMNS), "key"]
    key = "0611365|2026-03-31|EUR"
    assert read[3] == ["0611365", "Anker & Co", date(2026, 3, 31), -15, True, "EUR", 1234.5, 30.57, key]
    assert read[7][0] == read[8][0] == "total"
    assert [cells[5:7] for cells in read[7:]] == [["EUR", 1234], ["JPY", 1500]]


def test_totals_of_a_workbook_are_live_sums_over_its_table() -> None:
    formulas = re.findall(r"<f>(.*?)</f>", part(TWO, "xl/worksheets/sheet1.xml"))
    assert [formula.replace("&quot;", '"') for formula in formulas] == [
        f'SUMIFS(o2c_test_report[open],o2c_test_report[currency],"{currency}")' for currency in ("EUR", "JPY")
    ]
    assert 'name="o2c_test_report"' in part(TWO, "xl/tables/table1.xml")
    assert 'ref="A3:I6"' in part(TWO, "xl/tables/table1.xml")


def test_a_workbook_shows_money_with_the_decimals_of_its_currency_and_keeps_its_header_in_sight() -> None:
    styles = part(TWO, "xl/styles.xml")
    assert 'formatCode="yyyy-mm-dd"' in styles
    assert 'formatCode="0.000"' in styles
    assert 'formatCode="#,##0.00"' in styles
    assert 'formatCode="#,##0"' in styles
    assert 'ySplit="3"' in part(TWO, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", [*DANGEROUS, "0123", "1E5", "TRUE", "2024-01-02", "mailto:a@b.example", "internal:A1"])
def test_texts_in_a_workbook_are_strings_whatever_they_look_like(name: str) -> None:
    made = table(row(name=name, item=name))
    read = sheet(made)[3]
    assert (read[0], read[1]) == (name, name)
    cells = part(made, "xl/worksheets/sheet1.xml")
    assert cells.count("<f>") == 1  # the total
    assert "hyperlink" not in cells


def test_equal_tables_give_equal_bytes() -> None:
    again = table(row(), row(amount="-0.5", name="Zweite"), row(amount="1500", currency="JPY"))
    for fmt in ("text", "csv", "json", "xlsx"):
        assert render(TWO, fmt) == render(again, fmt)
    assert "2026-04-15T00:00:00Z" in part(TWO, "docProps/core.xml")


def test_a_workbook_refuses_what_it_would_round() -> None:
    assert sheet(table(row(amount="9999999999999.99")))[3][6] == 9999999999999.99
    with pytest.raises(Refused, match=r"open: 12345678901234\.56 .*csv or json"):
        render(table(row(amount="12345678901234.56")), "xlsx")
    assert "12345678901234.56" in str(render(table(row(amount="12345678901234.56")), "json"))


def test_a_text_too_long_for_a_workbook_says_that_it_is_cut() -> None:
    read = sheet(table(row(name="x" * 40_000)))[3][1]
    assert len(str(read)) == 32_767
    assert str(read).endswith("x [cut]")


def test_an_unknown_format_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="text, csv, json, xlsx"):
        render(TWO, "pdf")
