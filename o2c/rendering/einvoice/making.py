"""Makes the electronic invoice out of a posted document: its own frozen facts first, master data where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.master import placeholders
from o2c.model import money
from o2c.model import names
from o2c.rendering.einvoice import en16931
from o2c.rendering.einvoice import endpoints
from o2c.rendering.einvoice import lines as made
from o2c.rendering.einvoice import parties
from o2c.rendering.einvoice import paying
from o2c.rendering.einvoice import taxes
from o2c.rendering.einvoice.en16931 import EInvoice
from o2c.rendering.einvoice.en16931 import Preceding
from o2c.rendering.einvoice.totals import totals

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.rendering.einvoice.en16931 import Endpoint
    from o2c.rendering.einvoice.en16931 import Totals

KINDS = {
    names.INVOICE: en16931.INVOICE,
    names.CREDIT_NOTE: en16931.CREDIT_NOTE,
    names.DEPOSIT_INVOICE: en16931.PREPAYMENT_INVOICE,
}
#: Amounts of EN 16931 have at most so many decimals (BR-DEC-01 to BR-DEC-28).
_DECIMALS = 2
#: Supplies within the Union: the invoice must say where the goods went (BR-IC-12).
INTRA_COMMUNITY = "K"


def of_posted(books: Books, doc_id: str) -> EInvoice:
    """Make the e-invoice of a document in the books; raises NotFound, and Refused as `e_invoice` does."""
    doc = books.facts.document(doc_id)
    return e_invoice(doc, books.master, _credited(books, doc))


def without(doc: Document, books_currency: str) -> str:
    """Say why no e-invoice can be made of an invoice or credit note, whose PDF then goes without; "" where one can.

    Its amounts, and its tax in the currency of the books, would need more decimals than the norm has.
    """
    if doc.doc_type not in KINDS:
        return ""
    told = taxes.in_books_currency(doc, books_currency)[0] or doc.currency
    over = [currency for currency in dict.fromkeys((doc.currency, told)) if money.decimals(currency) > _DECIMALS]
    if not over:
        return ""
    return f"an e-invoice (EN 16931) has amounts of two decimals, {over[0]} has {money.decimals(over[0])}"


def _credited(books: Books, doc: Document) -> Document | None:
    if doc.doc_type != names.CREDIT_NOTE or doc.refers not in books.facts.versions:
        return None
    invoice = books.facts.document(doc.refers)
    return invoice if invoice.doc_type in KINDS else None


def e_invoice(doc: Document, master: Master, invoice: Document | None = None) -> EInvoice:
    """Make the invoice of EN 16931 that says what the document says, to the cent.

    `invoice` is the document that a credit note corrects: day of supply and place of delivery come from there. Raises
    Refused for documents that are no invoices, that have no lines, or that the norm cannot express, and for a company
    that nobody has filled in yet.
    """
    _require_expressible(doc)
    placeholders.require_own(master.company, *master.files)
    rates = taxes.rates(doc)
    lines, adjustments = made.lines(doc, rates)
    breakdown = taxes.breakdown(doc, master.taxes)
    buyer = parties.buyer(doc, master)
    peppol = endpoints.is_peppol(buyer.party.endpoint)
    seller = parties.seller(doc, master, peppol=peppol)
    outside = any(tax.rate.category == taxes.OUTSIDE for tax in breakdown)
    sums = totals(doc, master.company.accounts, lines, adjustments, breakdown)
    _require_explained(doc, sums)
    tax_currency, tax_in_it = taxes.in_books_currency(doc, master.company.currency)
    origin = doc if invoice is None else invoice
    return EInvoice(
        number=doc.doc_id,
        issued=doc.date,
        kind=KINDS[doc.doc_type],
        currency=doc.currency,
        seller=seller.party._replace(vat_id="") if outside else seller.party,
        buyer=buyer.party._replace(vat_id="") if outside else buyer.party,
        lines=lines,
        taxes=breakdown,
        totals=sums,
        payment=paying.payment(doc, master.company, sums.due),
        delivery=parties.delivery(
            origin, master, needs_country=any(tax.rate.category == INTRA_COMMUNITY for tax in breakdown)
        ),
        adjustments=adjustments,
        preceding=_preceding(doc, invoice),
        notes=_notes(doc, master),
        buyer_reference=_buyer_reference(buyer.party.endpoint),
        purchase_order=doc.reference,
        sales_order=origin.refers if origin.doc_type != names.CREDIT_NOTE else "",
        despatch=_despatch(origin),
        tax_currency=tax_currency,
        tax_in_it=tax_in_it,
        peppol=peppol,
        remarks=(*seller.remarks, *buyer.remarks, *_mixture(doc)),
    )


def _mixture(doc: Document) -> tuple[str, ...]:
    if not taxes.is_mixed(doc):
        return ()
    return (
        "what is outside the scope of VAT is told as exempt, as EN 16931 (BR-O-11) lets it stand beside nothing else",
    )


def _require_expressible(doc: Document) -> None:
    if doc.doc_type not in KINDS:
        raise Refused(f"{doc.doc_id} is of type {doc.doc_type}; an e-invoice is made of an invoice or credit note")
    if not doc.lines or not doc.taxes:
        raise Refused(
            f"{doc.doc_id} has no lines with taxes (it was moved in or written by hand without them); "
            "an e-invoice needs them: send the original"
        )


def _require_explained(doc: Document, sums: Totals) -> None:
    """Refuse an invoice that leaves more open than lines, taxes and rounding say (a fee posted beside them)."""
    if sums.gross >= 0 > sums.prepaid:
        more = money.text(-sums.prepaid, doc.currency)
        raise Refused(
            f"{doc.doc_id} leaves {more} more open than its lines and taxes sum to; an e-invoice has no room for that: "
            "say it as a line, or post it on the rounding account"
        )


def _preceding(doc: Document, invoice: Document | None) -> tuple[Preceding, ...]:
    if doc.doc_type != names.CREDIT_NOTE or not doc.refers:
        return ()
    return (Preceding(doc.refers, invoice.date if invoice is not None else None),)


def _notes(doc: Document, master: Master) -> tuple[str, ...]:
    """Say why a credit note was made."""
    reason = master.policies.reasons.get(doc.reason)
    return (reason.text,) if reason and doc.doc_type == names.CREDIT_NOTE else ()


def _buyer_reference(endpoint: Endpoint | None) -> str:
    """Give the routing number of a German public buyer; other buyers name none in the books."""
    return endpoint.identifier if endpoint and endpoint.scheme == endpoints.LEITWEG else ""


def _despatch(doc: Document) -> str:
    """Name the delivery, if there is just one: the norm has room for one."""
    deliveries = {line.delivery for line in doc.lines if line.delivery}
    return deliveries.pop() if len(deliveries) == 1 else ""
