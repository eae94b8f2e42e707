"""Documents that are only proposed are numbered NEW-1, NEW-2, and get their true numbers in every place when posted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c import proposals
from o2c.errors import Refused
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.proposals import Part
from o2c.proposals import numbers
from tests.proposals.ask import FIRST
from tests.proposals.ask import bob
from tests.proposals.ask import proposed

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

DAY = date(2026, 3, 2)


def test_each_line_gets_its_own_number_although_the_producer_drew_the_same_for_all(shop: Shop) -> None:
    made = proposed(shop.root, "INV-2026-0001", "INV-2026-0002")
    assert [entry.doc_id for line in made.lines for entry in line.entries] == ["NEW-1", "NEW-2"]  # type: ignore[union-attr]  # documents
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    assert shop.numbers("write-off") == ["WO-2026-0001", "WO-2026-0002"]
    text = shop.journal.read_text()
    assert "NEW-" not in text
    assert "Write-off WO-2026-0002: INV-2026-0002" in text
    assert "^WO-2026-0002" in text


def test_the_number_is_drawn_when_it_is_posted_not_when_it_is_proposed(shop: Shop) -> None:
    proposed(shop.root, "INV-2026-0001")
    shop.did("write-off", "INV-2026-0002", "1.00", "--reason", "small-difference")
    bob(shop, "proposal", "approve", FIRST)
    assert shop.did("proposal", "post", FIRST).startswith("WO-2026-0002")
    shop.did("check", "numbering")


DOCUMENT = Document(
    "fee", "NEW-1", DAY, "C1", "EUR", "NEW-1 Ltd", "Fee NEW-1 on NEW-1.2, not ANEW-1 nor NEW-12",
    movements=(Movement("Assets:AR:C1", "NEW-1.2", Decimal(1), "EUR"),),
    others=(Other("Income:Fees", Decimal(-1), "EUR", None, (("on-item", "NEW-1"), ("text", "about NEW-1"))),),
    refers="NEW-2", reference="NEW-1", act=Act(why="NEW-1"), links=frozenset({"NEW-1", "INV-1"}),
)  # fmt: skip


def test_numbers_are_replaced_where_they_are_numbers_and_never_in_words_of_others() -> None:
    got = numbers.renamed(DOCUMENT, {"NEW-1": "FE-1", "NEW-2": "FE-2"})
    assert isinstance(got, Document)
    assert (got.doc_id, got.refers, got.links) == ("FE-1", "FE-2", frozenset({"FE-1", "INV-1"}))
    assert got.narration == "Fee FE-1 on FE-1.2, not ANEW-1 nor NEW-12"
    assert got.movements[0].item == "FE-1.2"
    assert dict(got.others[0].extra) == {"on-item": "FE-1", "text": "about NEW-1"}
    assert (got.payee, got.reference, got.act.why) == ("NEW-1 Ltd", "NEW-1", "NEW-1")


def test_notes_are_renamed_with_their_document() -> None:
    note = Event("remark", DAY, "NEW-1", "C1", comment="See NEW-1", links=frozenset({"NEW-1"}))
    got = numbers.renamed(note, {"NEW-1": "FE-1"})
    assert isinstance(got, Event)
    assert (got.subject, got.comment, got.links) == ("FE-1", "See FE-1", frozenset({"FE-1"}))


def test_a_document_without_a_series_is_refused_with_what_to_add(shop: Shop) -> None:
    fee = DOCUMENT._replace(
        doc_id="NEW-1", refers="", narration="Fee", links=frozenset(), extra=(), reference="",
        movements=(Movement("Assets:AR:C1", "NEW-1", Decimal(1), "EUR"),),
        others=(Other("Income:Sales", Decimal(-1), "EUR"),),
    )  # fmt: skip
    opened = books.opened(shop.root)
    act = Act("ann", "2026-03-02T09:00:00Z", "fee")
    proposals.propose(shop.root, opened, "fees", DAY, act, [Part((fee,))], accepted=True)
    with pytest.raises(Refused, match=r"there is no series for fee; add it to `numbering` in company.yaml"):
        proposals.post(shop.root, FIRST, act, DAY)


def test_a_lot_in_foreign_money_is_proposed_and_posted_at_its_own_cost(shop: Shop) -> None:
    shop.order("{customer: US1, lines: [{sku: P-1, quantity: 10}]}", "--confirm")
    shop.did("deliver", "--all")
    shop.did("invoice", "create", "SO-2026-0004")
    invoice = shop.numbers("invoice")[-1]
    answer = shop.run("write-off", invoice, "--reason", "bad-debt", "--keep-vat")
    assert "write-off over 100.00 EUR for US1 in 2026-03 needs approval" in answer.err
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    posted = next(entry for entry in shop.loaded() if entry.meta.get("doc-type") == "write-off")
    assert [str(posting.units) for posting in posted.postings if posting.cost] == ["-120.00 USD"]
    shop.did("check")
