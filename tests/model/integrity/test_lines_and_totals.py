"""Lines, taxes and totals of a document agree to the cent."""

from __future__ import annotations

import pytest

from tests.model.integrity.ledgers import CREDIT_NOTE
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-19.00 EUR", "-18.99 EUR", "but 19 % of 100.00 EUR is 19.00 EUR"),
        ("tax-rate: 19", "tax-rate: 16", "but 16 % of 100.00 EUR is 16.00 EUR"),
        ("tax-base: 100.00 EUR\n    tax-rate: 19", "tax-base: 100.00 EUR", "needs `tax-base"),
        ("line: 1", "text: 1", "no line has it"),
        ('qty: 10\n    tax-code: "DE19"', "qty: 10", "tax code (none)"),
        ("-100.00 EUR\n    line: 2", "-90.00 EUR\n    line: 2", "sum to 90.00 EUR, its tax base says 100.00 EUR"),
        ("226.00 EUR", "225.00 EUR", "lines and taxes sum to 226.00 EUR, the customer's account moves by 225.00 EUR"),
    ],
)
def test_a_cent_too_little_is_found(old: str, new: str, said: str) -> None:
    assert old in INVOICE
    messages = [finding.message for finding in quick("lines-and-totals", INVOICE.replace(old, new))]
    assert any(said in message for message in messages), messages


def test_half_a_cent_of_tax_goes_up() -> None:
    """25 % of 0.50 is 0.125, which half even would make 0.12."""
    text = """
    2026-01-10 * "Invoice"
      doc-type: "invoice"
      doc-id: "I"
      customer: "C1"
      currency: "EUR"
      Assets:AR:C1  0.62 EUR
        item: "I"
      Income:Sales  -0.50 EUR
        line: 1
        tax-code: "A"
      Liabilities:Tax:DE19  -0.12 EUR
        tax-code: "A"
        tax-base: 0.50 EUR
        tax-rate: 25
    """
    assert "is 0.13 EUR" in only(quick("lines-and-totals", text))
    assert quick("lines-and-totals", text.replace("0.62", "0.63").replace("-0.12", "-0.13")) == []


def test_a_credit_note_is_read_as_the_customer_reads_it() -> None:
    assert quick("lines-and-totals", INVOICE, CREDIT_NOTE) == []
    negative = CREDIT_NOTE.replace("tax-base: 50.00", "tax-base: -50.00")
    assert any("positive as the customer reads" in finding.message for finding in quick("lines-and-totals", negative))


ODD = """
2026-01-10 * "Invoice of two lines of 0.50 at 25 %: 0.25 tax; half of it twice would be 0.13 + 0.13"
  doc-type: "invoice"
  doc-id: "I"
  customer: "C1"
  currency: "EUR"
  Assets:AR:C1  1.25 EUR
    item: "I"
  Income:Sales  -1.00 EUR
    line: 1
    tax-code: "A"
  Liabilities:Tax:DE19  -0.25 EUR
    tax-code: "A"
    tax-base: 1.00 EUR
    tax-rate: 25
"""


def half_credit(number: str, tax: str, gross: str) -> str:
    return f"""
2026-01-1{number} * "Credit note"
  doc-type: "credit-note"
  doc-id: "CN-{number}"
  customer: "C1"
  currency: "EUR"
  refers: "I"
  Assets:AR:C1  -{gross} EUR
    item: "I"
  Income:Sales  0.50 EUR
    line: 1
    tax-code: "A"
  Liabilities:Tax:DE19  {tax} EUR
    tax-code: "A"
    tax-base: 0.50 EUR
    tax-rate: 25
"""


def test_the_last_credit_note_gives_back_the_odd_cent() -> None:
    first = half_credit("1", "0.13", "0.63")
    assert quick("lines-and-totals", ODD, first, half_credit("2", "0.12", "0.62")) == []
    assert "tax A is 0.12 EUR" in only(quick("lines-and-totals", ODD, half_credit("2", "0.12", "0.62")))
    assert "tax A is 0.11 EUR" in only(quick("lines-and-totals", ODD, first, half_credit("2", "0.11", "0.61")))


def test_a_credit_note_that_was_reversed_gives_nothing_back() -> None:
    first = half_credit("1", "0.13", "0.63")
    undo = first.replace("2026-01-11", "2026-01-12").replace('doc-type: "credit-note"', 'doc-type: "reversal"')
    undo = undo.replace("CN-1", "RV-1").replace(
        'refers: "I"', 'refers: "CN-1"\n  reverses: "credit-note"\n  invoice: "I"'
    )
    for old, new in (("-0.63", "0.63"), (" 0.50 EUR", " -0.50 EUR"), (" 0.13", " -0.13")):
        undo = undo.replace(old, new)
    last = half_credit("3", "0.12", "0.62")
    assert "tax A is 0.12 EUR" in only(quick("lines-and-totals", ODD, first, undo, last))


FOREIGN = """
2026-01-10 * "Invoice"
  doc-type: "invoice"
  doc-id: "INV-USD"
  customer: "C1"
  currency: "USD"
  Assets:AR:C1  1190.00 USD {{1094.80 EUR, "INV-USD"}}
    item: "INV-USD"
  Income:Sales  -920.00 EUR
    line: 1
    net: 1000.00 USD
    tax-code: "DE19"
  Liabilities:Tax:DE19  -174.80 EUR
    tax-code: "DE19"
    tax-base: 1000.00 USD
    tax-rate: 19
    tax-amount: 190.00 USD
"""


def test_foreign_invoices_are_added_up_in_their_own_currency() -> None:
    assert quick("lines-and-totals", FOREIGN) == []
    findings = quick("lines-and-totals", FOREIGN.replace(" 190.00 USD", " 189.99 USD"))
    assert ["tax DE19 is 189.99 USD" in findings[0].message, "sum to 1189.99 USD" in findings[1].message] == [
        True,
        True,
    ]


def test_a_foreign_invoice_without_tax_says_so_with_zero() -> None:
    export = FOREIGN.replace("1190.00 USD {{1094.80", "1000.00 USD {{920.00").replace("-174.80", "0.00")
    export = export.replace("tax-rate: 19", "tax-rate: 0").replace("190.00 USD", "0.00 USD")
    assert quick("lines-and-totals", export) == []
    assert "tax-amount" in only(quick("lines-and-totals", export.replace("    tax-amount: 0.00 USD\n", "")))


def test_a_foreign_line_without_its_net_is_found() -> None:
    assert "no net in USD" in only(quick("lines-and-totals", FOREIGN.replace("    net: 1000.00 USD\n", "")))
