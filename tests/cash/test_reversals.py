from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.bank import Terms
from o2c.cash.receipts import receipt
from o2c.cash.refunds import refund
from o2c.cash.reversals import reverse
from o2c.cash.unallocations import unallocate
from o2c.cash.write_offs import write_off
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.errors import WrongUsage
from tests.cash import shop as fixtures
from tests.cash.shop import Shop
from tests.cash.shop import invoice
from tests.cash.shop import moved_in
from tests.cash.test_allocations import CREDIT_NOTE
from tests.cash.test_receipts import pay

if TYPE_CHECKING:
    from collections.abc import Callable

    Open = Callable[[str], Shop]

D = Decimal
INVOICE = invoice("INV-1", "119.00", net="100.00")
HAND = """
2026-02-10 * "Correction by hand"
  Assets:AR:C1  -1.00 EUR
    item: "INV-1"
  Expenses:Small
"""
ORDER = """
2026-01-05 * "Customer C1" "Order SO-1" #order ^SO-1
  doc-type: "order"
  doc-id: "SO-1"
  customer: "C1"
  currency: "EUR"
  Equity:Opening-Balances  0.00 EUR
    line: 1
    sku: "A1"
    qty: 10
    unit: "C62"
"""


def delivery(doc_id: str, quantity: str, day: str) -> str:
    return f"""
{day} * "Customer C1" "Delivery {doc_id}" #delivery ^{doc_id} ^SO-1
  doc-type: "delivery"
  doc-id: "{doc_id}"
  customer: "C1"
  currency: "EUR"
  refers: "SO-1"
  Equity:Opening-Balances  0.00 EUR
    line: 1
    sku: "A1"
    qty: {quantity}
    unit: "C62"
    order: "SO-1"
    order-line: 1
"""


def billed(quantity: str, last: str) -> str:
    bill = invoice("INV-1", "119.00", "2026-01-20", net="100.00")
    of_order = '    order: "SO-1"\n    order-line: 1\n'
    more = f'    line: 1\n    sku: "A1"\n    qty: {quantity}\n{of_order}    delivery: "{last}"\n'
    return bill.replace("    line: 1\n", more)


def test_reversed_invoice_leaves_no_trace_in_any_account_vat_included(shop: Open) -> None:
    books = shop(INVOICE)
    (doc,) = books.do(reverse, "INV-1")
    assert books.balances() == {}
    assert not books.open_items()
    assert (doc.doc_type, doc.refers, doc.fact("reverses")) == ("reversal", "INV-1", "invoice")
    assert str(doc.date) == "2026-03-05"
    (tax,) = doc.taxes
    assert (tax.amount, tax.base.number) == (D("19.00"), D("-100.00"))


def test_lines_are_reversed_with_their_quantities(shop: Open) -> None:
    books = shop(ORDER + delivery("DN-1", "4", "2026-01-15") + billed("4", "DN-1"))
    (doc,) = books.do(reverse, "INV-1")
    (line,) = doc.lines
    assert (line.quantity, line.order, line.order_line, line.delivery) == (D(-4), "SO-1", 1, "DN-1")


@pytest.mark.parametrize("paid", ["INV-1", ""])
def test_bounced_receipt_opens_what_it_paid(shop: Open, paid: str) -> None:
    books = shop(INVOICE)
    before, balances = books.open_items(), books.balances()
    books.do(receipt, pay("150.00", *([paid] if paid else []), terms=Terms(fee=D("2.00"))))
    books.do(reverse, "RC-2026-0001", on="2026-03-09")
    assert books.open_items() == before
    assert books.balances() == balances


def test_nothing_is_reversed_twice(shop: Open) -> None:
    books = shop(INVOICE)
    books.do(reverse, "INV-1")
    with pytest.raises(Refused, match="INV-1 was reversed by RV-2026-0001 on 2026-03-05 already"):
        books.do(reverse, "INV-1")
    with pytest.raises(Refused, match="RV-2026-0001 is a reversal"):
        books.do(reverse, "RV-2026-0001")


def test_paid_invoice_names_what_must_be_taken_back_first(shop: Open) -> None:
    books = shop(INVOICE)
    books.do(receipt, pay("50.00", "INV-1"))
    books.do(receipt, pay("20.00"))
    books.do(allocate, "RC-2026-0002", "INV-1")
    books.do(write_off, "INV-1", Asked(D("1.00")), "small")
    wanted = "o2c unallocate RC-2026-0001 --item INV-1; o2c unallocate AL-2026-0001; o2c reverse WO-2026-0001"
    with pytest.raises(Refused, match=wanted):
        books.do(reverse, "INV-1")
    books.do(unallocate, "RC-2026-0001", "INV-1")
    books.do(unallocate, "AL-2026-0001")
    books.do(reverse, "WO-2026-0001")
    books.do(reverse, "INV-1")
    assert books.open("INV-1") == 0
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("70.00")
    assert "Liabilities:VAT" not in {account for account, _ in books.balances()}


