from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.receipts import receipt
from o2c.cash.refunds import refund
from o2c.cash.reversals import reverse
from o2c.cash.unallocations import unallocate
from o2c.cash.write_offs import write_off
from o2c.errors import NotFound
from o2c.errors import Refused
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.test_receipts import pay

if TYPE_CHECKING:
    from collections.abc import Callable

    Open = Callable[[str], Shop]

D = Decimal
CREDIT_NOTE = """
2026-02-01 * "Customer C1" "Credit note CN-1" #credit-note ^CN-1 ^INV-1
  doc-type: "credit-note"
  doc-id: "CN-1"
  customer: "C1"
  currency: "EUR"
  refers: "INV-1"
  reason: "return"
  Assets:AR:C1  -20.00 EUR
    item: "INV-1"
  Liabilities:Customer-Deposits:C1  -3.80 EUR
    item: "CN-1"
  Income:Sales  20.00 EUR
    line: 1
    tax-code: "DE19"
  Liabilities:VAT  3.80 EUR
    tax-code: "DE19"
    tax-category: "S"
    tax-base: 20.00 EUR
    tax-rate: 19
"""


def euro(amount: str) -> Asked:
    return Asked(D(amount), "EUR")


def test_credit_is_used_for_as_much_as_both_allow(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00") + invoice("INV-2", "50.00"))
    books.do(receipt, pay("150.00"))
    (doc,) = books.do(allocate, "RC-2026-0001", "INV-1")
    assert (books.open("INV-1"), books.open("RC-2026-0001")) == (D(0), D("-31.00"))
    assert sum(move.amount for move in doc.movements) == 0
    assert doc.links == {"AL-2026-0001", "INV-1", "RC-2026-0001"}
    books.do(allocate, "RC-2026-0001", "INV-2")
    assert (books.open("INV-2"), books.open("RC-2026-0001")) == (D("19.00"), D(0))


def test_credit_note_pays_another_invoice(shop: Open) -> None:
    """Complaint 14."""
    books = shop(invoice("INV-1", "119.00", net="100.00") + invoice("INV-2", "50.00") + CREDIT_NOTE)
    books.do(allocate, "CN-1", "INV-2")
    assert (books.open("CN-1"), books.open("INV-2")) == (D(0), D("46.20"))


def test_instalments_are_settled_oldest_due_first(shop: Open) -> None:
    parts = (("2026-02-09", "30.00"), ("2026-03-11", "50.00"), ("2026-04-10", "20.00"))
    books = shop(invoice("INV-1", "100.00", instalments=parts))
    books.do(receipt, pay("40.00"))
    books.do(allocate, "RC-2026-0001", "INV-1")
    assert [books.open(f"INV-1.{number}") for number in (1, 2, 3)] == [D(0), D("40.00"), D("20.00")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("RC-2026-0001", "INV-1", euro("100.01")), "RC-2026-0001 has 100.00 EUR left, less than 100.01 EUR"),
        (("RC-2026-0001", "INV-2", euro("50.01")), "INV-2 has 50.00 EUR open"),
        (("RC-2026-0001", "INV-1", Asked(D("1.00"), "USD")), "USD is not EUR"),
        (("RC-2026-0001", "INV-1", Asked(D("0.001"))), "more decimals than EUR has"),
        (("RC-2026-0001", "INV-1", euro("0.00")), "give more than 0"),
        (("INV-1", "INV-2", None), "INV-1 is no credit"),
        (("INV-1", "RC-2026-0001", None), "INV-1 is no credit"),
        (("RC-2026-0001", "RC-2026-0002", None), "RC-2026-0002 is a credit"),
        (("RC-2026-0001", "INV-C2", None), "belongs to C2"),
        (("RC-2026-0003", "INV-1", None), "RC-2026-0003 is dated 2026-03-20"),
        (("RC-2026-0009", "INV-1", None), "no item 'RC-2026-0009'"),
        (("RC-2026-0001", "INV-9", None), "no item 'INV-9'"),
    ],
)
def test_what_is_not_right_is_refused_with_its_reason(shop: Open, words: tuple[object, ...], sentence: str) -> None:
    books = shop(invoice("INV-1", "119.00") + invoice("INV-2", "50.00") + invoice("INV-C2", "50.00", customer="C2"))
    books.do(receipt, pay("100.00"))
    books.do(receipt, pay("10.00"))
    books.do(receipt, pay("10.00"), on="2026-03-20")
    with pytest.raises((Refused, NotFound), match=sentence):
        books.do(allocate, *words)


