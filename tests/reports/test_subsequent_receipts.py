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
from o2c.reports import subsequent_receipts
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.shop import load_master

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.reports.table import Row

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
    names = ("open", "received", "credited", "written_off", "other", "still_open")
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
    assert parts(only(shop)) == {"open": 119, "other": -100, "still_open": 19}


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
