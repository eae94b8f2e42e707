"""The cash forecast: what history it learns from, what it foresees, and that later entries change nothing."""

from __future__ import annotations

import json
import shutil
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c import reports
from o2c.books.index.books import IndexedBooks
from o2c.cli import main
from o2c.errors import WrongUsage
from o2c.reports.explaining import explain
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import name
from o2c.reports.forecasting.periods import past
from o2c.reports.forecasting.periods import periods
from o2c.reports.payments import payments
from o2c.reports.selection import select
from o2c.reports.span import Span
from tests.reports import entries
from tests.reports.test_partitions import CASES
from tests.reports.test_partitions import START
from tests.reports.test_partitions import ledger

if TYPE_CHECKING:
    from o2c.reports.table import Cell
    from tests.reports.entries import Make
    from tests.reports.test_partitions import Case

DEMO = Path(__file__).parents[2] / "ledger"
DAY = date(2026, 6, 30)
NAMES = ("forecast", "forecast-items", "forecast-error")


def history(late: list[int], customer: str = "C1", how: str = "paid") -> str:
    """Write an invoice of 100.00 for each number, due in January, one a day, and what ended it so many days late."""
    text = ""
    for number, days in enumerate(late):
        due = date(2026, 1, 1) + timedelta(days=number)
        item, end = f"INV-{customer}-{how}-{number}", str(due + timedelta(days=days))
        text += entries.sold(item, str(due - timedelta(days=30)), "100.00", due=str(due), customer=customer)
        if how == "paid":
            text += entries.paid(f"RC-{customer}-{number}", end, "100.00", item, customer=customer)
        elif how == "lost":
            text += entries.written_off(f"WO-{customer}-{number}", end, "100.00", item)
    return text


def open_item(due: str, customer: str = "C1", amount: str = "90.00") -> str:
    return entries.sold("INV-OPEN", "2026-05-01", amount, due=due, customer=customer)


def expected(make: Make, text: str, **options: object) -> dict[str, Cell]:
    return {str(row["period"]): row["expected"] for row in reports.run("forecast", make(text), DAY, **options).rows}


def test_who_always_pays_ten_days_late_will_pay_ten_days_late(books: Make) -> None:
    text = history([10] * 20) + open_item("2026-06-26")  # money on 6 July
    assert expected(books, text, weeks=2) == {"2026-W27": 0, "2026-W28": 90, "later": 0}
    (row,) = reports.run("forecast-items", books(text), DAY).rows
    assert (row["likely"], row["history"], row["items"], row["percent"]) == (date(2026, 7, 6), "own", 21, 100)


def test_an_overdue_item_is_judged_by_those_that_were_as_late(books: Make) -> None:
    """Half are paid after 5 days, half after 40: one that is 20 days late is of the second half."""
    text = history([5, 40] * 20) + open_item("2026-06-10")
    assert expected(books, text, months=1) == {"2026-07": 90, "later": 0}
    assert expected(books, text, weeks=2)["later"] == 90  # 20 July


def test_a_customer_with_few_items_is_judged_by_all(books: Make) -> None:
    text = history([5] * 12, "C2") + history([50] * 3) + open_item("2026-06-28")
    (row,) = reports.run("forecast-items", books(text), DAY, customer="C1", months=1).rows
    assert (row["history"], row["expected"], row["later"]) == ("all customers", Decimal("72.00"), 18)  # 12 of 15


def test_where_nobody_was_ever_as_late_nothing_is_promised(books: Make) -> None:
    text = history([5] * 12, "C2") + open_item("2026-05-02")
    (row,) = reports.run("forecast-items", books(text), DAY, customer="C1").rows
    assert (row["history"], row["expected"], row["likely"], row["items"]) == ("none", 0, "", 0)


def test_what_was_written_off_was_not_paid(books: Make) -> None:
    """Twelve paid after 10 days, twelve written off then: half of the money is expected, not all of it."""
    text = history([10] * 12) + history([10] * 12, how="lost") + open_item("2026-06-30")
    assert expected(books, text) == {"2026-07": 45, "2026-08": 0, "2026-09": 0, "later": 45}


def test_what_is_still_open_lasted_at_least_so_long(books: Make) -> None:
    """Twelve paid after 10 days, twelve open since January: not all items are paid after 10 days."""
    text = history([10] * 12) + history([0] * 12, how="open") + open_item("2026-06-30")
    rows = reports.run("forecast-items", books(text), DAY).rows
    assert [row["percent"] for row in rows if row["item"] == "INV-OPEN"] == [Decimal("50.00")]


def test_a_bounced_payment_is_none(books: Make) -> None:
    item = entries.sold("INV-1", "2026-01-01", "100.00", due="2026-01-31")
    made = item + entries.paid("RC-1", "2026-02-05", "100.00", "INV-1")
    (life,) = lives(books(made + entries.bounced("RV-1", "2026-02-20", "100.00", "RC-1", "INV-1")), DAY)
    assert [life.open(date(2026, 2, day)) for day in (4, 5, 19, 20)] == [100, 0, 0, 100]
    assert sum(part.amount for part in life.parts if part.ended == date(2026, 2, 5)) == 0


