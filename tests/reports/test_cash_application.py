"""Cash application, as receipts entered by hand give it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports import cash_application
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.reports.table import Row
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)


def only(books: Make, text: str, **options: str) -> Row:
    (row,) = cash_application.report(books(text), DAY, **options).rows
    return row


def test_receipts_by_hand_are_manual_and_what_is_left_of_them_is_unapplied(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00")
        + entries.paid("RC-1", "2026-06-01", "60.00", "INV-1")
        + entries.paid("RC-2", "2026-06-02", "30.00")
        + entries.allocated("AL-1", "2026-06-12", "20.00", "RC-2", "INV-1")
        + entries.paid("RC-3", "2026-03-01", "5.00")  # before the ninety days; what is left of it is left
    )
    row = only(books, text)
    assert [row[name] for name in ("receipts", "auto_matched", "auto_value", "manual", "value")] == [2, 0, 0, 2, 90]
    assert (row["unapplied"], row["unidentified"], row["reversed"]) == (15, 0, 0)
    assert (row["accuracy"], row["median_days_to_apply"]) == (1, 5)  # at once, and after ten days


def test_what_was_un_allocated_was_not_right_and_what_bounced_is_reversed(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00")
        + entries.sold("INV-2", "2026-05-01", "100.00")
        + entries.paid("RC-1", "2026-06-01", "60.00", "INV-1")
        + entries.paid("RC-2", "2026-06-02", "30.00", "INV-2")
        + entries.paid("RC-3", "2026-06-02", "30.00", "INV-2")
        + entries.taken_back("AL-1", "2026-06-03", "60.00", "RC-1", "RC-1", "INV-1")
        + entries.bounced("RV-1", "2026-06-05", "30.00", "RC-2", "INV-2")
    )
    row = only(books, text)
    assert (row["receipts"], row["reversed"], row["accuracy"]) == (3, 1, Decimal("0.6667"))
    earlier = cash_application.report(books(text), date(2026, 6, 2)).rows[0]
    assert (earlier["reversed"], earlier["accuracy"], earlier["unapplied"]) == (0, 1, 0)


def test_money_without_a_customer_is_unidentified_and_belongs_to_no_customer(books: Make) -> None:
    text = entries.paid("RC-1", "2026-06-01", "5.00") + (
        '2026-06-02 * "?" "Money from nobody"\n  Assets:Bank  12.00 EUR\n'
        "  Liabilities:Unidentified-Receipts  -12.00 EUR\n"
    )
    assert only(books, text)["unidentified"] == 12
    assert only(books, text, customer="C1")["unidentified"] == 0


def test_without_applications_the_quotients_are_empty(books: Make) -> None:
    row = only(books, entries.paid("RC-1", "2026-06-01", "5.00"))
    assert (row["accuracy"], row["median_days_to_apply"]) == ("", "")