def test_used_up_credit_is_refused(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("10.00"))
    books.do(allocate, "RC-2026-0001", "INV-1")
    with pytest.raises(Refused, match="RC-2026-0001 is used up"):
        books.do(allocate, "RC-2026-0001", "INV-1")


def test_taking_back_an_allocation_restores_both_items(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("150.00"))
    before = books.open_items()
    books.do(allocate, "RC-2026-0001", "INV-1", euro("19.00"))
    (doc,) = books.do(unallocate, "AL-2026-0001")
    assert books.open_items() == before
    assert (doc.doc_type, doc.refers, doc.fact("undoes")) == ("allocation", "AL-2026-0001", True)


def test_receipt_gives_back_one_invoice_and_keeps_the_other(shop: Open) -> None:
    """Complaint 5: taking back one application does not remove all."""
    books = shop(invoice("INV-1", "119.00") + invoice("INV-2", "50.00"))
    books.do(receipt, pay("150.00", "INV-1", "INV-2"))
    books.do(unallocate, "RC-2026-0001", "INV-1")
    assert (books.open("INV-1"), books.open("INV-2")) == (D("119.00"), D("19.00"))
    assert books.open("RC-2026-0001") == D("-119.00")
    with pytest.raises(Refused, match="has nothing on INV-1; it was applied to INV-2"):
        books.do(unallocate, "RC-2026-0001", "INV-1")
    books.do(unallocate, "RC-2026-0001")
    assert books.open("RC-2026-0001") == D("-150.00")
    with pytest.raises(Refused, match=r"nothing of RC-2026-0001 is left.*AL-2026-0001, AL-2026-0002 did it already"):
        books.do(unallocate, "RC-2026-0001")


def test_item_of_an_instalment_invoice_may_be_named_as_a_whole(shop: Open) -> None:
    books = shop(invoice("INV-1", "100.00", instalments=(("2026-02-09", "30.00"), ("2026-03-11", "70.00"))))
    books.do(receipt, pay("40.00", "INV-1"))
    books.do(unallocate, "RC-2026-0001", "INV-1")
    assert [books.open(f"INV-1.{number}") for number in (1, 2)] == [D("30.00"), D("70.00")]


