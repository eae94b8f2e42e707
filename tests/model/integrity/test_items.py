"""Postings on customers' accounts name their item, and items belong to one customer."""

from __future__ import annotations

import pytest

from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import by_hand
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


def test_an_entry_by_hand_with_an_item_is_right() -> None:
    assert quick("items", by_hand()) == []


@pytest.mark.parametrize("meta", ['text: "none"', "item: 4711"])
def test_a_posting_without_an_item_is_found(meta: str) -> None:
    assert "names no item" in only(quick("items", by_hand(meta=meta)))


def test_an_item_with_an_illegal_name_is_found() -> None:
    assert "illegal characters" in only(quick("items", by_hand(meta='item: "x 1"')))


def test_a_posting_on_the_control_account_itself_is_found() -> None:
    assert "no customer's account" in only(quick("items", by_hand(account="Assets:AR")))


def test_a_document_of_another_customer_than_its_account_is_found() -> None:
    assert "says customer 'C2' but posts to Assets:AR:C1" in only(
        quick("items", by_hand(header='customer: "C2"')),
    )


def test_a_document_that_names_no_customer_is_found() -> None:
    findings = quick("items", INVOICE.replace('  customer: "C1"\n', ""))
    assert "says customer ''" in only(findings)


def test_money_on_the_item_of_another_customer_is_found() -> None:
    text = by_hand(account="Assets:AR:C2", meta='item: "INV-2026-0001"')
    assert "belongs to C1, not to C2" in only(quick("items", INVOICE, text))


def test_an_instalment_belongs_to_the_customer_of_its_document() -> None:
    text = by_hand(account="Assets:AR:C2", meta='item: "INV-2026-0001.2"')
    assert "belongs to C1" in only(quick("items", INVOICE, text))
