"""Statements of account: open items and activity, each with a balance that leads to what is owed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.reports import statement
from tests.reports import entries

if TYPE_CHECKING:
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
TEXT = (
    entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")
    + entries.sold("INV-2", "2026-06-01", "50.00", due="2026-07-01")
    + entries.paid("RC-1", "2026-06-05", "30.00")
    + entries.allocated("AL-1", "2026-06-06", "20.00", "RC-1", "INV-1")
    + entries.sold("INV-3", "2026-06-07", "7.00", customer="C2")
)


def test_open_items_run_to_what_is_owed(books: Make) -> None:
    table = statement.report(books(TEXT), DAY)
    assert [(row["customer"], row["item"], row["open"], row["balance"]) for row in table.rows] == [
        ("C1", "INV-1", 80, 80),
        ("C1", "RC-1", -10, 70),
        ("C1", "INV-2", 50, 120),
        ("C2", "INV-3", 7, 7),
    ]
    assert table.totals == ({"currency": "EUR", "original": 127, "open": 127, "disputed": 0},)


def test_activity_leads_from_the_balance_forward_to_the_closing_balance(books: Make) -> None:
    table = statement.report(books(TEXT), DAY, since=date(2026, 6, 1))
    assert [(row["customer"], row["document"] or row["reference"], row["debit"], row["credit"], row["balance"])
            for row in table.rows] == [
        ("C1", "balance forward", 0, 0, 100),
        ("C1", "INV-2", 50, 0, 150),
        ("C1", "RC-1", 0, 30, 120),
        ("C1", "closing balance", 0, 0, 120),
        ("C2", "balance forward", 0, 0, 0),
        ("C2", "INV-3", 7, 0, 7),
        ("C2", "closing balance", 0, 0, 7),
    ]  # fmt: skip
    assert table.totals == ({"currency": "EUR", "debit": 57, "credit": 30},)


def test_accounts_where_nothing_is_owed_and_nothing_happened_are_left_out(books: Make) -> None:
    settled = entries.sold("INV-1", "2026-05-01", "9.00") + entries.paid("RC-1", "2026-05-02", "9.00", "INV-1")
    assert statement.report(books(settled), DAY, since=date(2026, 6, 1)).rows == ()


def test_entries_by_hand_go_by_their_place(books: Make) -> None:
    text = '2026-06-02 * "by hand"\n  Assets:AR:C9  1.00 EUR\n    item: "X"\n  Income:Sales  -1.00 EUR\n'
    rows = statement.report(books(text), DAY, since=date(2026, 6, 1)).rows
    assert str(rows[1]["document"]).endswith(":1")
    assert rows[1]["balance"] == 1
