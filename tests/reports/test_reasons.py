"""Reasons of disputes and of credit notes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports import credit_note_reasons
from o2c.reports import dispute_reasons
from o2c.reports import sales
from tests.reports import entries

if TYPE_CHECKING:
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)


def test_disputes_are_counted_by_reason_with_what_is_disputed_and_how_long_it_took(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00")
        + entries.sold("INV-2", "2026-05-01", "50.00")
        + entries.sold("INV-3", "2026-05-01", "10.00", currency="USD")
        + entries.noted("dispute-opened", "2026-05-10", "INV-1", reason='"damaged"', amount="30.00 EUR")
        + entries.noted("dispute-resolved", "2026-05-20", "INV-1")
        + entries.noted("dispute-opened", "2026-05-11", "INV-2", reason='"damaged"', amount="5.00 EUR")
        + entries.noted("dispute-opened", "2026-06-01", "INV-3", reason='"price"')
        + entries.noted("dispute-opened", "2026-06-02", "INV-1", reason='"price"', amount="40.00 EUR")
        + entries.noted("dispute-resolved", "2026-06-12", "INV-2")
    )
    table = dispute_reasons.report(books(text), DAY)
    names = ("reason", "currency", "opened", "resolved", "open", "disputed", "days_to_resolve")
    assert [tuple(row[name] for name in names) for row in table.rows] == [
        ("damaged", "EUR", 2, 2, 0, 0, 21),  # ten days and thirty-two
        ("price", "EUR", 1, 0, 1, 40, ""),
        ("price", "USD", 1, 0, 1, 10, ""),
    ]
    june = dispute_reasons.report(books(text), DAY, since=date(2026, 6, 1))
    assert tuple(june.rows[0][name] for name in names) == ("damaged", "EUR", 0, 1, 0, 0, 32)
    assert [row["reason"] for row in dispute_reasons.report(books(text), DAY, currency="USD").rows] == ["price"]
    assert dispute_reasons.report(books(text), date(2026, 5, 9)).rows == ()


def test_credit_notes_are_summed_by_reason_less_those_taken_back(books: Make) -> None:
    back = f"{entries.moved('INV-1', '8.00')};Income:Sales  -8.00 EUR"
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00")
        + entries.credited("CN-1", "2026-05-10", "20.00", "INV-1", reason="return")
        + entries.credited("CN-2", "2026-06-10", "8.00", "INV-1", reason="return")
        + entries.credited("CN-3", "2026-06-11", "5.00", "INV-1", reason="price")
        + entries.doc("reversal", "RV-1", "2026-06-12", back, refers='"CN-2"', reverses='"credit-note"')
    )
    table = credit_note_reasons.report(books(text), DAY)
    assert [
        (row["reason"], row["credit_notes"], row["amount"], row["share"], row["of_sales"]) for row in table.rows
    ] == [
        ("price", 1, 5, 20, Decimal("6.67")),
        ("return", 2, 20, 80, Decimal("26.67")),
    ]
    months = sales.report(books(text), DAY)
    assert [(row["period"], row["credited"], row["reversed"], row["sales"]) for row in months.rows] == [
        ("2026-05", -20, 0, 80),
        ("2026-06", -13, 8, -5),
    ]
