"""What a document refers to is there, and a reversal undoes exactly its document."""

from __future__ import annotations

from tests.model.integrity.ledgers import CREDIT_NOTE
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import RECEIPT
from tests.model.integrity.ledgers import by_hand
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


def reversal(number: str, refers: str, amount: str = "-226.00") -> str:
    return f"""
2026-01-15 * "Reversal"
  doc-type: "reversal"
  doc-id: "{number}"
  customer: "C1"
  refers: "{refers}"
  Assets:AR:C1            {amount} EUR
    item: "INV-2026-0001"
  Income:Sales            200.00 EUR
  Liabilities:Tax:DE19     19.00 EUR
  Liabilities:Tax:DE07      7.00 EUR
"""


def test_a_reversal_that_undoes_its_document_is_right() -> None:
    assert quick("references", INVOICE, reversal("RV-1", "INV-2026-0001")) == []


def test_a_reversal_that_leaves_something_is_found() -> None:
    message = only(quick("references", INVOICE, reversal("RV-1", "INV-2026-0001", "-225.00")))
    assert "leaves 1.00 EUR of INV-2026-0001 on the accounts of C1" in message


def test_a_reversal_undoes_a_document_with_what_was_taken_back_of_it() -> None:
    """The receipt realised a gain; taking it back gave the gain back; the reversal has only the rest to undo."""
    receipt = """
    2026-02-01 * "Receipt"
      doc-type: "receipt"
      doc-id: "RC-1"
      customer: "C1"
      Assets:Bank  100.00 EUR
      Income:FX  -10.00 EUR
      Assets:AR:C1  -90.00 EUR
        item: "INV-2026-0001"
    """
    back = """
    2026-02-02 * "Taken back"
      doc-type: "allocation"
      doc-id: "AL-1"
      customer: "C1"
      refers: "RC-1"
      undoes: TRUE
      Income:FX  10.00 EUR
      Assets:AR:C1  90.00 EUR
        item: "INV-2026-0001"
      Liabilities:Customer-Deposits:C1  -100.00 EUR
        item: "RC-1"
    """
    undo = """
    2026-02-03 * "Reversal"
      doc-type: "reversal"
      doc-id: "RV-1"
      customer: "C1"
      refers: "RC-1"
      Liabilities:Customer-Deposits:C1  100.00 EUR
        item: "RC-1"
      Assets:Bank  -100.00 EUR
    """
    assert quick("references", INVOICE, receipt, back, undo) == []
    assert len(quick("references", INVOICE, receipt, undo)) == 2


def test_a_second_reversal_is_found() -> None:
    texts = (INVOICE, reversal("RV-1", "INV-2026-0001"), reversal("RV-2", "INV-2026-0001"))
    assert "reversed already" in only(quick("references", *texts))


def test_a_reversal_of_a_reversal_is_found() -> None:
    texts = (INVOICE, reversal("RV-1", "INV-2026-0001"), reversal("RV-2", "RV-1"))
    assert "reverses a reversal" in only(quick("references", *texts))


def test_a_reversal_of_nothing_is_found() -> None:
    text = reversal("RV-1", "X").replace('  refers: "X"\n', "")
    assert "does not say what it reverses" in only(quick("references", INVOICE, text))


def test_a_reference_to_a_document_that_is_not_there_is_found() -> None:
    text = CREDIT_NOTE.replace('refers: "INV-2026-0001"', 'refers: "INV-2026-0009"')
    assert "'INV-2026-0009', which is not in the books" in only(quick("references", INVOICE, text))


def test_a_receipt_for_an_item_that_is_not_there_is_found() -> None:
    assert "which no entry opened" in only(quick("references", RECEIPT))
    assert quick("references", RECEIPT, by_hand(meta='item: "INV-2026-0001"')) == []
