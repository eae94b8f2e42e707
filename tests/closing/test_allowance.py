from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.asked import Asked
from o2c.cash.receipts import receipt
from o2c.cash.reversals import reverse
from o2c.cash.write_offs import write_off
from o2c.closing import allowance
from o2c.closing.assessing import assess
from o2c.closing.checklist import valuation
from o2c.closing.loss_history import history
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.master.allowance_policy import AllowancePolicy
from o2c.master.allowance_policy import Segment
from tests.cash.shop import ACT
from tests.cash.shop import invoice
from tests.cash.shop import moved_in
from tests.cash.test_receipts import pay
from tests.closing.posting import document
from tests.closing.posting import post_parts
from tests.closing.small_month import at_end
from tests.closing.small_month import shop
from tests.closing.small_month import write

if TYPE_CHECKING:
    from pathlib import Path

D = Decimal
ACCOUNT = "Assets:Allowance"
RATES = dict(
    zip(("current", "d1_30", "d31_60", "d61_90", "d91_plus"), map(D, ("0.3 1.6 3.6 6.6 10.6".split())), strict=True)
)
FIXED = AllowancePolicy(least_items=1000, rest=Segment("all", rates=RATES))


def owed(doc_id: str, amount: str, due: str, customer: str = "C1") -> str:
    return moved_in(doc_id, amount, customer=customer).replace("due: 2026-01-31", f"due: {due}")


def test_the_matrix_of_the_norm_is_posted_to_the_cent(tmp_path: Path) -> None:
    """Vector 2 of definitions 11 (IFRS 9, IE74-77)."""
    dues = ("2026-04-30", "2026-03-15", "2026-02-15", "2026-01-15", "2025-12-01")
    amounts = ("15000000.00", "7500000.00", "4000000.00", "2500000.00", "1000000.00")
    ledger = "".join(owed(f"OP-{n}", amount, due) for n, (amount, due) in enumerate(zip(amounts, dues, strict=True)))
    books = shop(tmp_path, ledger, FIXED)
    (part,) = allowance.propose(at_end(books), ACT)
    assert part.summary == "all: allowance raised by 580000.00 EUR from 0.00 EUR to 580000.00 EUR"
    (doc,) = post_parts(books, [part])
    assert at_end(books).balance(ACCOUNT) == D("-580000.00")
    assert doc.fact("rate-d1-30") == D("1.6")
    assert allowance.propose(at_end(books), ACT) == []
    assert not valuation.allowance(at_end(books)).is_red


def test_loss_rates_come_out_of_the_own_history(tmp_path: Path) -> None:
    """Vector 1 of definitions 11: 100 sold; 20, 35, 30, 12 paid bucket by bucket, 3 lost."""
    books = shop(tmp_path, owed("OP-1", "100.00", "2026-01-31"), AllowancePolicy(least_items=1, recoverable_vat=False))
    for amount, day in (
        ("20.00", "2026-01-31"),
        ("35.00", "2026-02-20"),
        ("30.00", "2026-03-15"),
        ("12.00", "2026-05-20"),
    ):
        books.do(receipt, pay(amount, "OP-1"), on=day)
    books.do(write_off, "OP-1", None, "bad-debt", keep_vat=True, on="2026-06-30")
    july = at_end(books, "2026-07")
    past = history(july, allowance.policy_of(july))["all"]
    assert {name: (one.lost, one.reached) for name, one in past.items()} == {
        "current": (D("3.00"), D("100.00")),
        "d1_30": (D("3.00"), D("80.00")),
        "d31_60": (D("3.00"), D("45.00")),
        "d61_90": (D("3.00"), D("15.00")),
        "d91_plus": (D("3.00"), D("15.00")),
    }
    write(books, owed("OP-2", "800.00", "2026-07-10").replace("2026-01-02", "2026-06-02"))
    (part,) = allowance.propose(at_end(books, "2026-07"), ACT)
    assert document(part).others[0].amount == D("30.00")
    assert "3.00 EUR lost of 80.00 EUR that reached it, 1 items" in str(part.evidence[0][1])


def test_a_write_off_for_another_reason_or_one_taken_back_is_no_loss(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "100.00", "2026-01-31") + owed("OP-2", "50.00", "2026-01-31"), FIXED)
    books.do(write_off, "OP-1", None, "small", on="2026-02-20")
    (lost,) = books.do(write_off, "OP-2", None, "bad-debt", keep_vat=True, on="2026-02-20")
    books.do(reverse, lost.doc_id, on="2026-02-25")
    books.do(receipt, pay("50.00", "OP-2"), on="2026-02-26")
    past = history(at_end(books), FIXED)["all"]
    assert past["current"].items == 2
    assert {one.lost for one in past.values()} == {D(0)}


def test_an_item_that_nobody_paid_for_a_year_counts_as_lost_and_others_wait_for_their_end(tmp_path: Path) -> None:
    ledger = owed("OP-1", "100.00", "2025-03-01") + owed("OP-2", "70.00", "2026-03-01")
    past = history(at_end(shop(tmp_path, ledger, FIXED)), FIXED)["all"]
    assert (past["current"].reached, past["current"].lost, past["current"].items) == (D(100), D(100), 1)


