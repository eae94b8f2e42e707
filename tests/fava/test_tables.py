"""Tables: the same rows through every door; sorted, searched, turned and taken along."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from fava_o2c.viewing import ROWS
from o2c import reports
from o2c.books import load
from o2c.model import names
from o2c.reports import listings
from o2c.reports.output import render
from tests.fava.fava_pages import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.reports.table import Table
    from tests.fava.fava_pages import Site

END = date(2026, 3, 31)
MARCH = "2026-01 - 2026-03"
#: Page, its table, and the same through the front door.
DOORS: list[tuple[str, str, Callable[[Books], Table]]] = [
    ("Receivables", "aging", lambda books: reports.run("aging", books, END)),
    ("Receivables", "items", lambda books: reports.run("open-items", books, END)),
    ("Documents", "documents", lambda books: listings.sales_documents(books, END, names.INVOICE, only="open")),
    ("Orders", "orders", lambda books: listings.orders(books, END, only="open")),
    ("Credit", "exposure", lambda books: reports.run("exposure", books, END)),
    ("Measures", "dso", lambda books: reports.run("dso", books, END)),
    ("Measures", "measures", lambda books: reports.run("measures", books, END)),
    ("Measures", "days-to-pay", lambda books: reports.run("days-to-pay", books, END)),
]


@pytest.fixture(scope="module")
def loaded(demo: Site) -> Books:
    return load(demo.root)


def _csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(("page", "key", "door"), DOORS)
def test_fava_and_the_command_line_give_the_same_rows(
    demo: Site, loaded: Books, page: str, key: str, door: Callable[[Books], Table]
) -> None:
    answer = demo.get(page, "download", time=MARCH, table=key, format="csv")
    assert answer.status_code == 200
    assert _csv(answer.get_data(as_text=True)) == _csv(str(render(door(loaded), "csv")))


def test_the_audit_trail_is_the_report_with_the_latest_first(demo: Site, loaded: Books) -> None:
    table = reports.run("audit-trail", loaded, END, since=date(2026, 1, 1), until=END)
    answer = demo.get("Trail", "download", time=MARCH, table="trail", format="csv").get_data(as_text=True)
    mine, theirs = _csv(answer), _csv(str(render(table, "csv")))
    assert sorted(mine) == sorted(theirs)
    days = [row[0] for row in mine[1 : len(table.rows)]]
    assert days == sorted(days, reverse=True)


def test_a_workbook_holds_the_same_rows(demo: Site) -> None:
    answer = demo.get("Receivables", "download", time=MARCH, table="aging", format="xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert any("C0001" in row and 16259.44 in row for row in sheet)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aging-2026-03-31.xlsx"'


def test_a_page_of_a_table_shows_so_many_rows_and_the_way_to_the_next(demo: Site) -> None:
    first = demo.text("Receivables", time=MARCH)
    assert len(cells(first, "items")) == ROWS
    (address,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = demo.client.get(address.replace("&amp;", "&")).get_data(as_text=True)
    shown = {row[0] for row in cells(first, "items")} & {row[0] for row in cells(second, "items")}
    assert not shown
    assert "26-50 of 71" in second


def test_a_page_beyond_the_last_is_the_last(demo: Site) -> None:
    assert "51-71 of 71" in demo.text("Receivables", time=MARCH, **{"items-page": "99"})
    assert "1-25 of 71" in demo.text("Receivables", time=MARCH, **{"items-page": "-1"})


@pytest.mark.parametrize("way", ["open", "-open"])
def test_a_table_is_sorted_by_value(demo: Site, way: str) -> None:
    rows = cells(demo.text("Receivables", time=MARCH, **{"items-sort": way}), "items")
    values = [float(row[9].replace(",", "")) for row in rows]
    assert values == sorted(values, reverse=way.startswith("-"))


def test_a_search_leaves_the_rows_that_hold_it_and_their_totals(demo: Site) -> None:
    text = demo.text("Receivables", time=MARCH, **{"aging-find": "weserBLICK"})
    assert [row[0] for row in cells(text, "aging")] == ["C0002"]
    assert "1-1 of 1 (searched among 18)" in text
    assert text.count("3,353.42") >= 3


def test_a_choice_leaves_the_rows_with_the_value(demo: Site) -> None:
    text = demo.text("Receivables", time=MARCH, **{"aging-is-currency": "GBP"})
    assert {row[2] for row in cells(text, "aging")} == {"GBP"}


def test_a_download_is_searched_and_sorted_as_the_page_but_whole(demo: Site) -> None:
    args = {"items-is-currency": "EUR", "items-sort": "-open", "items-page": "2"}
    answer = demo.get("Receivables", "download", time=MARCH, table="items", format="csv", **args)
    rows = _csv(answer.get_data(as_text=True))[1:]
    amounts = [float(row[9]) for row in rows if row[0].startswith(("INV", "20", "CN", "RC"))]
    assert len(amounts) > ROWS
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.parametrize("args", [{"table": "poems"}, {"table": "aging", "format": "exe"}, {}])
def test_a_download_that_is_not_there_is_refused_with_a_sentence(demo: Site, args: dict[str, str]) -> None:
    answer = demo.get("Receivables", "download", **args)
    assert answer.status_code == 400
    assert "there is no" in answer.get_data(as_text=True)
