"""The exposure report: the terms of each customer, its limit, and what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import books as indexed_books
from o2c.books.index.books import IndexedBooks
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import credit
from o2c.reports import run
from o2c.shipped import DEMO_LEDGER
from tests.books.index import small_books
from tests.model.credit.ledger import confirm
from tests.model.credit.ledger import deliver
from tests.model.credit.ledger import invoice
from tests.model.credit.ledger import limit
from tests.model.credit.ledger import line
from tests.model.credit.ledger import order

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 4, 30)
MORE = "\n".join(
    [
        limit("2026-01-01", "1000.00 EUR", "C1"),
        limit("2026-04-01", "200.00 EUR", "C1", kind='"temporary"', until="2026-04-30"),
        limit("2026-01-01", "500.00 USD", "US1"),
        limit("2026-01-01", "50.00 EUR", "KID"),
        limit("2026-01-01", "70.00 EUR", "NORTH", members='"C1 C2"'),
        order("2026-04-02", "SO-1", line("10", "100.00", "19"), customer="C1"),
        confirm("2026-04-02", "SO-1", "C1"),
        deliver("2026-04-03", "DN-1", "SO-1", {1: "4"}, customer="C1"),
        order("2026-04-02", "SO-2", line("1", "10.00"), customer="C2"),
        confirm("2026-04-02", "SO-2", "C2"),
        deliver("2026-04-03", "DN-2", "SO-2", {1: "1"}, customer="C2"),
        invoice("2026-04-04", "FAIR-2", "10.00", "SO-2", {1: "1"}, customer="C2"),
    ]
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(indexed_books, "SMALL", 0)
    root = small_books.new(tmp_path)
    (root / "manual" / "credit.beancount").write_text(MORE)
    return root


def test_each_customer_has_its_terms_limit_and_what_is_left(root: Path) -> None:
    table = run("exposure", door.load(root), DAY)
    assert [column.name for column in table.columns] == (
        "customer name currency limit open_items unapplied unbilled_deliveries open_orders exposure available".split()
    )
    rows = {row["customer"]: row for row in table.rows}
    assert set(rows) >= {"C1", "C2", "US1", "KID"}
    assert "NORTH" not in rows
    first = rows["C1"]
    assert (first["limit"], first["unbilled_deliveries"], first["open_orders"]) == tuple(
        map(Decimal, ("1200.00", "47.60", "71.40"))
    )
    for row in table.rows:
        parts = ("open_items", "unapplied", "unbilled_deliveries", "open_orders")
        assert row["exposure"] == sum(row[part] for part in parts)  # type: ignore[misc]  # all of them are money
        assert row["available"] == ("" if row["limit"] == "" else row["limit"] - row["exposure"])  # type: ignore[operator]  # as above
    assert rows["C2"]["limit"] == rows["C2"]["available"] == ""
    assert (rows["KID"]["limit"], rows["KID"]["exposure"]) == (Decimal("50.00"), 0)


def test_the_temporary_limit_is_gone_the_day_after(root: Path) -> None:
    books = door.load(root)
    day_after = run("exposure", books, date(2026, 5, 1), customer="C1").rows[0]
    assert day_after["limit"] == Decimal("1000.00")
    assert len(run("exposure", books, DAY, customer="C1").rows) == 1


def test_totals_are_one_for_each_currency(root: Path) -> None:
    table = run("exposure", door.load(root), DAY)
    assert [total["currency"] for total in table.totals] == ["EUR", "USD"]
    only = run("exposure", door.load(root), DAY, currency="USD")
    assert {row["currency"] for row in only.rows} == {"USD"}
    assert only.totals == table.totals[1:]


@pytest.mark.parametrize("day", [date(2026, 1, 10), date(2026, 4, 2), date(2026, 4, 3), DAY])
def test_the_index_answers_as_loaded_books_do(root: Path, day: date) -> None:
    loaded = door.load(root)
    door.note_loaded(loaded)
    indexed = door.opened(root)
    assert isinstance(indexed, IndexedBooks)
    for customer in ("", "C1", "C2", "US1"):
        assert run("exposure", indexed, day, customer=customer) == run("exposure", loaded, day, customer=customer)
    assert "whole" not in indexed.__dict__


def test_the_report_says_what_the_model_says(root: Path) -> None:
    books = door.load(root)
    for row in run("exposure", books, DAY).rows:
        rate = credit.into(str(row["currency"]), "EUR", books.rate)
        found = credit.exposure(books.facts, str(row["customer"]), DAY, str(row["currency"]), rate)
        assert found.total == row["exposure"]


def test_an_unknown_customer_is_refused(root: Path) -> None:
    with pytest.raises(NotFound):
        run("exposure", door.load(root), DAY, customer="NOBODY")


def test_a_missing_rate_is_refused_with_the_line_to_add(root: Path) -> None:
    text = invoice("2026-04-04", "FAIR-3", "10.00", customer="C1", currency="GBP")
    (root / "manual" / "pounds.beancount").write_text(text)
    with pytest.raises(Refused, match="add a line like `2026-04-30 price GBP"):
        run("exposure", door.load(root), DAY)


def test_a_blocked_customer_has_nothing_left_whatever_the_amount_of_the_limit() -> None:
    rows = {row["customer"]: row for row in run("exposure", door.load(DEMO_LEDGER), date(2026, 3, 31)).rows}
    assert rows["C0004"]["limit"] == 0
    assert rows["C0004"]["available"] == -rows["C0004"]["exposure"]
    assert rows["C0025"]["limit"] == 0
