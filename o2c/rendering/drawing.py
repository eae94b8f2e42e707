"""Draws a posted document: the sheet of its kind, as HTML and as PDF, invoices with their e-invoice inside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.model import names
from o2c.rendering import page
from o2c.rendering.account_sheet import Account
from o2c.rendering.account_sheet import receipt_sheet
from o2c.rendering.billing_sheet import billing_sheet
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import making
from o2c.rendering.goods_sheet import goods_sheet
from o2c.rendering.pdf import Attached
from o2c.rendering.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.rendering.sheet import Sheet

#: What customers receive on paper, by the type of the document.
DRAWN = (*making.KINDS, names.ORDER, names.DELIVERY, names.RECEIPT)


class Drawing(NamedTuple):
    """A document ready to be drawn: its number, HTML, the e-invoice to put inside, and what was not in the ledger."""

    number: str
    html: str
    attached: Attached | None = None
    remarks: tuple[str, ...] = ()


def drawing(root: Path, books: Books, number: str, *, preview: bool = False) -> Drawing:
    """Prepare a posted document, in the language of the customer.

    A preview is marked as such on every page. Raises NotFound, Refused for a document that is not drawn, for an invoice
    without lines, and for templates, words or a logo that are wrong.
    """
    master, facts = books.master, books.facts
    doc = facts.document(number)
    if doc.doc_type not in DRAWN:
        raise Refused(f"{number} is of type {doc.doc_type}; customers receive {', '.join(DRAWN)}")
    said = words(root, master.customer(doc.customer).language or "en")
    if doc.doc_type in making.KINDS:
        invoice = making.of_posted(books, number)
        sheet = billing_sheet(root, master, doc, invoice, said)
        page_, why = _html(root, sheet, preview=preview), making.without(doc, master.company.currency)
        if why:
            return Drawing(number, page_, None, (*invoice.remarks, f"{why}; the PDF has none inside"))
        attached = None if preview else Attached(cii.write(invoice), doc.date)
        return Drawing(number, page_, attached, invoice.remarks)
    if doc.doc_type == names.RECEIPT:
        _require_customer(doc)
        sheet = receipt_sheet(Account(root, master, doc.customer, doc.date, said, number), doc)
    else:
        sheet = goods_sheet(root, master, doc, said)
    return Drawing(number, _html(root, sheet, preview=preview))


def _html(root: Path, sheet: Sheet, *, preview: bool) -> str:
    return page.html(root, sheet._replace(preview=preview))


def _require_customer(doc: Document) -> None:
    if not doc.customer:
        raise Refused(f"{doc.doc_id} is money that nobody could name yet; there is no customer to write to")
