"""Documents without numbers, numbers used twice, and types that are not known."""

from __future__ import annotations

import re

import pytest

from o2c.model import integrity
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import RECEIPT
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


@pytest.mark.parametrize("name", integrity.QUICK)
def test_right_books_give_no_finding(name: str) -> None:
    assert quick(name, INVOICE, RECEIPT) == []


def test_a_document_without_a_number_is_found() -> None:
    assert "has no number" in only(quick("document-numbers", INVOICE.replace('  doc-id: "INV-2026-0001"\n', "")))


def test_a_number_without_quotes_is_no_number() -> None:
    text = INVOICE.replace('doc-id: "INV-2026-0001"', "doc-id: 4711")
    assert "in quotes" in only(quick("document-numbers", text))


def test_a_number_used_twice_is_found_with_the_place_of_the_first() -> None:
    message = only(quick("document-numbers", INVOICE, INVOICE))
    assert re.search(r"INV-2026-0001 is used already at .*:\d+", message)


def test_versions_of_an_order_share_their_number() -> None:
    order = """
    2026-01-02 * "Order"
      doc-type: "order"
      doc-id: "SO-1"
      customer: "C1"
      Income:Sales  0.00 EUR
        line: 1
    """
    second = order.replace('doc-id: "SO-1"', 'doc-id: "SO-1"\n      version: 2')
    assert quick("document-numbers", order, second) == []
    assert "used already" in only(quick("document-numbers", order, second, second))


def test_another_type_cannot_be_a_version() -> None:
    other = INVOICE.replace('doc-type: "invoice"', 'doc-type: "receipt"\n  version: 2')
    assert "belongs to the invoice" in only(quick("document-numbers", INVOICE, other))


def test_illegal_characters_in_a_number_are_found() -> None:
    text = INVOICE.replace('doc-id: "INV-2026-0001"', 'doc-id: "INV/../1"')
    assert "illegal characters" in only(quick("document-numbers", text))


@pytest.mark.parametrize("line", ['doc-type: "invoise"', 'other: "x"'])
def test_unknown_and_missing_types_are_found(line: str) -> None:
    assert "doc-type" in only(quick("document-numbers", INVOICE.replace('doc-type: "invoice"', line)))


def test_a_document_of_two_customers_is_found() -> None:
    text = """
    2026-01-10 * "Both"
      doc-type: "allocation"
      doc-id: "AL-1"
      customer: "C1"
      Assets:AR:C1  10.00 EUR
        item: "A"
      Assets:AR:C2  -10.00 EUR
        item: "B"
    """
    assert "C1 and C2" in only(quick("document-numbers", text))
