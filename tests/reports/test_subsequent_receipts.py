"""Subsequent receipts: what came in after a day for what was open at its end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.receipts import Payment
from o2c.cash.receipts import receipt
from o2c.cash.reversals import reverse
from o2c.cash.write_offs import write_off
from o2c.reports import explaining
from o2c.reports import subsequent_receipts
from o2c.reports.explaining import naming
from o2c.reports.explaining.asked import Asked as Figure
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.shop import load_master
from tests.reports import entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.reports.table import Row
    from tests.reports.entries import Make

D = Decimal
END = date(2026, 3, 31)
LEDGER = invoice("INV-1", "119.00") + invoice("INV-2", "50.00", day="2026-04-01")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(load_master(tmp_path), LEDGER)


def only(shop: Shop, until: date | None = None) -> Row:
    (row,) = subsequent_receipts.report(shop.books, END, until=until).rows
    return row


def parts(row: Row) -> dict[str, Decimal]:
    names = ("open", "received", "credited", "written_off", "set_off", "other", "still_open")
    return {name: row[name] for name in names if row[name]}


def pay(shop: Shop, amount: str, day: str) -> None:
    shop.do(receipt, Payment("C1", D(amount), "EUR"), on=day)


def test_money_of_later_counts_also_when_it_is_allocated_later_still(shop: Shop) -> None:
    pay(shop, "100.00", "2026-04-05")
    assert parts(only(shop)) == {"open": 119, "still_open": 119}
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-04-07")
    row = only(shop)
    assert parts(row) == {"open": 119, "received": -100, "still_open": 19}
    assert str(row["by"]).startswith("AL-2026-0001 2026-04-07 (shop:")


def test_a_credit_that_was_there_already_is_no_subsequent_receipt(shop: Shop) -> None:
    pay(shop, "100.00", "2026-03-20")
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-04-07")
    assert parts(only(shop)) == {"open": 119, "set_off": -100, "still_open": 19}


def test_what_is_written_off_or_reversed_is_no_money(shop: Shop) -> None:
    pay(shop, "100.00", "2026-04-05")
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-04-05")
    shop.do(write_off, "INV-1", Asked(D("19.00")), "small", on="2026-04-06")
    assert parts(only(shop)) == {"open": 119, "received": -100, "written_off": -19}
    shop.do(reverse, "WO-2026-0001", on="2026-04-08")
    assert parts(only(shop)) == {"open": 119, "received": -100, "still_open": 19}


def test_the_last_day_counts_and_what_comes_after_it_does_not(shop: Shop) -> None:
    pay(shop, "100.00", "2026-04-05")
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-04-05")
    assert only(shop, date(2026, 4, 4))["received"] == 0
    assert only(shop, date(2026, 4, 5))["received"] == -100


OWED = entries.sold("INV-1", "2026-03-01", "119.00", due="2026-03-31")


def noted(doc_id: str, day: str, amount: str, *, receivable: bool) -> str:
    """Write a credit note that leaves a credit, on the receivable account or on that of deposits."""
    postings = f"{entries.moved(doc_id, f'-{amount}', is_credit=not receivable)};Income:Sales  {amount} EUR"
    return entries.doc("credit-note", doc_id, day, postings)


def received(doc_id: str, day: str, amount: str, *, receivable: bool) -> str:
    """Write a receipt that leaves a credit."""
    postings = f"Assets:Bank  {amount} EUR;{entries.moved(doc_id, f'-{amount}', is_credit=not receivable)}"
    return entries.doc("receipt", doc_id, day, postings)


def allocated(day: str, *credits_: tuple[str, str], receivable: bool, doc_id: str = "AL-1", **facts: str) -> str:
    moves = [entries.moved(name, amount, is_credit=not receivable) for name, amount in credits_]
    whole = -sum(D(amount) for _, amount in credits_)
    return entries.doc("allocation", doc_id, day, ";".join([*moves, entries.moved("INV-1", str(whole))]), **facts)


def made_up(books: Make, text: str) -> dict[str, Decimal]:
    """Give the row of INV-1, every figure of which is explained."""
    made = books(OWED + text)
    table = subsequent_receipts.report(made, END)
    (row,) = (row for row in table.rows if row["item"] == "INV-1")
    for name in ("open", *subsequent_receipts.PARTS, "still_open"):
        column = naming.column_of(table, name, "")
        assert explaining.explained(Figure(made, END, {}, table, row, column)).value == row[name]
    return parts(row)


@pytest.mark.parametrize("receivable", [False, True], ids=["on account", "on the receivable account"])
@pytest.mark.parametrize(
    ("credit", "day", "column"),
    [
        (received, "2026-04-05", "received"),
        (received, "2026-03-31", "set_off"),
        (noted, "2026-04-05", "credited"),
        (noted, "2026-03-31", "set_off"),
    ],
    ids=["money of later", "money of then", "credit note of later", "credit note of then"],
)
def test_an_allocation_counts_as_the_credit_that_it_used_wherever_that_lies(
    books: Make, credit: Callable[..., str], day: str, column: str, receivable: bool
) -> None:
    text = credit("X-1", day, "100.00", receivable=receivable)
    text += allocated("2026-04-07", ("X-1", "100.00"), receivable=receivable)
    assert made_up(books, text) == {"open": 119, column: -100, "still_open": 19}


def test_an_allocation_of_several_credits_counts_each_of_them(books: Make) -> None:
    text = received("RC-1", "2026-04-05", "60.00", receivable=False)
    text += received("RC-2", "2026-03-05", "20.00", receivable=False)
    text += noted("CN-1", "2026-04-05", "30.00", receivable=False)
    used = ("RC-1", "60.00"), ("RC-2", "20.00"), ("CN-1", "30.00")
    text += allocated("2026-04-07", *used, receivable=False)
    row = {"open": 119, "received": -60, "credited": -30, "set_off": -20, "still_open": 9}
    assert made_up(books, text) == row
    report = subsequent_receipts.report(books(OWED + text), END)
    assert str(report.rows[0]["by"]).count("AL-1") == 1
    back = ("RC-1", "-60.00"), ("RC-2", "-20.00"), ("CN-1", "-30.00")
    undone = allocated("2026-04-09", *back, receivable=False, doc_id="AL-2", refers='"AL-1"', undoes="TRUE")
    assert made_up(books, text + undone) == {"open": 119, "still_open": 119}


def test_money_of_a_payer_for_another_customer_is_received(books: Make) -> None:
    suspense = "Liabilities:Unidentified-Receipts"
    given = f"{entries.moved('RC-9', '50', 'C9', is_credit=True)};{suspense}  -50 EUR"
    taken = f"{entries.moved('INV-1', '-50')};{suspense}  50 EUR"
    text = (
        entries.paid("RC-9", "2026-04-05", "50.00", customer="C9")
        + entries.doc("allocation", "AL-1", "2026-04-07", given, customer="C9")
        + entries.doc("allocation", "AL-2", "2026-04-07", taken, refers='"AL-1"', payer='"C9"')
    )
    assert made_up(books, text) == {"open": 119, "received": -50, "still_open": 69}


def test_what_moves_from_item_to_item_is_something_else(books: Make) -> None:
    text = entries.sold("INV-2", "2026-03-01", "10.00", due="2026-03-31")
    postings = f"{entries.moved('INV-1', '-19.00')};{entries.moved('INV-2', '19.00')}"
    text += entries.doc("allocation", "AL-1", "2026-04-07", postings)
    assert made_up(books, text) == {"open": 119, "other": -19, "still_open": 100}
