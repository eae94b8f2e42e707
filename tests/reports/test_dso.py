"""Days sales outstanding by the simple method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.errors import WrongUsage
from o2c.reports import dso

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.reports.table import Table

    Make = Callable[[str], Books]

DAY = date(2026, 6, 30)


def doc(doc_type: str, doc_id: str, day: str, postings: str, refers: str = "", currency: str = "EUR") -> str:
    body = "".join(f"  {posting}\n" for posting in postings.split(";"))
    told = f'  refers: "{refers}"\n' if refers else ""
    return f"""
{day} * "Anker & Co" "{doc_type}"
  doc-type: "{doc_type}"
  doc-id: "{doc_id}"
  customer: "C1"
  currency: "{currency}"
{told}{body}"""


def sold(doc_id: str, day: str, amount: str, currency: str = "EUR") -> str:
    postings = f'Assets:AR:C1  {amount} {currency};  item: "{doc_id}";Income:Sales  {-Decimal(amount)} {currency}'
    return doc("invoice", doc_id, day, postings, currency=currency)


def figures(table: Table) -> list[tuple[object, ...]]:
    return [
        tuple(row[name] for name in ("currency", "receivables", "sales", "days", "dso", "method")) for row in table.rows
    ]


def test_receivables_are_divided_by_the_sales_of_the_days_up_to_and_with_the_day(books: Make) -> None:
    made = books(
        sold("INV-1", "2026-04-01", "100.00")  # the day before the ninety
        + sold("INV-2", "2026-04-02", "200.00")
        + sold("INV-3", "2026-06-30", "50.00")
        + sold("INV-4", "2026-07-01", "1000.00"),  # after the day
    )
    assert figures(dso.report(made, DAY)) == [("EUR", 350, 250, 90, Decimal("126.00"), "simple")]
    assert figures(dso.report(made, DAY, days=1)) == [("EUR", 350, 50, 1, Decimal("7.00"), "simple")]


def test_the_quotient_is_rounded_half_up_to_two_decimals(books: Make) -> None:
    receipt = 'Assets:Bank  1.99 EUR;Assets:AR:C1  -1.99 EUR;  item: "INV-1"'
    made = books(sold("INV-1", "2026-06-01", "2.00") + doc("receipt", "RC-1", "2026-06-02", receipt))
    assert dso.report(made, DAY, days=31).rows[0]["dso"] == Decimal("0.16")  # 0.01 / 2.00 * 31 = 0.155
    assert dso.report(made, DAY, days=33).rows[0]["dso"] == Decimal("0.17")  # 0.165; half even would say 0.16


def test_credit_notes_and_reversals_lower_the_sales_also_where_they_leave_a_credit(books: Make) -> None:
    credit = (
        'Assets:AR:C1  -20.00 EUR;  item: "INV-1";Liabilities:Customer-Deposits:C1  -10.00 EUR;  item: "CN-1";'
        "Income:Sales  30.00 EUR"
    )
    reversed_ = 'Assets:AR:C1  -50.00 EUR;  item: "INV-2";Income:Sales  50.00 EUR'
    made = books(
        sold("INV-1", "2026-06-01", "100.00")
        + sold("INV-2", "2026-06-02", "50.00")
        + doc("credit-note", "CN-1", "2026-06-03", credit, "INV-1")
        + doc("reversal", "RV-1", "2026-06-04", reversed_, "INV-2"),
    )
    assert figures(dso.report(made, DAY)) == [("EUR", 70, 70, 90, 90, "simple")]


def test_money_and_its_reversal_and_opening_items_are_no_sales(books: Make) -> None:
    paid = 'Assets:Bank  40.00 EUR;Assets:AR:C1  -40.00 EUR;  item: "INV-1"'
    bounced = 'Assets:Bank  -40.00 EUR;Assets:AR:C1  40.00 EUR;  item: "INV-1"'
    opening = 'Assets:AR:C1  60.00 EUR;  item: "OLD-1";Equity:Opening-Balances  -60.00 EUR'
    made = books(
        doc("opening-item", "OLD-1", "2026-06-01", opening)
        + sold("INV-1", "2026-06-01", "100.00")
        + doc("receipt", "RC-1", "2026-06-02", paid)
        + doc("reversal", "RV-1", "2026-06-03", bounced, "RC-1"),
    )
    assert figures(dso.report(made, DAY)) == [("EUR", 160, 100, 90, 144, "simple")]


def test_without_sales_the_figure_is_empty_and_the_basis_says_so(books: Make) -> None:
    table = dso.report(books(sold("INV-1", "2025-01-01", "100.00") + sold("INV-2", "2026-06-01", "9.00", "USD")), DAY)
    assert figures(table) == [("EUR", 100, 0, 90, "", "simple"), ("USD", 9, 9, 90, 90, "simple")]
    assert table.basis.endswith("no dso in EUR: no sales in these days")


def test_a_later_document_never_changes_an_earlier_figure(books: Make) -> None:
    text = sold("INV-1", "2026-06-01", "100.00")
    paid = 'Assets:Bank  40.00 EUR;Assets:AR:C1  -40.00 EUR;  item: "INV-1"'
    later = text + doc("receipt", "RC-1", "2026-07-01", paid) + sold("INV-2", "2026-07-01", "1.00")
    assert dso.report(books(later), DAY) == dso.report(books(text), DAY)


def test_methods_that_are_not_there_yet_are_refused_by_name(books: Make) -> None:
    with pytest.raises(WrongUsage, match=r"countback.* --method simple"):
        dso.report(books(""), DAY, method="countback")


@pytest.mark.parametrize("days", [0, -1, 1_000_000])
def test_impossible_numbers_of_days_are_refused(books: Make, days: int) -> None:
    with pytest.raises(WrongUsage, match="days"):
        dso.report(books(""), DAY, days=days)