def test_money_that_lay_on_account_is_no_new_money(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")
        + entries.paid("RC-1", "2026-05-20", "60.00")
        + entries.allocated("AL-1", "2026-06-15", "60.00", "RC-1", "INV-1")
        + entries.paid("RC-2", "2026-06-16", "40.00", "INV-1")
    )
    (life,) = lives(books(text), DAY)
    june = Span(date(2026, 6, 1), DAY)
    assert life.open(june.before) == 100
    assert life.came(june, june.before) == 40


def test_only_the_last_year_counts(books: Make) -> None:
    old = history([10] * 12).replace("2026-0", "2024-0").replace("2025-12", "2023-12")
    text = old + history([20] * 12, "C2") + open_item("2026-06-30")
    (row,) = reports.run("forecast-items", books(text), DAY, customer="C1").rows
    assert (row["history"], row["likely"]) == ("all customers", date(2026, 7, 20))


def test_the_band_holds_the_expectation_and_never_more_than_is_open(books: Make) -> None:
    text = history([5, 40] * 20) + open_item("2026-06-30", amount="1000.00")
    july = reports.run("forecast", books(text), DAY).rows[0]
    assert (july["expected"], july["low"], july["high"]) == (500, 0, 1000)  # one item: all or nothing
    sure = reports.run("forecast", books(history([5] * 20) + open_item("2026-06-30")), DAY).rows[0]
    assert (sure["low"], sure["expected"], sure["high"]) == (90, 90, 90)


def test_each_back_tested_period_is_the_forecast_of_the_day_before(books: Make) -> None:
    made = books(history([2, 9, 30] * 10) + history([12] * 20, "C2"))
    rows = reports.run("forecast-error", made, DAY, months=6).rows
    assert [row["period"] for row in rows] == ["2026-02", "2026-03"]
    for row in rows:
        first = row["first"]
        assert isinstance(first, date)
        (then, *_) = reports.run("forecast", made, first - timedelta(days=1), months=1).rows
        assert [row[key] for key in ("expected", "due", "low", "high")] == [
            then[key] for key in ("expected", "due", "low", "high")
        ]
        assert row["error"] == abs(Decimal(str(row["expected"])) - Decimal(str(row["came"])))


def test_the_head_says_how_far_both_forecasts_were_off(books: Make) -> None:
    made = books(history([2, 9, 30] * 10) + open_item("2026-06-30"))
    (total,) = reports.run("forecast-error", made, DAY).totals
    count = len(reports.run("forecast-error", made, DAY).rows)
    mean = (Decimal(str(total["error"])) / count).quantize(Decimal("0.01"))
    basis = reports.run("forecast-error", made, DAY).basis
    assert f"mean absolute error back-tested: EUR {mean}, by due dates " in basis
    assert "too few payments for a back-test" in reports.run("forecast", books(open_item("2026-07-30")), DAY).basis


@settings(max_examples=15)
@given(CASES, st.integers(0, 150))
def test_what_is_dated_later_changes_no_forecast(books: Make, cases: list[Case], offset: int) -> None:
    day = START + timedelta(days=offset)
    before, after = books(ledger(cases, offset + 1)), books(ledger(cases))
    for report in NAMES:
        assert reports.run(report, after, day) == reports.run(report, before, day), report


@settings(max_examples=15)
@given(CASES, st.integers(0, 150), st.integers(1, 5))
def test_the_forecast_spreads_exactly_what_is_open(books: Make, cases: list[Case], offset: int, weeks: int) -> None:
    made, day = books(ledger(cases)), START + timedelta(days=offset)
    owed = sum(item.open for item in made.open_items(day) if item.original > 0)
    whole = reports.run("forecast", made, day, weeks=weeks)
    for total in whole.totals:
        assert total["due"] == total["expected"] == owed
    rows = reports.run("forecast-items", made, day, weeks=weeks).rows
    within = sum(Decimal(str(row["expected"])) for row in whole.rows if row["period"] != "later")
    assert sum(Decimal(str(row["expected"])) for row in rows) == within
    assert all(Decimal(str(row["expected"])) >= 0 <= Decimal(str(row["later"])) for row in rows)


