from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.cash.asked import Asked
from o2c.cash.receipts import receipt
from o2c.cash.reversals import reverse
from o2c.cash.write_offs import write_off
from o2c.errors import NotFound
from o2c.errors import Refused
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.shop import moved_in
from tests.cash.test_allocations import CREDIT_NOTE
from tests.cash.test_receipts import pay

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.master import Master

    Open = Callable[[str], Shop]

D = Decimal
TWO_RATES = """
2026-01-10 * "Customer C1" "Invoice INV-1" #invoice ^INV-1
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  currency: "EUR"
  due: 2026-02-28
  Assets:AR:C1  226.00 EUR
    item: "INV-1"
  Income:Sales  -100.00 EUR
    line: 1
    tax-code: "DE19"
  Income:Sales  -100.00 EUR
    line: 2
    tax-code: "DE07"
  Liabilities:VAT  -19.00 EUR
    tax-code: "DE19"
    tax-category: "S"
    tax-base: 100.00 EUR
    tax-rate: 19
  Liabilities:VAT-07  -7.00 EUR
    tax-code: "DE07"
    tax-category: "S"
    tax-base: 100.00 EUR
    tax-rate: 7
"""


def vat(books: Shop) -> tuple[Decimal, Decimal]:
    return tuple(books.balances().get((account, "EUR"), D(0)) for account in ("Liabilities:VAT", "Liabilities:VAT-07"))


def test_bad_debt_takes_back_the_vat_of_every_rate(shop: Open) -> None:
    books = shop(TWO_RATES)
    (doc,) = books.do(write_off, "INV-1", None, "bad-debt")
    assert vat(books) == (0, 0)
    assert books.balances()["Expenses:Bad-Debt", "EUR"] == D("200.00")
    assert not books.open_items()
    assert (doc.refers, doc.reason) == ("INV-1", "bad-debt")
    assert [(tax.code, tax.base.number, tax.rate) for tax in doc.taxes] == [("DE19", 100, 19), ("DE07", 100, 7)]


def test_part_is_split_by_gross_over_the_rates(shop: Open) -> None:
    books = shop(TWO_RATES)
    (doc,) = books.do(write_off, "INV-1", Asked(D("22.60")), "bad-debt")
    assert [tax.amount for tax in doc.taxes] == [D("1.90"), D("0.70")]
    assert books.balances()["Expenses:Bad-Debt", "EUR"] == D("20.00")


def test_reason_that_keeps_the_vat_bears_the_whole_amount(shop: Open) -> None:
    """Scenario PAY-04: 95 come in, 5 are written off; INV-03: 99 and 1."""
    books = shop(invoice("INV-1", "100.00"))
    books.do(receipt, pay("95.00", "INV-1"))
    (doc,) = books.do(write_off, "INV-1", None, "small")
    assert books.balances()["Expenses:Small", "EUR"] == D("5.00")
    assert not doc.taxes
    assert not books.open_items()


def test_correction_of_the_vat_may_be_left_out(shop: Open) -> None:
    books = shop(TWO_RATES)
    books.do(write_off, "INV-1", None, "bad-debt", keep_vat=True)
    assert vat(books) == (D("-19.00"), D("-7.00"))


def test_paid_part_keeps_its_vat(shop: Open) -> None:
    books = shop(TWO_RATES)
    books.do(receipt, pay("113.00", "INV-1"))
    books.do(write_off, "INV-1", None, "bad-debt")
    assert vat(books) == (D("-9.50"), D("-3.50"))


def test_instalments_are_given_up_together(shop: Open) -> None:
    books = shop(
        invoice("INV-1", "119.00", net="100.00", instalments=(("2026-02-09", "19.00"), ("2026-03-11", "100.00")))
    )
    books.do(write_off, "INV-1", Asked(D("59.50")), "bad-debt")
    assert [books.open(f"INV-1.{number}") for number in (1, 2)] == [D(0), D("59.50")]
    assert vat(books)[0] == D("-9.50")