def test_credit_note_gives_back_what_it_settled(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00", net="100.00") + CREDIT_NOTE)
    books.do(unallocate, "CN-1")
    assert (books.open("INV-1"), books.open("CN-1")) == (D("119.00"), D("-23.80"))


@pytest.mark.parametrize(
    ("doc_id", "sentence"),
    [
        ("INV-1", "INV-1 .invoice. applies nothing; `o2c reverse INV-1`"),
        ("RC-2026-0001", "was not applied to any item.*used later by AL-2026-0001"),
        ("AL-2026-0002", "AL-2026-0002 took AL-2026-0001 back"),
        ("AL-2026-0009", "no document 'AL-2026-0009'"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(shop: Open, doc_id: str, sentence: str) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("100.00"))
    books.do(allocate, "RC-2026-0001", "INV-1")
    books.do(unallocate, "AL-2026-0001")
    with pytest.raises((Refused, NotFound), match=sentence):
        books.do(unallocate, doc_id)


def test_nothing_is_taken_back_before_it_was_applied(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("100.00", "INV-1"))
    with pytest.raises(Refused, match="dated 2026-03-05; it cannot be taken back on 2026-03-04"):
        books.do(unallocate, "RC-2026-0001", on="2026-03-04")


def test_reversed_receipt_has_nothing_to_give_back(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("100.00", "INV-1"))
    books.do(reverse, "RC-2026-0001")
    with pytest.raises(Refused, match="was reversed by RV-2026-0001"):
        books.do(unallocate, "RC-2026-0001")


@pytest.mark.parametrize("half", ["AL-2026-0001", "AL-2026-0002"])
def test_payment_for_a_child_is_taken_back_from_either_half(shop: Open, half: str) -> None:
    books = shop(invoice("INV-KID", "50.00", customer="KID") + invoice("INV-K2", "25.00", customer="KID"))
    books.do(receipt, pay("60.00"))
    before, balances = books.open_items(), books.balances()
    books.do(allocate, "RC-2026-0001", "INV-KID")
    docs = books.do(unallocate, half)
    assert [doc.customer for doc in docs] == ["C1", "KID"]
    assert books.open_items() == before
    assert books.balances() == balances
    with pytest.raises(Refused, match="nothing of"):
        books.do(unallocate, half)


def test_credit_of_a_child_is_not_its_parents(shop: Open) -> None:
    books = shop(invoice("INV-1", "50.00"))
    books.do(receipt, pay("60.00", customer="KID"))
    with pytest.raises(Refused, match="belongs to C1, for whom KID does not pay"):
        books.do(allocate, "RC-2026-0001", "INV-1")


def test_overpayment_is_paid_back_and_no_more(shop: Open) -> None:
    """Complaint 11."""
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("130.00", "INV-1"))
    with pytest.raises(Refused, match=r"has 11\.00 EUR left, less than 11\.01 EUR"):
        books.do(refund, "RC-2026-0001", euro("11.01"))
    (doc,) = books.do(refund, "RC-2026-0001", euro("11.00"))
    assert (doc.doc_type, doc.doc_id) == ("refund", "RF-2026-0001")
    assert not books.open_items()
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("119.00")


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_and_less_than_nothing_are_not_refunded(shop: Open, amount: str) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    with pytest.raises(Refused, match="give more than 0"):
        books.do(refund, "RC-2026-0001", euro(amount))


def test_invoice_is_not_refunded(shop: Open) -> None:
    with pytest.raises(Refused, match="INV-1 is no credit"):
        shop(invoice("INV-1", "119.00")).do(refund, "INV-1", euro("1.00"))


def test_name_of_two_credits_is_refused(shop: Open) -> None:
    two = "".join(
        f"""
2026-02-01 * "Moved in by hand"
  Liabilities:Customer-Deposits:C1  -10.00 {currency}
    item: "OLD-1"
  Equity:Opening-Balances  10.00 {currency}
"""
        for currency in ("EUR", "USD")
    )
    with pytest.raises(Refused, match="OLD-1 means several credits"):
        shop(two).do(refund, "OLD-1", Asked(D("1.00")))


def test_credit_used_on_a_later_day_is_not_used_before(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("10.00"))
    books.do(allocate, "RC-2026-0001", "INV-1", on="2026-03-20")
    with pytest.raises(Refused, match="is used by entries dated after 2026-03-06"):
        books.do(refund, "RC-2026-0001", euro("1.00"), on="2026-03-06")


def test_item_settled_on_a_later_day_is_not_settled_before(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("119.00", "INV-1"), on="2026-03-20")
    with pytest.raises(Refused, match="INV-1 is settled by entries dated after 2026-03-06"):
        books.do(receipt, pay("1.00", "INV-1"), on="2026-03-06")


def test_a_credit_that_was_used_when_it_was_posted_is_used_up_not_unknown(shop: Open) -> None:
    books = shop(invoice("INV-1", "100.00") + invoice("INV-2", "50.00"))
    books.do(receipt, pay("100.00", "INV-1"))
    with pytest.raises(Refused, match="RC-2026-0001 is used up: all of it went to INV-1 when it was posted"):
        books.do(allocate, "RC-2026-0001", "INV-2")
    with pytest.raises(Refused, match="RC-2026-0001 is used up: all of it went to INV-1 when it was posted"):
        books.do(write_off, "RC-2026-0001", None, "small")


def test_what_used_up_a_credit_and_what_settled_an_item_is_named(shop: Open) -> None:
    books = shop(invoice("INV-1", "100.00") + invoice("INV-2", "50.00"))
    books.do(receipt, pay("100.00"))
    books.do(allocate, "RC-2026-0001", "INV-1")
    with pytest.raises(Refused, match="RC-2026-0001 is used up by AL-2026-0001; nothing is left"):
        books.do(allocate, "RC-2026-0001", "INV-2")
    books.do(receipt, pay("20.00"))
    with pytest.raises(Refused, match="INV-1 is settled by AL-2026-0001; nothing of it is open: see `o2c show INV-1`"):
        books.do(allocate, "RC-2026-0002", "INV-1")
    with pytest.raises(Refused, match="INV-1 is settled by AL-2026-0001"):
        books.do(write_off, "INV-1", None, "small")
