"""The numbering report: what was used, what came to nothing and why, and what nobody explains."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

from o2c.reports import numbering

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.reports.table import Table

    Make = Callable[[str], Books]

END = date(2026, 3, 31)


def invoice(number: str, day: str) -> str:
    return f"""
{day} * "Customer" "Invoice"
  doc-type: "invoice"
  doc-id: "{number}"
  customer: "C1"
  currency: "EUR"
  Assets:AR:C1  1.00 EUR
    item: "{number}"
  Income:Sales
"""


def numbered(books: Books, pattern: str = "INV-{year}-{number:04d}") -> Books:
    books.__dict__["master"] = SimpleNamespace(company=SimpleNamespace(numbering={"invoice": pattern}))
    return books


def shown(table: Table) -> list[tuple[object, ...]]:
    return [(row["state"], row["first"], row["last"], row["count"], row["why"]) for row in table.rows]


def test_gaps_are_named_with_their_reasons_or_without(books: Make) -> None:
    text = invoice("INV-2026-0001", "2026-02-10") + invoice("INV-2026-0003", "2026-03-10")
    text += invoice("INV-2026-0007", "2026-03-20") + invoice("INV-2026-0008", "2026-04-01")
    text += '\n2026-03-21 custom "o2c-void" "INV-2026-0004" "INV-2026-0005"\n  by: "ann"\n  why: "Printer jam"\n'
    table = numbering.report(numbered(books(text)), END)
    assert shown(table) == [
        ("used", "INV-2026-0003", "INV-2026-0007", 2, ""),
        ("void", "INV-2026-0004", "INV-2026-0005", 2, "Printer jam"),
        ("missing", "INV-2026-0002", "INV-2026-0002", 1, ""),
        ("missing", "INV-2026-0006", "INV-2026-0006", 1, ""),
    ]
    assert [row["by"] for row in table.rows] == ["", "ann", "", ""]
    assert table.rows[0]["series"] == "INV-2026-"


def test_the_first_period_begins_with_number_one(books: Make) -> None:
    table = numbering.report(numbered(books(invoice("INV-2026-0002", "2026-03-10"))), END)
    assert shown(table)[1] == ("missing", "INV-2026-0001", "INV-2026-0001", 1, "")


def test_a_gap_is_told_in_the_period_in_which_it_arose_only(books: Make) -> None:
    text = invoice("INV-2026-0002", "2026-02-10") + invoice("INV-2026-0003", "2026-03-10")
    assert [row["state"] for row in numbering.report(numbered(books(text)), END).rows] == ["used"]


def test_each_fiscal_year_is_a_series_of_its_own(books: Make) -> None:
    text = invoice("INV-2025-0009", "2026-03-01") + invoice("INV-2026-0001", "2026-03-02")
    table = numbering.report(numbered(books(text)), END)
    assert [(row["series"], row["state"], row["count"]) for row in table.rows] == [
        ("INV-2025-", "used", 1),
        ("INV-2025-", "missing", 8),
        ("INV-2026-", "used", 1),
    ]


def test_numbers_of_other_shapes_are_counted_apart(books: Make) -> None:
    text = invoice("OLD.17", "2026-03-01") + invoice("OLD.18", "2026-03-01") + invoice("INV-2026-0001", "2026-03-02")
    table = numbering.report(numbered(books(text)), END)
    assert shown(table)[-1] == ("no series", "", "", 2, "")


def test_without_master_data_the_basis_says_that_no_series_is_known(books: Make) -> None:
    table = numbering.report(books(invoice("INV-2026-0001", "2026-03-02")), END)
    assert shown(table) == [("no series", "", "", 1, "")]
    assert "no series is known" in table.basis
