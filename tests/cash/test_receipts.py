from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.bank import Terms
from o2c.cash.choosing import Use
from o2c.cash.receipts import Payment
from o2c.cash.receipts import receipt
from o2c.cash.reversals import reverse
from o2c.errors import NotFound
from o2c.errors import Refused
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.shop import moved_in

if TYPE_CHECKING:
    from collections.abc import Callable

    Open = Callable[[str], Shop]

D = Decimal


def pay(amount: str, *uses: str, customer: str = "C1", currency: str = "EUR", **more: object) -> Payment:
    """Describe a payment; a use is written ITEM or ITEM=AMOUNT."""
    named = [use.partition("=") for use in uses]
    return Payment(
        customer, D(amount), currency, tuple(Use(name, D(part) if part else None) for name, _, part in named), **more
    )


def test_without_a_word_about_its_use_the_money_stays_on_account(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    (doc,) = books.do(receipt, pay("119.00"))
    assert books.open("INV-1") == D("119.00")
    assert books.open("RC-2026-0001") == D("-119.00")
    assert books.balances()["Liabilities:Customer-Deposits:C1", "EUR"] == D("-119.00")
    assert (doc.doc_type, doc.payee, doc.narration) == ("receipt", "Customer C1", "Receipt RC-2026-0001")
    assert doc.tags == {"receipt"}


def test_exact_payment_settles_the_invoice_and_links_it(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    (doc,) = books.do(receipt, pay("119.00", "INV-1"))
    assert not books.open_items()
    assert doc.links == {"INV-1", "RC-2026-0001"}
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("119.00")


@pytest.mark.parametrize(("paid", "left", "credit"), [("118.99", "0.01", "0"), ("119.01", "0", "-0.01")])
def test_one_cent_short_stays_open_and_one_cent_over_stays_on_account(
    shop: Open, paid: str, left: str, credit: str
) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay(paid, "INV-1"))
    assert books.open("INV-1") == D(left)
    assert books.open("RC-2026-0001") == D(credit)


def test_money_is_used_in_the_order_asked(shop: Open) -> None:
    """Scenario BANK-01: 180 against A (100) and then B (150)."""
    books = shop(invoice("INV-A", "100.00") + invoice("INV-B", "150.00"))
    books.do(receipt, pay("180.00", "INV-A", "INV-B"))
    assert (books.open("INV-A"), books.open("INV-B")) == (D(0), D("70.00"))


def test_instalments_are_filled_oldest_due_first(shop: Open) -> None:
    """Scenario AR-01: 30 / 50 / 20, then 40 come in."""
    parts = (("2026-02-09", "30.00"), ("2026-03-11", "50.00"), ("2026-04-10", "20.00"))
    books = shop(invoice("INV-1", "100.00", instalments=parts))
    (doc,) = books.do(receipt, pay("40.00", "INV-1"))
    assert [books.open(f"INV-1.{number}") for number in (1, 2, 3)] == [D(0), D("40.00"), D("20.00")]
    assert doc.links == {"INV-1", "INV-1.1", "INV-1.2", "RC-2026-0001"}


def test_payer_may_say_which_instalment_it_pays(shop: Open) -> None:
    parts = (("2026-02-09", "30.00"), ("2026-03-11", "70.00"))
    books = shop(invoice("INV-1", "100.00", instalments=parts))
    books.do(receipt, pay("40.00", "INV-1.2"))
    assert [books.open(f"INV-1.{number}") for number in (1, 2)] == [D("30.00"), D("30.00")]


def test_document_and_its_instalment_named_together_are_not_counted_twice(shop: Open) -> None:
    parts = (("2026-02-09", "30.00"), ("2026-03-11", "70.00"))
    books = shop(invoice("INV-1", "100.00", instalments=parts))
    books.do(receipt, pay("100.00", "INV-1.2=10.00", "INV-1"))
    assert not books.open_items()


def test_fee_is_ours_and_the_customer_is_credited_in_full(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("119.00", "INV-1", terms=Terms(fee=D("4.50"))))
    assert books.open("INV-1") == 0
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("114.50")
    assert books.balances()["Expenses:Bank-Fees", "EUR"] == D("4.50")


def test_bank_account_may_be_given_by_its_name_or_by_account(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("1.00", terms=Terms(account="savings")))
    books.do(receipt, pay("2.00", terms=Terms(account="Assets:Bank:Savings")))
    assert books.balances()["Assets:Bank:Savings", "EUR"] == D("3.00")


@pytest.mark.parametrize(
    ("payment", "sentence"),
    [
        (pay("0.00"), "is not an amount of money that moves"),
        (pay("-5.00"), "is not an amount of money that moves"),
        (pay("10.00", "INV-1=0.00"), "is not an amount to settle"),
        (pay("10.00", "INV-1=-1.00"), "is not an amount to settle"),
        (pay("200.00", "INV-1=119.01"), "has 119.00 EUR open that can be used, less than 119.01 EUR"),
        (pay("10.00", "INV-1=10.01"), "10.01 EUR is more than the 10.00 EUR left of the receipt"),
        (pay("119.00", "INV-1", "INV-B"), "nothing is left of the receipt for it"),
        (pay("500.00", "INV-1", "INV-1"), "name it once"),
        (pay("10.00", "INV-1", currency="USD"), "never netted"),
        (pay("10.00", "INV-C2"), "belongs to C2, for whom C1 does not pay"),
        (pay("10.00", "INV-LATE"), "is dated 2026-03-20, after 2026-03-05; leave the money on account"),
        (pay("10.00", terms=Terms(fee=D("10.00"))), "not less than the amount"),
        (pay("10.00", terms=Terms(fee=D("-0.01"))), "is negative"),
        (
            pay("10.00", terms=Terms(account="Assets:Bank:Nowhere")),
            "add the line `2026-01-01 open Assets:Bank:Nowhere`",
        ),
        (pay("10.00", terms=Terms(account="nowhere")), "by its name in company.yaml"),
        (pay("10.00", terms=Terms(converted=D("9.00"))), "the amount is in EUR already"),
        (pay("10.00", currency="CHF"), "names no bank account for CHF"),
    ],
)
def test_what_is_not_right_is_refused_with_its_reason(shop: Open, payment: Payment, sentence: str) -> None:
    ledger = invoice("INV-1", "119.00") + invoice("INV-B", "50.00") + invoice("INV-C2", "50.00", customer="C2")
    books = shop(ledger + invoice("INV-LATE", "50.00", "2026-03-20"))
    with pytest.raises(Refused, match=sentence):
        books.do(receipt, payment)


@pytest.mark.parametrize(
    ("payment", "sentence"), [(pay("1.00", "INV-9"), "no item"), (pay("1.00", customer="C9"), "no customer")]
)
def test_unknown_items_and_customers_are_not_found(shop: Open, payment: Payment, sentence: str) -> None:
    with pytest.raises(NotFound, match=sentence):
        shop(invoice("INV-1", "119.00")).do(receipt, payment)


def test_settled_item_and_credit_cannot_be_paid(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("130.00", "INV-1"))
    with pytest.raises(Refused, match="INV-1 is settled"):
        books.do(receipt, pay("1.00", "INV-1"))
    with pytest.raises(Refused, match="RC-2026-0001 is a credit"):
        books.do(receipt, pay("1.00", "RC-2026-0001"))


def test_earlier_day_may_not_take_what_a_later_receipt_needs(shop: Open) -> None:
    books = shop(invoice("INV-1", "100.00"))
    books.do(receipt, pay("70.00", "INV-1"), on="2026-03-20")
    with pytest.raises(Refused, match=r"has 30\.00 EUR open that can be used"):
        books.do(receipt, pay("31.00", "INV-1=31.00"), on="2026-03-05")
    books.do(receipt, pay("100.00", "INV-1"), on="2026-03-05")
    assert books.open("INV-1") == 0
    assert books.open("RC-2026-0002") == D("-70.00")


def test_same_money_is_not_entered_twice_by_mistake(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00", reference="transfer 7"))
    with pytest.raises(Refused, match=r"RC-2026-0001 .* repeat with --again"):
        books.do(receipt, pay("10.00", reference="transfer 7"))
    books.do(receipt, pay("10.00", reference="transfer 8"))
    books.do(receipt, pay("10.01", reference="transfer 7"))
    books.do(receipt, pay("10.00", reference="transfer 7"), on="2026-03-06")
    books.do(receipt, pay("10.00", reference="transfer 7", again=True))
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("50.01")


def test_reversed_receipt_is_no_duplicate(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00", reference="transfer 7"))
    books.do(reverse, "RC-2026-0001")
    books.do(receipt, pay("10.00", reference="transfer 7"))
    assert books.open("RC-2026-0002") == D("-10.00")


def test_an_equal_payment_without_a_reference_is_entered_again_on_purpose_only(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    with pytest.raises(Refused, match=r"RC-2026-0001 .* neither with a reference; .* repeat with --again"):
        books.do(receipt, pay("10.00"))
    books.do(receipt, pay("10.00", again=True))
    assert books.balances()["Liabilities:Customer-Deposits:C1", "EUR"] == D("-20.00")


def test_a_part_payment_entered_twice_does_not_pay_twice(shop: Open) -> None:
    books = shop(invoice("INV-1", "119.00"))
    books.do(receipt, pay("10.00", "INV-1"))
    with pytest.raises(Refused, match="RC-2026-0001"):
        books.do(receipt, pay("10.00", "INV-1"))
    assert books.open("INV-1") == D("109.00")


def test_equal_payments_of_different_invoices_are_two(shop: Open) -> None:
    books = shop(invoice("INV-1", "10.00") + invoice("INV-2", "10.00"))
    books.do(receipt, pay("10.00", "INV-1"))
    books.do(receipt, pay("10.00", "INV-2"))
    assert not books.open_items()


def test_payments_that_differ_in_bank_day_amount_or_a_reference_are_two(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    books.do(receipt, pay("10.00", terms=Terms(account="savings")))
    books.do(receipt, pay("10.00"), on="2026-03-06")
    books.do(receipt, pay("10.01"))
    books.do(receipt, pay("10.00", reference="transfer 7"))
    books.do(receipt, pay("10.00", customer="C2"))
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("50.01")


def test_a_reversed_payment_without_a_reference_is_no_duplicate(shop: Open) -> None:
    books = shop("")
    books.do(receipt, pay("10.00"))
    books.do(reverse, "RC-2026-0001")
    books.do(receipt, pay("10.00"))
    assert books.open("RC-2026-0002") == D("-10.00")


def test_a_day_before_the_bank_account_opens_is_a_day_to_correct(shop: Open) -> None:
    with pytest.raises(Refused, match="Assets:Bank:Main is not open on 1999-01-01: it opens on 2026-01-01; correct"):
        shop("").do(receipt, pay("5.00"), on="1999-01-01")


def test_parent_pays_for_its_child_in_one_transfer(shop: Open) -> None:
    """Complaint 15; each document belongs to one customer, the bank sees one amount."""
    books = shop(invoice("INV-1", "100.00") + invoice("INV-KID", "50.00", customer="KID"))
    docs = books.do(receipt, pay("160.00", "INV-1", "INV-KID"))
    assert [doc.doc_type for doc in docs] == ["receipt", "allocation", "allocation"]
    assert [doc.customer for doc in docs] == ["C1", "C1", "KID"]
    assert books.open("INV-1") == books.open("INV-KID") == 0
    assert books.open("RC-2026-0001") == D("-10.00")
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("160.00")
    assert ("Liabilities:Unidentified-Receipts", "EUR") not in books.balances()


def test_child_does_not_pay_for_its_parent(shop: Open) -> None:
    with pytest.raises(Refused, match="belongs to C1, for whom KID does not pay"):
        shop(invoice("INV-1", "100.00")).do(receipt, pay("1.00", "INV-1", customer="KID"))


def test_items_moved_in_are_paid_like_all_others(shop: Open) -> None:
    books = shop(moved_in("OLD-7", "80.00"))
    books.do(receipt, pay("80.00", "OLD-7"))
    assert not books.open_items()
