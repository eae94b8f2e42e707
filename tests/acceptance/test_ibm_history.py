"""The receivables history that IBM published: every figure of its independent TRUTH.json, through the command line."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from o2c import books as door
from o2c.cli import main

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ar-histories" / "ibm-late-payments-391-406-770"
Report = Callable[..., dict[str, Any]]
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data do not lie beside the checkout"),
]
TRUTH: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text("utf-8")) if DATA.is_dir() else {}
SNAPSHOTS: dict[str, Any] = TRUTH.get("snapshots_end_of_day", {})
BUCKETS = {"not_due": "current", "1-30": "d1_30", "31-60": "d31_60", "61-90": "d61_90", "90+": "d91_plus"}
BOUNDS = {"not_due": (-9999, 0), "1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90), "90+": (91, 9999)}


def o2c(root: Path, *arguments: str, capture: pytest.CaptureFixture[str] | None = None) -> str:
    """Call the command line in this process; gives what it prints."""
    with pytest.raises(SystemExit) as left:
        main(["--books", str(root), *arguments])
    assert left.value.code == 0
    return capture.readouterr().out if capture else ""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make empty books and import the history."""
    root = tmp_path_factory.mktemp("ibm") / "books"
    o2c(root, "init", str(root), "--empty")
    file = DATA / "late_payments_391_406_770.csv"
    o2c(root, "import", "history", str(file), "--profile", "ibm-history", "--currency", "USD")
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

    def call(name: str, day: str, *options: str) -> dict[str, Any]:
        capsys.readouterr()
        answer: dict[str, Any] = json.loads(
            o2c(books, "report", name, "--as-of", day, "--json", *options, capture=capsys)
        )
        return answer

    return call


@pytest.mark.parametrize("day", SNAPSHOTS)
def test_aging_at_every_snapshot(report: Report, day: str) -> None:
    truth = SNAPSHOTS[day]
    (total,) = report("aging", day)["totals"]
    assert total["currency"] == "USD"
    assert Decimal(total["total"]) == Decimal(truth["open_amount"])
    found = {bucket: Decimal(total[column]) for bucket, column in BUCKETS.items()}
    assert found == {bucket: Decimal(amount) for bucket, (_, amount) in truth["aging"].items()}
    assert Decimal(total["unapplied"]) == 0


@pytest.mark.parametrize("day", SNAPSHOTS)
def test_open_items_at_every_snapshot(report: Report, day: str) -> None:
    truth = SNAPSHOTS[day]
    rows = report("open-items", day)["rows"]
    assert len(rows) == truth["open_count"]
    assert sum(Decimal(row["open"]) for row in rows) == Decimal(truth["open_amount"])
    for bucket, (count, amount) in truth["aging"].items():
        low, high = BOUNDS[bucket]
        there = [row for row in rows if low <= int(row["days_past_due"]) <= high]
        assert (len(there), sum(Decimal(row["open"]) for row in there)) == (count, Decimal(amount)), bucket


@pytest.mark.parametrize("day", SNAPSHOTS)
def test_dso_and_turnover_at_every_snapshot(report: Report, day: str) -> None:
    truth = SNAPSHOTS[day]
    (row,) = report("dso", day, "--method", "simple", "--days", "90")["rows"]
    assert Decimal(row["receivables"]) == Decimal(truth["open_amount"])
    assert Decimal(row["sales"]) == Decimal(truth["invoiced_last_90d"])
    assert row["dso"] == truth["DSO_90d"]
    last = date.fromisoformat(day)
    days = monthrange(last.year, last.month)[1]
    (month,) = report("dso", day, "--days", str(days))["rows"]
    assert Decimal(month["sales"]) == Decimal(truth["invoiced_in_month"])
    (before,) = report("aging", str(last - timedelta(days=days)))["totals"]
    settled = Decimal(before["total"]) + Decimal(month["sales"]) - Decimal(truth["open_amount"])
    assert settled == Decimal(truth["settled_in_month"])


def test_the_whole_history_is_there(loaded: door.Books) -> None:
    facts = loaded.facts
    invoices, receipts = facts.documents("invoice"), facts.documents("receipt")
    assert len(invoices) == TRUTH["rows"]
    assert sum(doc.movements[0].amount for doc in invoices) == Decimal(TRUTH["sum_amount"])
    assert [str(min(doc.date for doc in invoices)), str(max(doc.date for doc in invoices))] == TRUTH["invoice_dates"]
    assert [str(min(doc.date for doc in receipts)), str(max(doc.date for doc in receipts))] == TRUTH["settled_dates"]
    by_item = {doc.movements[0].item: doc for doc in receipts}
    late = [doc for doc in invoices if by_item[doc.doc_id].date > (doc.due or doc.date)]
    assert len(late) == TRUTH["late_count"]
    assert sum(doc.movements[0].amount for doc in late) == Decimal(TRUTH["late_amount"])
    assert sum((by_item[doc.doc_id].date - doc.date).days for doc in invoices) == TRUTH["sum_days_to_settle"]
    disputed = [event for events in facts.events.values() for event in events if event.kind == "dispute-opened"]
    assert len(disputed) == TRUTH["disputed"]
    assert "0000611365" in facts.versions


def test_the_largest_customers_and_their_peaks(loaded: door.Books) -> None:
    """Settlements count before new invoices of the same day."""
    assert len(loaded.master.customers) == TRUTH["customers"]
    moved = defaultdict(list)
    for move in loaded.facts.moved:
        moved[loaded.facts.versions[move.doc_id][0].customer].append((move.date, move.movement.amount))
    for customer, count, amount, _ in TRUTH["top5_customers_by_amount"]:
        invoiced = [part for _, part in moved[customer] if part > 0]
        assert (len(invoiced), sum(invoiced)) == (count, Decimal(amount))
    for customer, peak, day in TRUTH["top5_peak_exposure"]:
        open_, highest, when = Decimal(0), Decimal(0), date.min
        for at, amount in sorted(moved[customer]):
            open_ += amount
            if open_ > highest:
                highest, when = open_, at
        assert (highest, str(when)) == (Decimal(peak), day)


def test_the_books_are_clean(books: Path, loaded: door.Books) -> None:
    assert loaded.errors == ()
    o2c(books, "check")