@settings(max_examples=15)
@given(CASES)
def test_the_money_of_all_lives_is_what_was_paid(books: Make, cases: list[Case]) -> None:
    made = books(ledger(cases))
    end = START + timedelta(days=400)
    paid = sum(one.amount for one in payments(select(made), Span(START, end)))
    assert sum(part.amount for life in lives(made, end) for part in life.parts if part.is_paid) == paid


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo books: with money on account, payments taken back, and one that bounced."""
    folder = tmp_path_factory.mktemp("forecast") / "books"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns(".o2c"))
    return folder


def test_forecasts_are_the_same_through_both_doors_and_need_no_full_load(root: Path) -> None:
    loaded = door.load(root)
    door.note_loaded(loaded)
    indexed = door.opened(root)
    assert isinstance(indexed, IndexedBooks)
    whom: list[dict[str, object]] = [
        {},
        {"weeks": 2},
        {"customer": "C0001", "weeks": 4},
        {"group": "RIVE-CLAIRE", "currency": "EUR"},
    ]
    for report in NAMES:
        for options in whom:
            for day in (date(2026, 2, 20), date(2026, 3, 31)):
                assert reports.run(report, indexed, day, **options) == reports.run(report, loaded, day, **options)
    assert "EUR holds " in reports.run("forecast", indexed, date(2026, 3, 31), weeks=2).basis
    assert "whole" not in vars(indexed)
    indexed.connection.close()


def test_periods_follow_the_calendar() -> None:
    assert periods(date(2026, 4, 2), 2) == [
        Span(date(2026, 4, 3), date(2026, 4, 30)),
        Span(date(2026, 5, 1), date(2026, 5, 31)),
    ]
    assert periods(date(2027, 1, 31), 1) == [Span(date(2027, 2, 1), date(2027, 2, 28))]
    (week,) = periods(date(2026, 12, 31), weeks=1)
    assert (week, name(week, by_week=True)) == (Span(date(2027, 1, 1), date(2027, 1, 3)), "2026-W53")
    assert past(date(2026, 3, 30), 1, by_week=False) == [Span(date(2026, 2, 1), date(2026, 2, 28))]
    assert past(date(2026, 3, 31), 1, by_week=False) == [Span(date(2026, 3, 1), date(2026, 3, 31))]
    assert past(date(2026, 4, 5), 1, by_week=True) == [Span(date(2026, 3, 30), date(2026, 4, 5))]


@pytest.mark.parametrize("report", NAMES)
def test_the_ends_of_the_calendar_are_no_trouble(books: Make, report: str) -> None:
    made = books(open_item("2026-06-30"))
    assert reports.run(report, made, date.min).rows == ()
    assert reports.run(report, made, date(3, 2, 1), weeks=120).rows == ()
    if report != "forecast-error":
        with pytest.raises(WrongUsage, match="leave the calendar"):
            reports.run(report, made, date.max)


@pytest.mark.parametrize("report", NAMES)
def test_what_makes_no_periods_is_refused(books: Make, report: str) -> None:
    for options, said in (
        ({"months": 1, "weeks": 1}, "contradict"),
        ({"months": 0}, "1 and 120"),
        ({"weeks": 121}, "120"),
    ):
        with pytest.raises(WrongUsage, match=said):
            reports.run(report, books(""), DAY, **options)


def test_the_command_takes_weeks(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--books", str(root), "--today", "2026-03-31", "report", "forecast", "--weeks", "2", "--json"])
    assert left.value.code == 0
    table = json.loads(capsys.readouterr().out)
    assert [row["period"] for row in table["rows"][:3]] == ["2026-W14", "2026-W15", "later"]
    assert table["totals"][0]["due"] == table["totals"][0]["expected"]


def test_without_any_payment_there_is_no_band_and_the_head_says_so(books: Make) -> None:
    table = reports.run("forecast", books(open_item("2026-07-30")), DAY)
    assert [(row["low"], row["high"]) for row in table.rows] == [("", "")] * 4
    assert "no payment seen yet that speaks for the items in EUR: nothing expected there, no band" in table.basis
    assert "calibrated" not in table.basis


def test_without_any_payment_the_band_explains_why_it_is_missing(books: Make) -> None:
    _, part = explain(books(open_item("2026-07-30")), "forecast", DAY, words=("2026-07",), column="high")
    assert part.formula.startswith("no payment was seen yet")


@pytest.mark.parametrize(
    ("report", "row", "options", "named"),
    [
        ("forecast", "2026-07", {}, ["2026-07", "2026-08", "2026-09", "later or never"]),
        ("forecast", "2026-W28", {"weeks": 2}, ["2026-W27", "2026-W28", "later or never"]),
        ("forecast-error", "2026-02", {}, ["2026-02", "later or never"]),
    ],
)
def test_each_chance_of_an_item_names_its_period(
    books: Make, report: str, row: str, options: dict[str, int], named: list[str]
) -> None:
    made = books(history([2, 9, 30] * 10) + open_item("2026-06-30"))
    _, whole = explain(made, report, DAY, words=(row,), column="expected", **options)
    item = whole.parts[0] if whole.parts[0].parts else whole
    said = [part.what for part in item.parts if part.what.startswith("chance of ")]
    assert [what.removeprefix("chance of ").partition(", history")[0] for what in said] == named
