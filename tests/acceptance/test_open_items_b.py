"""The 9,700 open items of a North American wholesaler: aging per currency at each date of TRUTH.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from o2c import books as door
from o2c.cli import main

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ar-histories" / "highradius-open-b"
Report = Callable[..., dict[str, Any]]
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data do not lie beside the checkout"),
]
TRUTH: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text("utf-8")) if DATA.is_dir() else {}
CURRENCIES = ("CAD", "USD")
DAYS = [key.removeprefix("aging@") for key in TRUTH.get("CAD", {}) if key.startswith("aging@")]
BUCKETS = {"not_due": "current", "1-30": "d1_30", "31-60": "d31_60", "61-90": "d61_90", "90+": "d91_plus"}
BOUNDS = {"not_due": (-9999, 0), "1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90), "90+": (91, 9999)}


def o2c(root: Path, *arguments: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--books", str(root), *arguments])
    assert left.value.code == 0


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make empty books and import the list."""
    root = tmp_path_factory.mktemp("open") / "books"
    o2c(root, "init", str(root), "--empty")
    o2c(root, "import", "open-items", str(DATA / "open_items_b.csv.gz"), "--profile", "open-items")
    return root


@pytest.fixture(scope="module")
def loaded(books: Path) -> door.Books:
    """Load the books once for all reports; none of them changes anything."""
    return door.load(books)


@pytest.fixture
def report(
    books: Path, loaded: door.Books, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Report:
    """Call a report as JSON."""
    monkeypatch.setattr(door, "load", lambda _root: loaded)

    def call(name: str, day: str) -> dict[str, Any]:
        capsys.readouterr()
        o2c(books, "report", name, "--as-of", day, "--json")
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return call


@pytest.mark.parametrize("day", DAYS)
def test_aging_per_currency(report: Report, day: str) -> None:
    totals = {total["currency"]: total for total in report("aging", day)["totals"]}
    assert set(totals) == set(CURRENCIES)
    for currency, total in totals.items():
        truth = TRUTH[currency][f"aging@{day}"]
        assert Decimal(total["total"]) == Decimal(truth["open"])
        assert Decimal(total["unapplied"]) == 0
        for bucket, column in BUCKETS.items():
            assert Decimal(total[column]) == Decimal(truth[bucket][1]), (currency, bucket)


@pytest.mark.parametrize("day", DAYS)
def test_open_items_per_currency(report: Report, day: str) -> None:
    rows = report("open-items", day)["rows"]
    for currency in CURRENCIES:
        truth = TRUTH[currency][f"aging@{day}"]
        mine = [row for row in rows if row["currency"] == currency]
        assert len(mine) == truth["posted"]
        for bucket, (low, high) in BOUNDS.items():
            there = [row for row in mine if low <= int(row["days_past_due"]) <= high]
            found = [len(there), sum(Decimal(row["open"]) for row in there)]
            assert found == [truth[bucket][0], Decimal(truth[bucket][1])], (currency, bucket)


def test_the_largest_customers(report: Report) -> None:
    rows = report("aging", "2020-06-30")["rows"]
    for currency in CURRENCIES:
        mine = sorted(
            ((Decimal(row["total"]), row["customer"]) for row in rows if row["currency"] == currency), reverse=True
        )
        assert [[customer, amount] for amount, customer in mine[:5]] == [
            [customer, Decimal(amount)] for customer, amount in TRUTH[currency]["top5_customers"]
        ]


def test_all_items_and_customers_are_there_and_the_books_clean(books: Path, loaded: door.Books) -> None:
    assert loaded.errors == ()
    assert len(loaded.facts.documents("opening-item")) == TRUTH["rows"]
    assert len(loaded.master.customers) == TRUTH["customers"]
    o2c(books, "check")