def test_entry_by_hand_is_named_by_its_place(shop: Open) -> None:
    with pytest.raises(Refused, match=r"the entry at shop:\d+, made by hand"):
        shop(INVOICE + HAND).do(reverse, "INV-1")


def test_credited_invoice_wants_its_credit_note_reversed_first(shop: Open) -> None:
    books = shop(INVOICE + CREDIT_NOTE)
    books.do(unallocate, "CN-1")
    with pytest.raises(Refused, match="take back first: o2c reverse CN-1"):
        books.do(reverse, "INV-1")
    (doc,) = books.do(reverse, "CN-1")
    assert doc.fact("invoice") == "INV-1"
    books.do(reverse, "INV-1")
    assert books.balances() == {}


def test_receipt_whose_credit_is_used_names_the_use(shop: Open) -> None:
    books = shop(INVOICE)
    books.do(receipt, pay("150.00"))
    books.do(allocate, "RC-2026-0001", "INV-1")
    books.do(refund, "RC-2026-0001", Asked(D("31.00")))
    with pytest.raises(Refused, match="o2c unallocate AL-2026-0001; o2c reverse RF-2026-0001"):
        books.do(reverse, "RC-2026-0001")
    books.do(reverse, "RF-2026-0001")
    books.do(reverse, "AL-2026-0001")
    books.do(reverse, "RC-2026-0001")
    assert books.open("INV-1") == D("119.00")
    assert ("Assets:Bank:Main", "EUR") not in books.balances()


def test_receipt_taken_back_before_is_reversed_whole(shop: Open) -> None:
    books = shop(INVOICE)
    before, balances = books.open_items(), books.balances()
    books.do(receipt, pay("150.00", "INV-1"))
    books.do(unallocate, "RC-2026-0001")
    books.do(reverse, "RC-2026-0001")
    assert books.open_items() == before
    assert books.balances() == balances


def test_order_is_cancelled_not_reversed(shop: Open) -> None:
    with pytest.raises(Refused, match="o2c order cancel SO-1"):
        shop(ORDER).do(reverse, "SO-1")


def test_delivery_is_reversed_until_it_is_invoiced(shop: Open) -> None:
    books = shop(ORDER + delivery("DN-1", "4", "2026-01-15"))
    (doc,) = books.do(reverse, "DN-1")
    assert doc.lines[0].quantity == D(-4)
    billed_books = shop(ORDER + delivery("DN-1", "4", "2026-01-15") + billed("4", "DN-1"))
    with pytest.raises(Refused, match="take back first: o2c reverse INV-1"):
        billed_books.do(reverse, "DN-1")
    billed_books.do(reverse, "INV-1")
    billed_books.do(reverse, "DN-1")


def test_first_of_two_deliveries_on_one_invoice_is_not_reversed(shop: Open) -> None:
    """An invoice line names only the last delivery; the quantities tell the rest."""
    two = delivery("DN-1", "4", "2026-01-15") + delivery("DN-2", "6", "2026-01-18")
    with pytest.raises(Refused, match="take back first: o2c reverse INV-1"):
        shop(ORDER + two + billed("10", "DN-2")).do(reverse, "DN-1")


def test_item_moved_in_is_reversed_like_a_document(shop: Open) -> None:
    books = shop(moved_in("OLD-1", "10.00"))
    books.do(reverse, "OLD-1")
    assert books.balances() == {}


def test_instalments_are_reversed_together(shop: Open) -> None:
    books = shop(invoice("INV-1", "100.00", instalments=(("2026-02-09", "30.00"), ("2026-03-11", "70.00"))))
    books.do(receipt, pay("10.00", "INV-1.2"))
    with pytest.raises(Refused, match=r"o2c unallocate RC-2026-0001 --item INV-1\.2"):
        books.do(reverse, "INV-1")
    books.do(unallocate, "RC-2026-0001")
    books.do(reverse, "INV-1")
    assert books.open("INV-1.1") == books.open("INV-1.2") == 0


def test_day_before_the_document_and_between_its_uses_is_refused(shop: Open) -> None:
    books = shop(INVOICE)
    with pytest.raises(Refused, match="dated 2026-01-10; it cannot be taken back on 2026-01-09"):
        books.do(reverse, "INV-1", on="2026-01-09")
    books.do(receipt, pay("10.00", "INV-1"), on="2026-03-10")
    books.do(unallocate, "RC-2026-0001", on="2026-03-12")
    with pytest.raises(Refused, match="INV-1 is moved again on 2026-03-12; use --date 2026-03-12 or later"):
        books.do(reverse, "INV-1", on="2026-03-05")


def test_reason_is_needed(shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixtures, "ACT", fixtures.ACT._replace(why=" "))
    with pytest.raises(WrongUsage, match="--reason"):
        shop(INVOICE).do(reverse, "INV-1")


def test_unknown_document_is_not_found(shop: Open) -> None:
    with pytest.raises(NotFound, match="INV-9"):
        shop(INVOICE).do(reverse, "INV-9")
