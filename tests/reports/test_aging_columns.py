"""Aging with free buckets, a credit group, and what is disputed and promised beside the buckets."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from o2c import reports
from o2c.errors import WrongUsage
from o2c.reports import aging
from o2c.reports import as_text
from tests.reports import entries

if TYPE_CHECKING:
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)


def due(days: int) -> str:
    return str(DAY - timedelta(days=days))


def test_free_buckets_cut_where_they_are_asked_to(books: Make) -> None:
    late = (0, 1, 15, 16, 30, 31, 60, 61)
    made = books("".join(entries.sold(f"INV-{days}", "2026-01-01", f"{days + 1}", due=due(days)) for days in late))
    table = aging.report(made, DAY, buckets=(15, 30, 60))
    assert [column.name for column in table.columns][3:10] == [
        "current", "d1_15", "d16_30", "d31_60", "d61_plus", "unapplied", "total",
    ]  # fmt: skip
    (row,) = table.rows
    assert [row[name] for name in aging.bucket_names((15, 30, 60))] == [1, 2 + 16, 17 + 31, 32 + 61, 62]
    assert row["total"] == sum(days + 1 for days in late)
    assert "d16_30" in as_text.on_terminal(table, 100, colour=False, blocks=True).split("total", 2)[2]


def test_the_usual_buckets_are_those_of_the_contract(books: Make) -> None:
    assert aging.bucket_names() == aging.PARTS[:-1] == ("current", "d1_30", "d31_60", "d61_90", "d91_plus")
    assert [column.name for column in aging.report(books(""), DAY).columns] == [
        "customer", "name", "currency", "current", "d1_30", "d31_60", "d61_90", "d91_plus", "unapplied", "total",
        "disputed", "promised",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [(), (0, 30), (30, 15), (30, 30), tuple(range(1, 14)), (40_000,)])
def test_buckets_that_do_not_grow_are_refused(books: Make, wrong: tuple[int, ...]) -> None:
    with pytest.raises(WrongUsage, match="15,30,60"):
        aging.report(books(""), DAY, buckets=wrong)


def test_disputed_and_promised_are_parts_of_the_buckets_and_not_further_ones(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")
        + entries.sold("INV-2", "2026-06-01", "50.00", due="2026-07-01")
        + entries.sold("INV-3", "2026-06-01", "7.00", due="2026-07-01", customer="C2")
        + entries.noted("dispute-opened", "2026-06-10", "INV-1", amount="30.00 EUR")
        + entries.noted("promise", "2026-06-12", "INV-1", amount="60.00 EUR", promised="2026-07-02")
        + entries.noted("promise", "2026-06-12", "INV-2", promised="2026-06-30")
    )
    first, second = aging.report(books(text), DAY).rows
    assert (first["total"], first["disputed"], first["promised"]) == (150, 30, 110)
    assert (second["total"], second["disputed"], second["promised"]) == (7, 0, 0)
    (total,) = aging.report(books(text), DAY).totals
    assert (total["total"], total["disputed"], total["promised"]) == (157, 30, 110)
    (tomorrow, _) = aging.report(books(text), DAY + timedelta(days=1)).rows
    assert tomorrow["promised"] == 60  # the promise about INV-2 is broken, it was for the day before


def test_the_newest_promise_counts_and_a_resolved_dispute_does_not(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")
        + entries.noted("dispute-opened", "2026-06-10", "INV-1")
        + entries.noted("dispute-resolved", "2026-06-20", "INV-1")
        + entries.noted("promise", "2026-06-12", "INV-1", amount="60.00 EUR", promised="2026-08-01")
        + entries.noted("promise", "2026-06-14", "INV-1", amount="20.00 EUR", promised="2026-07-01")
    )
    made = books(text)
    assert [aging.report(made, date(2026, 6, day)).rows[0]["disputed"] for day in (9, 10, 19, 20)] == [0, 100, 100, 0]
    assert [aging.report(made, date(2026, 6, day)).rows[0]["promised"] for day in (11, 12, 13, 14)] == [0, 60, 60, 20]


def test_a_note_on_another_customers_account_counts_where_its_item_is_owed(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")
        + entries.sold("INV-2", "2026-05-01", "70.00", due="2026-05-31", customer="C2")
        + entries.noted("dispute-opened", "2026-06-10", "INV-1", "C3", amount="30.00 EUR")
        + entries.noted("promise", "2026-06-12", "INV-2", "C3", amount="60.00 EUR", promised="2026-07-02")
    )
    made = books(text)
    rows = aging.report(made, DAY).rows
    assert [(row["customer"], row["disputed"], row["promised"]) for row in rows] == [("C1", 30, 0), ("C2", 0, 60)]
    for name in ("open-items", "statement"):
        assert [row["disputed"] for row in reports.run(name, made, DAY).rows] == [30, 0], name
    (share,) = [row for row in reports.run("measures", made, DAY).rows if row["measure"] == "overdue-undisputed"]
    assert share["divisor"] == 170 - 30
