"""The page Reports: every report there is, with its options, without a change when one is added."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from fava_o2c.pages import all_reports
from o2c import reports
from o2c.books import load
from o2c.reports.output import render
from tests.fava.fava_pages import cells
from tests.fava.fava_pages import troubles

if TYPE_CHECKING:
    from o2c.books import Books
    from tests.fava.fava_pages import Site

QUARTER = "2026-01 - 2026-03"
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture(scope="module")
def loaded(demo: Site) -> Books:
    return load(demo.root)


def taken(demo: Site, name: str, **args: str) -> str:
    answer = demo.get("Reports", "download", time=QUARTER, report=name, table=name, format="csv", **args)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_the_page_lists_every_report_with_the_way_to_it(demo: Site) -> None:
    ways = re.findall(r'<a href="([^"]+report=[^"]+)">([^<]+)</a>', demo.text("Reports", time=QUARTER))
    assert {html.unescape(said) for _, said in ways} == {known.summary for known in reports.REPORTS.values()}


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_report_shows_the_rows_of_the_command_line(demo: Site, loaded: Books, name: str) -> None:
    days = {"since": FIRST} if "since" in reports.options(name) else {}
    page = demo.text("Reports", time=QUARTER, report=name)
    assert not troubles(page)
    theirs = reports.run(name, loaded, LAST, **days)
    assert rows(taken(demo, name)) == rows(str(render(theirs, "csv")))


@pytest.mark.parametrize(
    ("name", "args", "given"),
    [
        ("aging", {"with-basis": "invoice", "with-buckets": "15, 45"}, {"basis": "invoice", "buckets": (15, 45)}),
        ("roll-forward", {"with-valued": "yes", "with-customer": "C0018"}, {"valued": True, "customer": "C0018"}),
        ("dso", {"with-method": "countback", "with-currency": "EUR"}, {"method": "countback", "currency": "EUR"}),
        ("measures", {"with-group": "RIVE-CLAIRE"}, {"group": "RIVE-CLAIRE"}),
        ("days-to-pay", {"with-days": "30"}, {"days": 30}),
    ],
)
def test_the_fields_are_the_options_of_the_command_line(
    demo: Site, loaded: Books, name: str, args: dict[str, str], given: dict[str, object]
) -> None:
    days = {"since": FIRST} if "since" in reports.options(name) and "days" not in given else {}
    theirs = reports.run(name, loaded, LAST, **days, **given)
    assert theirs.rows
    assert rows(taken(demo, name, **args)) == rows(str(render(theirs, "csv")))
    for way in re.findall(r'href="([^"]+-sort=[^"]+)"', demo.text("Reports", time=QUARTER, report=name, **args)):
        assert all(f"{field}=" in way for field in args)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"report": "poems"}, "there is no report"),
        ({"report": "dso", "with-days": "many"}, "no whole number"),
        ({"report": "aging", "with-customer": "C 1"}, "customer"),
        ({"report": "aging", "with-group": "NOBODY"}, "no credit group"),
        ({"report": "aging", "with-buckets": "30,x"}, "no whole number"),
        ({"report": "dso", "with-method": "guess"}, "cannot be counted"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(demo: Site, args: dict[str, str], said: str) -> None:
    (trouble,) = troubles(demo.text("Reports", **args))
    assert said in trouble


def test_a_quotient_says_that_the_account_filter_does_not_split_it(demo: Site) -> None:
    page = demo.text("Reports", time=QUARTER, report="dso", account="Assets:AR:C0001")
    assert "does not narrow it" in page
    narrowed = demo.text("Reports", time=QUARTER, report="aging", account="Assets:AR:C0001")
    assert "does not narrow it" not in narrowed
    assert {row[0] for row in cells(narrowed, "aging")} == {"C0001"}


def test_with_many_documents_a_report_of_all_days_is_taken_along_instead(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_reports, "MANY", 10)
    assert reports.REPORTS.keys() >= all_reports.OF_ALL_DAYS
    page = demo.text("Reports", time=QUARTER, report="duties")
    assert "<table" not in page
    assert "o2c report duties --as-of 2026-03-31" in page
    (way,) = re.findall(r'<a href="([^"]+format=csv[^"]*)" data-remote download>', page)
    answer = demo.client.get(html.unescape(way))
    assert answer.status_code == 200
    assert answer.get_data(as_text=True) == taken(demo, "duties")
