from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.closing import accruals
from o2c.closing.checklist.supplies import delivered_not_invoiced
from o2c.closing.checklist.supplies import invoiced_not_delivered
from o2c.errors import Refused
from o2c.model.unbilled import gaps
from tests.cash.shop import ACT
from tests.closing.posting import document
from tests.closing.posting import post_parts
from tests.closing.small_month import at_end
from tests.closing.small_month import delivery
from tests.closing.small_month import invoice_of
from tests.closing.small_month import order
from tests.closing.small_month import shop
from tests.closing.small_month import write

if TYPE_CHECKING:
    from pathlib import Path

D = Decimal
SOLD = ("Income:Sales", "EUR")
HELD = ("Assets:Accrued-Revenue", "EUR")


def test_what_was_delivered_and_not_invoiced_is_accrued_net_and_taken_back_the_day_after(tmp_path: Path) -> None:
    books = shop(
        tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4") + invoice_of("INV-1", "SO-1", "1", "10.00", "1.90")
    )
    (part,) = accruals.propose(at_end(books), ACT)
    accrual, back = part.entries
    assert (str(accrual.date), str(back.date)) == ("2026-03-31", "2026-04-01")
    assert part.about == ("SO-1",)
    assert "30.00 EUR" in part.summary
    assert "3 of 10 Lamp" in str(part.evidence[0][1])
    post_parts(books, [part])
    march = at_end(books)
    assert (march.balance(HELD[0]), march.balance(SOLD[0])) == (D("30.00"), D("-40.00"))
    assert books.balances().get(HELD) is None
    assert books.balances()[SOLD] == D("-10.00")
    assert not books.open_items().keys() - {("Assets:AR:C1", "INV-1", "EUR")}


def test_what_is_posted_is_not_proposed_again_and_the_check_turns_green(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4"))
    assert delivered_not_invoiced(at_end(books)).is_red
    post_parts(books, accruals.propose(at_end(books), ACT))
    assert not delivered_not_invoiced(at_end(books)).is_red
    assert accruals.propose(at_end(books), ACT) == []
    assert delivered_not_invoiced(at_end(books, "2026-04")).is_red, "still not invoiced a month later"


def test_a_delivery_that_comes_to_light_later_adds_only_the_difference(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4"))
    post_parts(books, accruals.propose(at_end(books), ACT))
    write(books, delivery("DN-2", "SO-1", "2", "2026-03-30"))
    (part,) = accruals.propose(at_end(books), ACT)
    assert [other.amount for other in document(part).others] == [D("20.00"), D("-20.00")]


def test_an_accrual_of_what_was_returned_since_is_taken_off(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4"))
    post_parts(books, accruals.propose(at_end(books), ACT))
    write(books, delivery("RT-1", "SO-1", "4", "2026-03-31", kind="return"))
    (part,) = accruals.propose(at_end(books), ACT)
    assert [other.amount for other in document(part).others] == [D("-40.00"), D("40.00")]


def test_a_third_of_a_line_is_rounded_once(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1", "3", "100.00") + delivery("DN-1", "SO-1", "1"))
    (gap,) = gaps(books.books.facts, at_end(books).month.last)
    assert gap.net == D(100) / D(3)
    (part,) = accruals.propose(at_end(books), ACT)
    assert document(part).others[0].amount == D("33.33")


def test_foreign_orders_are_accrued_at_the_rate_of_the_last_day(tmp_path: Path) -> None:
    ledger = order("SO-1", currency="USD", customer="US1") + delivery("DN-1", "SO-1", "5", customer="US1")
    books = shop(tmp_path, ledger)
    with pytest.raises(Refused, match="no rate for USD on 2026-03-31"):
        accruals.propose(at_end(books), ACT)
    books = shop(tmp_path / "again", ledger + "2026-03-15 price USD 0.9197 EUR\n")
    (part,) = accruals.propose(at_end(books), ACT)
    assert document(part).others[0].amount == D("45.99")
    assert document(part).fact("fx-rate") == D("0.9197")


def test_nothing_is_accrued_for_what_was_invoiced_before_its_delivery_but_it_is_red(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + invoice_of("INV-1", "SO-1", "10", "100.00", "19.00"))
    assert accruals.propose(at_end(books), ACT) == []
    found = invoiced_not_delivered(at_end(books))
    assert found.is_red
    assert [(seen.what, seen.said) for seen in found.seen] == [
        ("INV-1", "10 Lamp of SO-1 line 1 not delivered at the end of 2026-03-31")
    ]


def test_a_delivery_of_the_next_month_changes_nothing(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4", "2026-04-01"))
    assert accruals.propose(at_end(books), ACT) == []


def test_an_account_that_is_not_open_is_refused_with_the_line_to_add(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1") + delivery("DN-1", "SO-1", "4"))
    books.text = books.text.replace("2026-01-01 open Assets:Accrued-Revenue\n", "")
    write(books, "")
    with pytest.raises(Refused, match="add the line `2026-01-01 open Assets:Accrued-Revenue`"):
        accruals.propose(at_end(books), ACT)
