"""Every invoice and credit note of the demonstration books, in both syntaxes: no findings, and the ledger's amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from o2c.books import load
from o2c.model import names
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.figures import figures
from o2c.rendering.einvoice.making import of_posted
from o2c.rendering.einvoice.verifying import verify_all
from o2c.starting import start_demo

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.rendering.einvoice.schematron import Schematron


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder: Path = tmp_path_factory.mktemp("demo") / "books"
    start_demo(folder)
    return load(folder)


def documents(books: Books) -> list[Document]:
    return books.facts.documents(names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE)


def test_no_rule_finds_anything(books: Books, running: Schematron) -> None:
    made = [of_posted(books, doc.doc_id) for doc in documents(books)]
    files = [(f"{one.number}.{name}", write(one)) for one in made for name, write in WRITERS.items()]
    assert len(files) > 200
    assert [str(finding) for findings in verify_all(files, running) for finding in findings] == []


WRITERS = {"cii": cii.write, "ubl": ubl.write}


@pytest.mark.parametrize("syntax", WRITERS)
def test_amounts_are_those_of_the_ledger_to_the_cent(books: Books, syntax: str) -> None:
    for doc in documents(books):
        side = 1 if doc.doc_type == names.CREDIT_NOTE else -1
        said = figures(etree.fromstring(WRITERS[syntax](of_posted(books, doc.doc_id))))
        moved = sum((m.amount for m in doc.movements), Decimal(0))
        assert said.sums["BT-115"] == said.sums["BT-112"] == -side * moved, doc.doc_id
        assert said.sums["BT-109"] == sum((tax.base.number or 0 for tax in doc.taxes), Decimal(0)), doc.doc_id
        if doc.currency == "EUR":
            assert [row.net for row in said.rows] == [side * line.amount for line in doc.lines], doc.doc_id
            assert said.sums["BT-110"] == side * sum((tax.amount for tax in doc.taxes), Decimal(0)), doc.doc_id
        assert (said.currency, len(said.rows)) == (doc.currency, len(doc.lines))


def test_the_demonstration_holds_every_kind_that_is_proved_here(books: Books) -> None:
    categories = {tax.category for doc in documents(books) for tax in doc.taxes}
    assert categories >= {"S", "K", "AE", "G", "O"}
    assert {doc.currency for doc in documents(books)} == {"EUR", "GBP", "USD"}
    assert any(len(doc.movements) > 1 for doc in documents(books))
    assert any(doc.fact("discount-until") for doc in documents(books))
