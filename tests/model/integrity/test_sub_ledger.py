"""The items are the balance of the customers' accounts."""

from __future__ import annotations

from typing import cast

from beancount.core import data

from o2c.model import integrity
from o2c.model.facts import Facts
from o2c.model.integrity.sheet import postings
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import RECEIPT
from tests.model.integrity.ledgers import by_hand
from tests.model.integrity.ledgers import entries_of
from tests.model.integrity.ledgers import only


def test_the_items_are_the_balance() -> None:
    entries = entries_of(INVOICE, RECEIPT)
    assert integrity.sub_ledger(Facts(entries).moved, entries) == []


def test_a_posting_without_an_item_shows_as_a_difference() -> None:
    entries = entries_of(INVOICE, by_hand(meta='text: "none"'))
    message = only(integrity.sub_ledger(Facts(entries).moved, entries))
    assert "sum to 226.00 EUR, its balance is 276.00 EUR, difference 50.00 EUR" in message


def test_what_a_plugin_changed_shows_as_a_difference() -> None:
    entries = entries_of(INVOICE)
    invoice = next(entry for entry in entries if isinstance(entry, data.Transaction))
    doubled = [
        posting._replace(units=posting.units._replace(number=posting.units.number * 2)) for posting in postings(invoice)
    ]
    after = [invoice._replace(postings=cast("list[data.Posting]", doubled))]
    assert "its balance is 452.00 EUR" in only(integrity.sub_ledger(Facts(entries).moved, after))