def test_only_the_change_is_posted_and_it_may_go_down(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15"), FIXED)
    post_parts(books, allowance.propose(at_end(books), ACT))
    assert at_end(books).balance(ACCOUNT) == D("-16.00")
    books.do(receipt, pay("400.00", "OP-1"), on="2026-04-10")
    (part,) = allowance.propose(at_end(books, "2026-04"), ACT)
    assert part.summary == "all: allowance raised by 5.60 EUR from 16.00 EUR to 21.60 EUR"
    post_parts(books, [part])
    books.do(receipt, pay("600.00", "OP-1"), on="2026-05-10")
    (part,) = allowance.propose(at_end(books, "2026-05"), ACT)
    assert part.summary == "all: allowance lowered by 21.60 EUR from 21.60 EUR to 0.00 EUR"
    post_parts(books, [part])
    assert at_end(books, "2026-05").balance(ACCOUNT) == D(0)


def test_a_credit_of_one_customer_lowers_nothing(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15"), FIXED)
    books.do(receipt, pay("700.00"), on="2026-03-20")
    books.do(receipt, pay("900.00", customer="C2"), on="2026-03-20")
    assert [one.due for one in allowance.provisions(at_end(books))] == [D("16.00")]


def test_tax_that_comes_back_is_not_at_risk(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "1190.00"), FIXED)
    assert [one.due for one in allowance.provisions(at_end(books))] == [D("36.00")], "1000.00 net, 31 days past due"
    kept = shop(tmp_path / "kept", invoice("INV-1", "1190.00"), AllowancePolicy(rest=FIXED.rest, recoverable_vat=False))
    assert [one.due for one in allowance.provisions(at_end(kept))] == [D("42.84")]


def test_what_is_insured_or_secured_is_not_at_risk(tmp_path: Path) -> None:
    limit = '2026-01-05 custom "o2c-limit" "C1" 750.00 EUR\n  kind: "insured"\n  customer: "C1"\n  until: 2026-04-15\n'
    ledger = owed("OP-1", "600.00", "2026-03-15") + owed("OP-2", "400.00", "2026-02-15") + limit
    books = shop(tmp_path, ledger, FIXED)
    (one,) = allowance.provisions(at_end(books))
    assert one.base.buckets == {"d1_30": D("150.00"), "d31_60": D("100.00")}
    assert one.due == D("6.00")
    (later,) = allowance.provisions(at_end(books, "2026-04"))
    assert sum(later.base.buckets.values()) == D(1000), "the cover has ended"


def test_an_item_assessed_by_itself_leaves_the_matrix(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15") + owed("OP-2", "500.00", "2026-03-15"), FIXED)
    books.do(lambda shop, act, day: assess(shop, act, day, "OP-2", Asked(D("400.00"))), on="2026-03-25")
    (one,) = allowance.provisions(at_end(books))
    assert (one.base.specific, one.due) == ({"OP-2": D("400.00")}, D("416.00"))
    (part,) = allowance.propose(at_end(books), ACT)
    assert ("specific-0001", "OP-2: assessed by itself, 400.00 EUR") in part.evidence
    books.do(lambda shop, act, day: assess(shop, act, day, "OP-2", None), on="2026-04-02")
    (one,) = allowance.provisions(at_end(books, "2026-04"))
    assert one.base.specific == {}


def test_no_more_than_what_is_open_can_be_assessed(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "100.00", "2026-03-15"), FIXED)
    day = date(2026, 3, 25)
    with pytest.raises(Refused, match=r"OP-1 has 100.00 EUR open"):
        assess(books.books, ACT, day, "OP-1", Asked(D("100.01")))
    with pytest.raises(Refused, match="USD is not EUR"):
        assess(books.books, ACT, day, "OP-1", Asked(D("10.00"), "USD"))
    with pytest.raises(NotFound, match="there is no item 'OP-9'"):
        assess(books.books, ACT, day, "OP-9", None)


def test_segments_have_factors_and_rates_of_their_own(tmp_path: Path) -> None:
    bad = Segment("bad", frozenset({"C2"}), forward_factor=D("1.5"), rates={**RATES, "d1_30": D(10)})
    policy = AllowancePolicy(least_items=1000, rest=FIXED.rest, segments=(bad,))
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15") + owed("OP-2", "1000.00", "2026-03-15", "C2"), policy)
    assert {one.segment.name: one.due for one in allowance.provisions(at_end(books))} == {
        "bad": D("150.00"),
        "all": D("16.00"),
    }
    docs = post_parts(books, allowance.propose(at_end(books), ACT))
    assert [doc.fact("segment") for doc in docs] == ["bad", "all"]
    assert allowance.propose(at_end(books), ACT) == []


def test_a_thin_history_without_a_rate_is_refused_not_guessed(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15"), AllowancePolicy())
    with pytest.raises(Refused, match="no loss rate for d1_30 of segment all: 0 items of the past reached it, 10 are"):
        allowance.propose(at_end(books), ACT)


def test_without_a_policy_it_says_what_to_add(tmp_path: Path) -> None:
    books = shop(tmp_path, owed("OP-1", "1000.00", "2026-03-15"))
    with pytest.raises(Refused, match="add `allowance:"):
        allowance.propose(at_end(books), ACT)
    kept = shop(tmp_path / "none", owed("OP-1", "1000.00", "2026-03-15"), AllowancePolicy(method="none"))
    assert allowance.propose(at_end(kept), ACT) == []
    assert valuation.allowance(at_end(kept)).said == "no allowance is kept, as policies.yaml says"