def test_vat_credited_before_is_not_taken_back_again(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00", net="100.00") + CREDIT_NOTE)
    books.do(write_off, "INV-1", None, "bad-debt")
    assert books.balances()["Expenses:Bad-Debt", "EUR"] == D("83.80")
    assert vat(books)[0] == 0


def test_overpayment_of_cents_becomes_income(shop: Open) -> None:
    """Scenario INV-09: 110 received for 100, the difference of -10 is income."""
    books = shop(invoice("INV-1", "100.00"))
    books.do(receipt, pay("110.00", "INV-1"))
    books.do(write_off, "RC-2026-0001", None, "small")
    assert books.balances()["Income:Other:Overpayments", "EUR"] == D("-10.00")
    assert not books.open_items()


def test_reason_may_name_the_income_account_itself(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    books.do(write_off, "RC-2026-0001", Asked(D("4.00")), "luck")
    assert books.balances()["Income:Unclaimed", "EUR"] == D("-4.00")
    assert books.open("RC-2026-0001") == D("-6.00")


def test_money_on_account_has_no_vat_to_correct(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    (doc,) = books.do(write_off, "RC-2026-0001", None, "bad-debt")
    assert not doc.taxes


def test_credit_note_given_up_brings_its_vat_back(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00", net="100.00") + CREDIT_NOTE)
    before = vat(books)[0]
    (doc,) = books.do(write_off, "CN-1", None, "bad-debt")
    assert doc.taxes[0].amount == D("-0.61")
    assert vat(books)[0] == before - D("0.61")


def test_item_moved_in_wants_to_be_told_about_its_vat(shop: Open) -> None:
    books = shop(moved_in("OLD-1", "119.00"))
    with pytest.raises(Refused, match=r"do not know the VAT of OLD-1.*--keep-vat"):
        books.do(write_off, "OLD-1", None, "bad-debt")
    books.do(write_off, "OLD-1", Asked(D("19.00")), "small")
    books.do(write_off, "OLD-1", None, "bad-debt", keep_vat=True)
    assert not books.open_items()


@pytest.mark.parametrize(
    ("item", "amount", "reason", "sentence"),
    [
        ("INV-1", "226.01", "small", "has 226.00 EUR open"),
        ("INV-1", "0.00", "small", "give more than 0"),
        ("INV-1", "-1.00", "small", "give more than 0"),
        ("INV-1", None, "return", "is for credit notes"),
        ("INV-1", None, "weather", "there is no reason 'weather'; known are bad-debt"),
        ("INV-9", None, "small", "no item 'INV-9'"),
        ("RC-2026-0001", "10.01", "small", "RC-2026-0001 has 10.00 EUR left"),
        ("RC-2026-0001", "0.00", "small", "cannot be written off"),
    ],
)
def test_what_is_not_right_is_refused(shop: Open, item: str, amount: str | None, reason: str, sentence: str) -> None:
    books = shop(TWO_RATES)
    books.do(receipt, pay("10.00"))
    with pytest.raises((Refused, NotFound), match=sentence):
        books.do(write_off, item, None if amount is None else Asked(D(amount)), reason)


def test_reversed_write_off_leaves_no_trace(shop: Open) -> None:
    books = shop(TWO_RATES)
    before, balances = books.open_items(), books.balances()
    books.do(write_off, "INV-1", Asked(D("17.31")), "bad-debt")
    books.do(reverse, "WO-2026-0001")
    assert books.open_items() == before
    assert books.balances() == balances
    books.do(write_off, "INV-1", None, "bad-debt")
    assert vat(books) == (0, 0)


@given(cuts=st.lists(st.integers(1, 22_599), min_size=1, max_size=5, unique=True))
def test_many_small_write_offs_take_back_the_vat_exactly_once(company: Master, cuts: list[int]) -> None:
    """However the invoice is cut up: no rate ever goes below zero, and at the end nothing is left, to the cent."""
    books = Shop(company, TWO_RATES)
    edges = [0, *sorted(cuts), 22_600]
    for low, high in itertools.pairwise(edges):
        books.do(write_off, "INV-1", Asked(D(high - low) / 100), "bad-debt")
        assert all(D("-19.00") <= left <= 0 for left in vat(books))
    assert vat(books) == (0, 0)
    assert books.balances() == {("Income:Sales", "EUR"): D("-200.00"), ("Expenses:Bad-Debt", "EUR"): D("200.00")}
