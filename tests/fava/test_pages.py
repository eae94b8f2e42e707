"""The pages answer, whatever the books and Fava's filters are (H43)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from o2c.starting import start_empty
from tests.fava.fava_pages import PAGES
from tests.fava.fava_pages import cells
from tests.fava.fava_pages import site
from tests.fava.fava_pages import troubles

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fava.fava_pages import Site

MARCH = "2026-01 - 2026-03"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_demo_books_without_trouble(demo: Site, page: str) -> None:
    text = demo.text(page, time=MARCH)
    assert not troubles(text)
    assert "At the end of 2026-03-31." in text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_on_empty_books(tmp_path: Path, page: str) -> None:
    start_empty(tmp_path / "books")
    assert "<h2>" in site(tmp_path / "books").text(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_on_a_ledger_that_is_not_ours(tmp_path: Path, page: str) -> None:
    (tmp_path / "main.beancount").write_text("2026-01-01 open Assets:AR:C1\n", "utf-8")
    assert "<h2>" in site(tmp_path).text(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_books_have_errors(own_books: Path, page: str) -> None:
    broken = own_books / "manual" / "broken.beancount"
    broken.write_text('2026-02-02 * "x" "does not balance"\n  Assets:AR:C0001  1 EUR\n  item: "X"\n\n2026-02-', "utf-8")
    (found, *_) = troubles(site(own_books).text(page, time=MARCH))
    assert found.startswith("The books have ")
    assert "figures may be wrong" in found


def test_broken_master_data_take_only_the_parts_away_that_need_them(own_books: Path) -> None:
    (own_books / "master" / "terms.yaml").write_text("net30: {nonsense: 1}\n", "utf-8")
    text = site(own_books).text("Credit", time=MARCH)
    assert any("terms.yaml" in said for said in troubles(text))
    assert site(own_books).text("Receivables", time=MARCH).count("C0001") > 0


def test_changed_master_data_show_at_once(own_books: Path) -> None:
    pages = site(own_books)
    assert "Alsterlicht Einrichtungen" in pages.text("Receivables", time=MARCH)
    file = own_books / "master" / "customers.yaml"
    file.write_text(file.read_text("utf-8").replace("name: Alsterlicht Einrichtungen", "name: Elblicht"), "utf-8")
    assert "Elblicht" in pages.text("Receivables", time=MARCH)


def test_a_changed_ledger_shows_at_once(own_books: Path) -> None:
    pages = site(own_books)
    file = own_books / "manual" / "prices.beancount"
    pages.text("Receivables", time=MARCH)
    file.write_text(
        file.read_text("utf-8")
        + '\n2026-03-30 * "Zeile" "von Hand"\n  Assets:AR:C0002   7.77 EUR\n'
        + '    item: "HAND-1"\n  Income:Sales:Goods  -7.77 EUR\n',
        "utf-8",
    )
    text = pages.text("Receivables", time=MARCH, **{"items-find": "HAND"})
    assert "HAND-1" in [row[0] for row in cells(text, "items")]


def test_the_account_filter_leaves_the_customers_it_matches(demo: Site) -> None:
    text = demo.text("Receivables", time=MARCH, account="Assets:AR:C0001")
    assert {row[0] for row in cells(text, "aging")} == {"C0001"}
    assert {row[2] for row in cells(text, "items")} == {"C0001"}


def test_the_text_filter_leaves_the_documents_it_matches(demo: Site) -> None:
    text = demo.text("Receivables", time=MARCH, filter="^INV-2026-0079")
    assert [row[0] for row in cells(text, "items")] == ["INV-2026-0079"]
    assert len(cells(text, "aging")) > 1
    assert "sums of customers are not split by it" in text


def test_the_text_filter_leaves_the_acts_about_the_documents_it_matches(demo: Site) -> None:
    text = demo.text("Trail", time=MARCH, filter="^INV-2026-0079")
    assert "INV-2026-0079" in {row[4] for row in cells(text, "trail")}
    assert "INV-2026-0078" not in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("args", [{"time": "nonsense"}, {"filter": "any("}, {"account": "("}, {"time": "9999"}])
def test_a_filter_that_cannot_be_read_is_a_sentence_and_no_fault(demo: Site, page: str, args: dict[str, str]) -> None:
    text = demo.text(page, **args)
    assert "<h2>" in text
    if args != {"time": "9999"}:
        assert "cannot be read" in text or "is not one" in text


@pytest.mark.parametrize(
    ("page", "args"),
    [
        ("Customers", {"code": "NOBODY"}),
        ("Documents", {"number": "INV-1999-0001"}),
        ("Documents", {"kind": "poem"}),
        ("Orders", {"only": "nice"}),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(demo: Site, page: str, args: dict[str, str]) -> None:
    (said,) = troubles(demo.text(page, **args))
    assert said.startswith("there is no ")


def test_incognito_hides_every_figure(own_books: Path) -> None:
    pages = site(own_books, incognito=True)
    text = pages.text("Receivables", time=MARCH)
    assert "XX,XXX.XX" in text
    assert "75,466.87" not in text
    assert pages.get("Receivables", "download", table="aging", format="csv").status_code == 400
    document = pages.text("Documents", number="INV-2026-0118", time=MARCH)
    assert "414.84" not in document


def test_a_customer_shows_its_account_shortened(demo: Site) -> None:
    text = demo.text("Customers", code="C0001", time=MARCH)
    assert "DE38 … 1912" in text


def test_a_document_shows_its_chain_with_the_lines_of_the_ledger(demo: Site) -> None:
    text = demo.text("Documents", number="INV-2026-0118", time=MARCH)
    for found in ("SO-2026-0118", "DN-2026-0117", "order confirmed", "414.84 GBP", "doc-id: &#34;INV-2026-0118&#34;"):
        assert found in text


def test_the_chart_ends_with_the_totals_of_the_table(demo: Site) -> None:
    text = demo.text("Receivables", time=MARCH)
    (data,) = re.findall(r'<svelte-component type="charts"><script type="application/json">(.*?)</script>', text)
    euros = next(chart for chart in json.loads(data) if chart["label"] == "Owed in EUR")
    last = euros["data"][-1]
    assert last["date"] == "2026-03-31"
    assert list(last["balance"].values()) == [60548.56, 11990.52, 2347.39, 1029.96, 0]


def test_no_page_is_large(demo: Site) -> None:
    assert max(len(demo.get(page, time=MARCH).data) for page in PAGES) < 300_000
