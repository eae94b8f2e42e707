"""What each kind of document says, in both languages, as text that a person can read in review.

`O2C_RENEW=1 pytest tests/rendering/documents/test_golden_pages.py` writes the files under `golden/` anew: read the
difference before you keep it. The layout is not in them; `test_pdf.py` reads real pages.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from o2c.dunning.reminding import asked
from o2c.model import names
from o2c.rendering import page
from o2c.rendering.account_sheet import Account
from o2c.rendering.account_sheet import activity_sheet
from o2c.rendering.account_sheet import open_items_sheet
from o2c.rendering.account_sheet import receipt_sheet
from o2c.rendering.account_sheet import reminder_sheet
from o2c.rendering.billing_sheet import billing_sheet
from o2c.rendering.einvoice import making
from o2c.rendering.goods_sheet import goods_sheet
from o2c.rendering.words import words
from o2c.shipped import DEMO_LEDGER
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from o2c.books import Books
    from o2c.rendering.sheet import Sheet
    from o2c.rendering.words import Words

GOLDEN = Path(__file__).parent / "golden"
RENEW = os.environ.get("O2C_RENEW") == "1"
CUSTOMER, DAY = "C0008", date(2026, 4, 30)
#: Has an open credit note beside what is overdue.
CREDITED = "C0005"
NUMBERS = {
    "order": "SO-2026-0002",
    "delivery": "DN-2026-0002",
    "invoice": "INV-2026-0002",
    "credit-note": "CN-2026-0001",
    "credit-note-of-paid": "CN-2026-0004",
    "receipt": "RC-2026-0002",
}
#: What stands between a piece of text and the next below or beside it.
_APART = {"br": "\n", "small": "\n", "b": ": "}
KINDS = (
    *NUMBERS,
    "credit-note-of-part-paid",
    "deposit-invoice",
    "open-items",
    "activity",
    "reminder-1",
    "reminder-2",
    "reminder-3",
    "reminder-credit",
)


def _sheet(books: Books, kind: str, said: Words) -> Sheet:
    if kind in NUMBERS:
        return _posted(books, NUMBERS[kind], said)
    if kind == "credit-note-of-part-paid":
        doc = books.facts.document("CN-2026-0004")
        (whole,) = doc.movements
        open_ = whole._replace(account="Assets:AR:C0016", item=doc.refers, amount=Decimal("-300.00"))
        parted = doc._replace(movements=(open_, whole._replace(amount=Decimal("-769.00"))))
        made = making.e_invoice(parted, books.master, books.facts.document(doc.refers))
        return billing_sheet(DEMO_LEDGER, books.master, parted, made, said)
    if kind == "deposit-invoice":
        doc = invoice(item("S19", "5000.00"), doc_type=names.DEPOSIT_INVOICE, doc_id="DI-2026-0001")
        return billing_sheet(DEMO_LEDGER, books.master, doc, making.e_invoice(doc, books.master), said)
    account = Account(DEMO_LEDGER, books.master, CUSTOMER, DAY, said, f"{CUSTOMER}-{kind}".upper())
    if kind == "activity":
        moved = [one for one in books.facts.moved if one.movement.account.endswith(f":{CUSTOMER}")]
        return activity_sheet(account, date(2026, 3, 1), moved)
    if kind == "reminder-credit":
        account = account._replace(customer=CREDITED)
        return reminder_sheet(account, asked(books, CREDITED, DAY), 1)
    items = books.open_items(DAY, CUSTOMER)
    return open_items_sheet(account, items) if kind == "open-items" else reminder_sheet(account, items, int(kind[-1]))


def _posted(books: Books, number: str, said: Words) -> Sheet:
    doc = books.facts.document(number)
    if doc.doc_type in making.KINDS:
        return billing_sheet(DEMO_LEDGER, books.master, doc, making.of_posted(books, number), said)
    if doc.doc_type == names.RECEIPT:
        return receipt_sheet(Account(DEMO_LEDGER, books.master, doc.customer, doc.date, said, number), doc)
    return goods_sheet(DEMO_LEDGER, books.master, doc, said)


def _read(content: str) -> str:
    """Read a page from top to bottom: a line for each paragraph and row of a table, cells apart by bars."""
    body = html.document_fromstring(content).find("body")
    assert body is not None
    lines = [_line(block) for block in body.iter("h1", "h2", "p", "tr", "figcaption", "div", "section")]
    return "\n".join(line for line in lines if line) + "\n"


def _line(block: HtmlElement) -> str:
    if block.tag == "tr":
        return " | ".join(_words(cell) for cell in block.iterchildren("th", "td")).rstrip()
    has_blocks = block.find("p") is not None or block.find("table") is not None or block.find("div") is not None
    return "" if has_blocks or block.find("figure") is not None else _words(block)


def _words(element: HtmlElement) -> str:
    said = (element.text or "") + "".join(
        f"{_APART.get(str(one.tag), '')}{_words(one)}{one.tail or ''}" for one in element
    )
    stacked = (" ".join(line.split()) for line in said.replace("\u00a0", " ").split("\n"))
    return " / ".join(line for line in stacked if line)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_says_what_was_read_and_agreed_to(demo: Books, kind: str, language: str) -> None:
    true = _read(page.html(DEMO_LEDGER, _sheet(demo, kind, words(DEMO_LEDGER, language))))
    file = GOLDEN / f"{kind}.{language}.txt"
    if RENEW:
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(true, "utf-8")
    assert file.read_text("utf-8") == true, f"{file.name} says something else; O2C_RENEW=1 writes it anew"


def test_there_is_no_page_that_nothing_draws() -> None:
    wanted = {f"{kind}.{language}.txt" for kind in KINDS for language in ("de", "en")}
    assert {file.name for file in GOLDEN.iterdir()} == wanted
