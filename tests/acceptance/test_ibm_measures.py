"""The measures over the receivables history that IBM published, beside a second computation from its CSV file alone."""

from __future__ import annotations

import csv
import json
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from typing import NamedTuple

import pytest

from o2c import books as door
from o2c import reports
from o2c.cli import main

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ar-histories" / "ibm-late-payments-391-406-770"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data do not lie beside the checkout"),
]
FILE = DATA / "late_payments_391_406_770.csv"
TRUTH: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text("utf-8")) if DATA.is_dir() else {}
SNAPSHOTS: dict[str, Any] = TRUTH.get("snapshots_end_of_day", {})


class Bill(NamedTuple):
    """An invoice as the file has it; the amount in cents."""

    invoiced: date
    due: date
    settled: date
    cents: int


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - days have no zone


def bills() -> list[Bill]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Bill(
                day(row["InvoiceDate"]),
                day(row["DueDate"]),
                day(row["SettledDate"]),
                int(Decimal(row["InvoiceAmount"]) * 100),
            )
            for row in csv.DictReader(file)
        ]


BILLS = bills() if DATA.is_dir() else []


def rounded(number: Fraction) -> Decimal:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def owed(at: date, *, current: bool = False) -> int:
    return sum(bill.cents for bill in BILLS if bill.invoiced <= at < bill.settled and (not current or bill.due >= at))


def sold(first: date, last: date) -> int:
    return sum(bill.cents for bill in BILLS if first <= bill.invoiced <= last)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> door.Books:
    root = tmp_path_factory.mktemp("ibm-measures") / "books"
    for arguments in (
        ["init", str(root), "--empty"],
        ["import", "history", str(FILE), "--profile", "ibm-history", "--currency", "USD"],
    ):
        with pytest.raises(SystemExit) as left:
            main(["--books", str(root), *arguments])
        assert left.value.code == 0
    return door.load(root)


def dso(books: door.Books, at: date, method: str) -> Decimal:
    (row,) = reports.run("dso", books, at, method=method).rows
    return Decimal(str(row["dso"]))


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_countback_is_what_a_search_over_whole_days_finds(books: door.Books, snapshot: str) -> None:
    """The fewest whole days whose sales cover what is owed; of the last of them only the part that is needed."""
    at = date.fromisoformat(snapshot)
    total, count = owed(at), 1
    while sold(at - timedelta(days=count - 1), at) < total:
        count += 1
    before = sold(at - timedelta(days=count - 2), at) if count > 1 else 0
    last = sold(at - timedelta(days=count - 1), at) - before
    assert dso(books, at, "countback") == rounded(count - 1 + Fraction(total - before, last))


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_best_possible_and_average(books: door.Books, snapshot: str) -> None:
    at = date.fromisoformat(snapshot)
    first = at - timedelta(days=89)
    sales = sold(first, at)
    assert Decimal(owed(at, current=True)) / 100 == Decimal(SNAPSHOTS[snapshot]["aging"]["not_due"][1])
    assert dso(books, at, "best-possible") == rounded(Fraction(owed(at, current=True) * 90, sales))
    assert dso(books, at, "average") == rounded(Fraction((owed(first - timedelta(days=1)) + owed(at)) * 90, 2 * sales))


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_collection_and_payment_of_the_ninety_days(books: door.Books, snapshot: str) -> None:
    at = date.fromisoformat(snapshot)
    first = at - timedelta(days=89)
    rows = {str(row["measure"]): row["value"] for row in reports.run("measures", books, at).rows}
    begin, sales = owed(first - timedelta(days=1)), sold(first, at)
    collectable = begin + sales
    assert rows["cei"] == rounded(Fraction((collectable - owed(at)) * 100, collectable - owed(at, current=True)))
    assert rows["overdue"] == rounded(Fraction((owed(at) - owed(at, current=True)) * 100, owed(at)))
    settled = [bill for bill in BILLS if first <= bill.settled <= at]
    weight = sum(bill.cents for bill in settled)
    days = sum(bill.cents * (bill.settled - bill.invoiced).days for bill in settled)
    late = sum(bill.cents * (bill.settled - bill.due).days for bill in settled)
    assert rows["days-to-pay"] == rounded(Fraction(days, weight))
    assert rows["adl"] == rounded(Fraction(late, weight))


def test_the_whole_history_is_paid_as_its_truth_says(books: door.Books) -> None:
    table = reports.run("measures", books, date(2014, 12, 31), since=date(2012, 1, 1))
    rows = {row["measure"]: row["value"] for row in table.rows}
    truth = Decimal(TRUTH["amount_weighted_days_to_settle"])
    assert rows["days-to-pay"] == truth.quantize(Decimal("0.01"), ROUND_HALF_UP)
    (total,) = reports.run("days-to-pay", books, date(2014, 12, 31), since=date(2012, 1, 1)).totals
    assert (total["paid"], total["late"]) == (Decimal(TRUTH["sum_amount"]), Decimal(TRUTH["late_amount"]))


def test_disputes_of_the_history_are_counted(books: door.Books) -> None:
    rows = reports.run("dispute-reasons", books, date(2014, 12, 31)).rows
    assert sum(int(str(row["opened"])) for row in rows) == TRUTH["disputed"]
