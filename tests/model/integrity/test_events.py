"""Notes name what they are about."""

from __future__ import annotations

from o2c.model import integrity
from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import facts_of
from tests.model.integrity.ledgers import only


def test_notes_about_documents_items_and_customers_are_right() -> None:
    note = '\n2026-01-11 note Assets:AR:C1 "said" #remark\n  subject: "{}"\n'
    assert integrity.events(facts_of(INVOICE, note.format("INV-2026-0001"), note.format("C1"))) == []
    assert "'INV-2026-0009', which is not in the books" in only(
        integrity.events(facts_of(INVOICE, note.format("INV-2026-0009"))),
    )
