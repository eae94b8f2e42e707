"""Days sales outstanding by the simple method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.errors import WrongUsage
from o2c.reports import as_json
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


def test_a_method_that_is_not_there_is_refused_with_those_that_are(books: Make) -> None:
    with pytest.raises(WrongUsage, match=r"guessing.* simple or average or countback or best-possible"):
        dso.report(books(""), DAY, method="guessing")


def test_the_average_takes_the_day_before_the_first_and_the_last(books: Make) -> None:
    made = books(
        sold("INV-1", "2026-04-01", "100.01")  # the day before the ninety
        + sold("INV-2", "2026-06-30", "200.00"),
    )
    assert figures(dso.report(made, DAY, method="average")) == [
        ("EUR", Decimal("200.01"), 200, 90, Decimal("90.00"), "average")
    ]
    one = dso.report(books(sold("INV-1", "2026-06-30", "0.01")), DAY, method="average")
    assert figures(one) == [("EUR", Decimal("0.005"), Decimal("0.01"), 90, Decimal("45.00"), "average")]


def test_best_possible_leaves_out_what_is_past_due_and_nothing_else(books: Make) -> None:
    late = sold("INV-1", "2026-05-01", "100.00").replace("  currency:", "  due: 2026-06-29\n  currency:")
    today = sold("INV-2", "2026-06-01", "60.00").replace("  currency:", "  due: 2026-06-30\n  currency:")
    on_account = 'Assets:Bank  10.00 EUR;Liabilities:Customer-Deposits:C1  -10.00 EUR;  item: "RC-1"'
    made = books(late + today + doc("receipt", "RC-1", "2026-06-02", on_account))
    assert figures(dso.report(made, DAY, method="best-possible")) == [
        ("EUR", 50, 160, 90, Decimal("28.13"), "best-possible")
    ]
    assert figures(dso.report(made, DAY))[0][1] == 150


def test_countback_walks_day_by_day_and_takes_a_part_of_the_last_one(books: Make) -> None:
    receipt = 'Assets:Bank  100.00 EUR;Assets:AR:C1  -100.00 EUR;  item: "INV-1"'
    made = books(
        sold("INV-1", "2026-05-01", "100.00")
        + sold("INV-2", "2026-06-20", "40.00")
        + sold("INV-3", "2026-06-30", "30.00")
        + doc("receipt", "RC-1", "2026-06-25", receipt),
    )
    assert figures(dso.report(made, DAY, method="countback")) == [("EUR", 70, 70, 11, 11, "countback")]
    partly = books(
        sold("INV-1", "2026-05-01", "100.00")
        + sold("INV-2", "2026-06-20", "40.00")
        + sold("INV-3", "2026-06-30", "30.00")
        + doc("receipt", "RC-1", "2026-06-25", receipt.replace("100.00", "95.00"))
        + doc("receipt", "RC-2", "2026-06-26", receipt.replace("100.00", "25.00").replace("INV-1", "INV-2")),
    )  # 50 are owed: 30 of the last day, then 20 of the 40 ten days before, half a day
    assert figures(dso.report(partly, DAY, method="countback")) == [("EUR", 50, 70, 11, Decimal("10.50"), "countback")]


def test_countback_says_at_least_where_the_sales_end_first(books: Make) -> None:
    opening = 'Assets:AR:C1  60.00 EUR;  item: "OLD-1";Equity:Opening-Balances  -60.00 EUR'
    made = books(doc("opening-item", "OLD-1", "2026-01-01", opening) + sold("INV-1", "2026-06-21", "100.00"))
    table = dso.report(made, DAY, method="countback")
    assert figures(table) == [("EUR", 160, 100, 10, ">= 10", "countback")]
    assert table.basis.endswith("the sales of the books end first in EUR: the true figure is that or more")
    assert '"dso": ">= 10"' in as_json.render(table)


def test_countback_of_nothing_owed_is_zero_days(books: Make) -> None:
    receipt = 'Assets:Bank  130.00 EUR;Liabilities:Customer-Deposits:C1  -130.00 EUR;  item: "RC-1"'
    made = books(sold("INV-1", "2026-06-20", "100.00") + doc("receipt", "RC-1", "2026-06-25", receipt))
    assert figures(dso.report(made, DAY, method="countback")) == [("EUR", -30, 0, 0, 0, "countback")]


def test_a_period_may_be_given_by_its_days(books: Make) -> None:
    made = books(sold("INV-1", "2026-05-31", "100.00") + sold("INV-2", "2026-06-30", "50.00"))
    table = dso.report(made, date(2026, 12, 31), since=date(2026, 6, 1), until=DAY)
    assert (table.as_of, figures(table)) == (DAY, [("EUR", 150, 50, 30, 90, "simple")])
    with pytest.raises(WrongUsage, match="--from and --days"):
        dso.report(made, DAY, since=date(2026, 6, 1), days=30)
    with pytest.raises(WrongUsage, match="lies behind"):
        dso.report(made, DAY, since=date(2026, 7, 1))


@pytest.mark.parametrize("days", [0, -1, 1_000_000])
def test_impossible_numbers_of_days_are_refused(books: Make, days: int) -> None:
    with pytest.raises(WrongUsage, match="days"):
        dso.report(books(""), DAY, days=days)
