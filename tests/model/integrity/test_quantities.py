"""No more is delivered, invoiced or credited than there is."""

from __future__ import annotations

from decimal import Decimal

from o2c.model import integrity
from tests.model.integrity.ledgers import CREDIT_NOTE
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import facts_of
from tests.model.integrity.ledgers import only

ORDER = """
2026-01-05 * "Order"
  doc-type: "order"
  doc-id: "SO-1"
  customer: "C1"
  Income:Sales  0.00 EUR
    line: 1
    qty: 10
"""


def step(doc_type: str, number: str, quantity: str, more: str = "") -> str:
    return f"""
2026-01-0{6 if doc_type == "delivery" else 7} * "{doc_type}"
  doc-type: "{doc_type}"
  doc-id: "{number}"
  customer: "C1"
  Income:Sales  0.00 EUR
    line: 1
    qty: {quantity}
    order: "SO-1"
    order-line: 1
    {more or 'text: "x"'}
"""


def test_deliveries_and_invoices_up_to_the_order_are_right() -> None:
    texts = (ORDER, step("delivery", "DN-1", "4"), step("delivery", "DN-2", "6"), step("invoice", "INV-1", "10"))
    assert integrity.quantities(facts_of(*texts)) == []


def test_more_delivered_than_ordered_is_found_unless_the_policy_allows_it() -> None:
    facts = facts_of(ORDER, step("delivery", "DN-1", "4"), step("delivery", "DN-2", "7"))
    assert "DN-2 line 1 11 delivered of order SO-1 line 1, but only 10 ordered" in only(integrity.quantities(facts))
    assert integrity.quantities(facts, Decimal(10)) == []


def test_more_invoiced_than_delivered_is_found_where_the_order_says_so() -> None:
    by_delivery = ORDER.replace('doc-id: "SO-1"', 'doc-id: "SO-1"\n  invoicing: "delivery"')
    texts = (by_delivery, step("delivery", "DN-1", "4"), step("invoice", "INV-1", "5", 'delivery: "DN-1"'))
    assert "5 invoiced of order SO-1 line 1, but only 4 delivered" in only(integrity.quantities(facts_of(*texts)))
    assert integrity.quantities(facts_of(ORDER, *texts[1:])) == []


def test_more_invoiced_than_ordered_is_found() -> None:
    assert "but only 10 ordered" in only(integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "11"))))


def test_a_reversed_invoice_may_be_written_again() -> None:
    again = step("invoice", "INV-2", "10").replace("2026-01-07", "2026-01-09")
    undo = step("reversal", "RV-1", "-10").replace(
        '  doc-type: "reversal"', '  doc-type: "reversal"\n  reverses: "invoice"'
    )
    assert integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "10"), undo, again)) == []
    assert len(integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "10"), again))) == 1


def test_a_line_that_names_an_unknown_order_is_found() -> None:
    assert "names the order SO-1, which is not in the books" in only(
        integrity.quantities(facts_of(step("delivery", "DN-1", "1"))),
    )


def test_more_credited_than_the_line_has_is_found() -> None:
    second = CREDIT_NOTE.replace("CN-2026-0001", "CN-2026-0002")
    third = CREDIT_NOTE.replace("CN-2026-0001", "CN-2026-0003")
    assert integrity.quantities(facts_of(INVOICE, CREDIT_NOTE, second)) == []
    message = only(integrity.quantities(facts_of(INVOICE, CREDIT_NOTE, second, third)))
    assert "CN-2026-0003 line 1 credits 50.00 EUR more than line 1 of INV-2026-0001 has" in message


def test_a_credit_of_a_line_that_is_not_there_is_found() -> None:
    text = CREDIT_NOTE.replace("invoice-line: 1", "invoice-line: 9")
    assert "has no such line" in only(integrity.quantities(facts_of(INVOICE, text)))
