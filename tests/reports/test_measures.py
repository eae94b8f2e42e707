"""Measures: each formula of the definitions, to the last digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from o2c.reports import dso
from o2c.reports import measures
from o2c.reports.measures import Inputs
from o2c.reports.payments import Weighed
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.reports.table import Table
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)


def values(table: Table, currency: str = "EUR") -> dict[str, object]:
    return {str(row["measure"]): row["value"] for row in table.rows if row["currency"] == currency}


def of(found: Inputs, days: int = 30) -> dict[str, object]:
    return {one.name: one.row("EUR")["value"] for one in measures.measures(found, days)}


def test_the_collection_effectiveness_of_the_definitions() -> None:
    found = Inputs(begin=Decimal(50), sales=Decimal(100), end=Decimal(60), late=Decimal(15), owed=Decimal(60))
    (cei,) = [one for one in measures.measures(found, 30) if one.name == "cei"]
    assert (cei.dividend, cei.divisor) == (90, 105)
    assert cei.row("EUR")["value"] == Decimal("85.71")  # the definitions print 85.7


def test_every_measure_by_hand(books: Make) -> None:
    text = (
        entries.sold("OLD-1", "2026-03-01", "500.00", due="2026-03-31")  # the receivables before the first day
        + entries.sold("INV-1", "2026-04-10", "600.00", due="2026-05-10")
        + entries.sold("INV-2", "2026-06-01", "400.00", due="2026-07-01")
        + entries.paid("RC-1", "2026-04-20", "460.00", "OLD-1")
        + entries.written_off("WO-1", "2026-05-02", "40.00", "OLD-1")
        + entries.paid("RC-2", "2026-05-30", "300.00", "INV-1")
        + entries.noted("dispute-opened", "2026-06-02", "INV-1", amount="100.00 EUR")
    )
    table = measures.report(books(text), DAY, since=date(2026, 4, 1))  # 91 days
    assert values(table) == {
        "dso": Decimal("63.70"),  # 700 / 1000 x 91
        "best-possible-dso": Decimal("36.40"),  # 400 / 1000 x 91
        "add": Decimal("27.30"),  # 300 / 1000 x 91
        "days-to-pay": Decimal("50.00"),  # (460 x 50 + 300 x 50) / 760
        "terms": Decimal("30.00"),
        "adl": Decimal("20.00"),
        "cei": Decimal("72.73"),  # (500 + 1000 - 700) / (500 + 1000 - 400)
        "turnover": Decimal("6.68"),  # 1000 / 600 x 365 / 91
        "turnover-days": Decimal("54.60"),  # 600 / 1000 x 91
        "overdue": Decimal("42.86"),  # 300 / 700
        "overdue-undisputed": Decimal("33.33"),  # 200 / 600
        "bad-debt": Decimal("4.00"),  # 40 / 1000
    }


def test_the_same_figure_is_the_same_in_dso_and_measures(books: Make) -> None:
    made = books(
        entries.sold("INV-1", "2026-04-10", "600.00", due="2026-05-10")
        + entries.sold("INV-2", "2026-06-01", "70.00", currency="USD")
        + entries.paid("RC-1", "2026-06-02", "33.00")
    )
    found = measures.report(made, DAY)
    for name, method in {"dso": "simple", "best-possible-dso": "best-possible", "turnover-days": "average"}.items():
        for row in dso.report(made, DAY, method=method).rows:
            assert row["dso"] == values(found, str(row["currency"]))[name]


def test_every_row_is_its_dividend_by_its_divisor(books: Make) -> None:
    made = books(entries.sold("INV-1", "2026-04-10", "600.00") + entries.paid("RC-2", "2026-05-30", "130.00", "INV-1"))
    table = measures.report(made, DAY)
    assert len(table.rows) == 12
    for row in table.rows:
        dividend, divisor, times, value = (row[name] for name in ("dividend", "divisor", "times", "value"))
        assert isinstance(dividend, Decimal)
        assert isinstance(divisor, Decimal)
        assert isinstance(times, Decimal)
        assert isinstance(value, Decimal)
        assert abs(dividend / divisor * times - value) <= Decimal("0.005")


def test_the_average_days_delinquent_are_what_dso_has_more_than_the_best_possible() -> None:
    found = of(Inputs(end=Decimal(900), late=Decimal(300), owed=Decimal(1000), sales=Decimal(1800)), 90)
    assert (found["dso"], found["best-possible-dso"], found["add"]) == (45, 30, 15)


def test_without_a_divisor_a_measure_is_empty_and_says_why() -> None:
    rows = {one.name: one.row("EUR") for one in measures.measures(Inputs(end=Decimal(-5), begin=Decimal(5)), 30)}
    assert {row["value"] for name, row in rows.items() if name != "cei"} == {""}
    assert rows["cei"]["value"] == 100  # 10 / 10
    assert (rows["dso"]["note"], rows["days-to-pay"]["note"]) == (
        "no sales in these days",
        "nothing was paid in these days",
    )
    assert all(row["note"] for name, row in rows.items() if name != "cei")


@given(*[st.integers(min_value=-1000, max_value=1000).map(Decimal)] * 3, st.integers(0, 1000).map(Decimal))
def test_collection_is_never_above_a_hundred_and_delinquency_never_below_zero(
    begin: Decimal, sales: Decimal, end: Decimal, late: Decimal
) -> None:
    """Credits are never past due, so what is current is never more than all."""
    found = of(Inputs(begin=begin, sales=sales, end=end, late=late, owed=late))
    assert found["cei"] == "" or Decimal(str(found["cei"])) <= 100
    assert found["add"] == "" or Decimal(str(found["add"])) >= 0


def test_a_write_off_that_is_taken_back_is_no_bad_debt(books: Make) -> None:
    back = f"{entries.moved('INV-1', '40.00')};Expenses:Bad-Debt  -40.00 EUR"
    text = (
        entries.sold("INV-1", "2026-05-01", "200.00")
        + entries.written_off("WO-1", "2026-05-20", "40.00", "INV-1")
        + entries.doc("reversal", "RV-1", "2026-06-20", back, refers='"WO-1"', reverses='"write-off"')
    )
    assert values(measures.report(books(text), date(2026, 5, 31)))["bad-debt"] == 20
    assert values(measures.report(books(text), DAY))["bad-debt"] == 0
    assert values(measures.report(books(text), DAY, since=date(2026, 6, 1)))["bad-debt"] == ""


def test_a_currency_without_anything_is_left_out(books: Make) -> None:
    made = books(
        entries.sold("INV-1", "2025-01-01", "5.00", currency="USD") + entries.sold("INV-2", "2026-06-01", "9.00")
    )
    made_zero = books(entries.sold("INV-1", "2025-01-01", "5.00") + entries.paid("RC-1", "2025-01-02", "5.00", "INV-1"))
    assert {row["currency"] for row in measures.report(made, DAY).rows} == {"EUR", "USD"}
    assert measures.report(made_zero, DAY).rows == ()
    assert Inputs().paid == Weighed()
