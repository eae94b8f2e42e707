"""The list of open items: what is in it, and how much of each is disputed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.errors import WrongUsage
from o2c.reports import open_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

    Make = Callable[[str], Books]

LEDGER = """
2026-03-01 * "Anker & Co" "Invoice in three instalments"
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  currency: "EUR"
  Assets:AR:C1   30.00 EUR
    item: "INV-1.1"
    due: 2026-03-31
  Assets:AR:C1   50.00 EUR
    item: "INV-1.2"
    due: 2026-04-30
  Assets:AR:C1   20.00 EUR
    item: "INV-1.3"
    due: 2026-05-30
  Income:Sales  -100.00 EUR

2026-03-20 * "Anker & Co" "Receipt"
  doc-type: "receipt"
  doc-id: "RC-1"
  customer: "C1"
  currency: "EUR"
  Assets:Bank   45.00 EUR
  Assets:AR:C1  -30.00 EUR
    item: "INV-1.1"
  Assets:AR:C1  -10.00 EUR
    item: "INV-1.2"
  Liabilities:Customer-Deposits:C1  -5.00 EUR
    item: "RC-1"
"""


def dispute(day: str, kind: str, subject: str, amount: str = "") -> str:
    told = f"  amount: {amount}\n" if amount else ""
    return f'\n{day} note Assets:AR:C1 "" #dispute-{kind}\n  subject: "{subject}"\n{told}'


def disputed(books: Books, day: date = date(2026, 4, 15)) -> dict[object, object]:
    return {row["item"]: row["disputed"] for row in open_items.report(books, day).rows if row["disputed"]}


def test_instalments_are_items_of_their_own_and_settled_ones_are_gone(books: Make) -> None:
    """Peer scenario AR-01: instalments of 30, 50 and 20; 40 received fill them in the order of their days."""
    table = open_items.report(books(LEDGER), date(2026, 4, 15))
    assert [(row["item"], row["original"], row["open"], row["days_past_due"]) for row in table.rows] == [
        ("RC-1", -5, -5, 26),
        ("INV-1.2", 50, 40, -15),
        ("INV-1.3", 20, 20, -45),
    ]


def test_before_the_receipt_all_instalments_are_open(books: Make) -> None:
    table = open_items.report(books(LEDGER), date(2026, 3, 19))
    assert [(row["item"], row["open"]) for row in table.rows] == [("INV-1.1", 30), ("INV-1.2", 50), ("INV-1.3", 20)]
    assert table.totals == ({"currency": "EUR", "original": 100, "open": 100, "disputed": 0},)


def test_a_row_has_the_columns_of_the_contract(books: Make) -> None:
    table = open_items.report(books(LEDGER), date(2026, 4, 15))
    names = "item doc_type customer name date due days_past_due currency original open disputed".split()
    assert [column.name for column in table.columns] == names
    assert dict(table.rows[1]) == {
        "item": "INV-1.2",
        "doc_type": "invoice",
        "customer": "C1",
        "name": "Anker & Co",
        "date": date(2026, 3, 1),
        "due": date(2026, 4, 30),
        "days_past_due": -15,
        "currency": "EUR",
        "original": Decimal("50.00"),
        "open": Decimal("40.00"),
        "disputed": Decimal(0),
    }


def test_a_dispute_counts_until_it_is_resolved(books: Make) -> None:
    text = (
        LEDGER + dispute("2026-04-01", "opened", "INV-1.2", "15.00 EUR") + dispute("2026-04-15", "resolved", "INV-1.2")
    )
    assert disputed(books(text), date(2026, 3, 31)) == {}
    assert disputed(books(text), date(2026, 4, 1)) == {"INV-1.2": Decimal("15.00")}
    assert disputed(books(text), date(2026, 4, 14)) == {"INV-1.2": Decimal("15.00")}
    assert disputed(books(text), date(2026, 4, 15)) == {}


def test_no_more_is_disputed_than_is_open(books: Make) -> None:
    assert disputed(books(LEDGER + dispute("2026-04-01", "opened", "INV-1.2", "50.00 EUR"))) == {"INV-1.2": 40}


def test_a_dispute_without_amount_is_about_all_that_is_open(books: Make) -> None:
    assert disputed(books(LEDGER + dispute("2026-04-01", "opened", "INV-1.3"))) == {"INV-1.3": 20}


def test_a_dispute_about_the_document_fills_its_instalments_in_order(books: Make) -> None:
    assert disputed(books(LEDGER + dispute("2026-04-01", "opened", "INV-1", "55.00 EUR"))) == {
        "INV-1.2": 40,
        "INV-1.3": 15,
    }


def test_disputes_add_up_and_those_in_another_currency_are_no_part_of_the_item(books: Make) -> None:
    first = dispute("2026-04-01", "opened", "INV-1.3", "5.00 EUR") + dispute("2026-04-02", "opened", "INV-1.3", "7.00")
    assert disputed(books(LEDGER + first)) == {"INV-1.3": 12}
    assert disputed(books(LEDGER + dispute("2026-04-01", "opened", "INV-1.3", "5.00 USD"))) == {}


def test_credits_are_never_disputed(books: Make) -> None:
    assert disputed(books(LEDGER + dispute("2026-04-01", "opened", "RC-1"))) == {}


def test_the_days_are_those_past_due_and_no_other(books: Make) -> None:
    with pytest.raises(WrongUsage, match="--basis"):
        open_items.report(books(LEDGER), date(2026, 4, 15), basis="invoice")
