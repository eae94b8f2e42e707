"""How an invoice is to be paid: account, reference, due date, and the terms in words and in the form software reads.

Early-payment discounts are told as XRechnung asks for (BR-DE-18), a line `#SKONTO#TAGE=10#PROZENT=2.00#` behind the
words: German receivers read it, all others see a line of text.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import money
from o2c.model import names
from o2c.model.creditor_reference import creditor_reference
from o2c.rendering.einvoice.en16931 import Payment
from o2c.rendering.einvoice.totals import own_items

if TYPE_CHECKING:
    from o2c.master.company import Company
    from o2c.model.documents import Document

#: Transfers (UNTDID 4461): within the single euro payments area, and others.
SEPA, TRANSFER = "58", "30"
_HUNDREDTH = Decimal("0.01")


def payment(doc: Document, company: Company, due: Decimal) -> Payment:
    """Give the way to pay an invoice; for a credit note only what becomes of it."""
    if doc.doc_type == names.CREDIT_NOTE:
        return Payment(terms=f"{doc.refers}: {money.text(-due, doc.currency)}" if doc.refers else doc.narration)
    means = "" if not company.iban else SEPA if doc.currency == "EUR" else TRANSFER
    return Payment(
        means=means,
        reference=creditor_reference(doc.doc_id) or doc.doc_id,
        iban=company.iban,
        holder=company.name if company.iban else "",
        bic=company.bic if company.iban else "",
        due=first_due(doc),
        terms=terms(doc),
    )


def first_due(doc: Document) -> date:
    """Give the day on which the (first part of the) document is due; without one, its own."""
    own = set(own_items(doc))
    return min((m.due for m in doc.movements if m.due and m.item in own), default=doc.due or doc.date)


def terms(doc: Document) -> str:
    """Say the terms as printed, the parts with their days, and the discount; a line each."""
    discount = _discount(doc)
    lines = [line for line in (str(doc.fact("terms-text")), *_parts(doc), *discount) if line]
    return "\n".join(lines) + ("\n" if discount else "")  # BR-DE-18 wants a line end behind it


def _parts(doc: Document) -> list[str]:
    own = set(own_items(doc))
    parts = [movement for movement in doc.movements if movement.item in own and movement.due]
    return [f"{m.due}: {money.text(m.amount, m.currency)} ({m.item})" for m in parts] if len(parts) > 1 else []


def _discount(doc: Document) -> list[str]:
    until, percent = doc.fact("discount-until"), doc.fact("discount-percent")
    if not isinstance(until, date) or not isinstance(percent, Decimal) or percent != percent.quantize(_HUNDREDTH):
        return []  # the form has two decimals; finer percentages stand in the words alone
    return [f"#SKONTO#TAGE={(until - doc.date).days}#PROZENT={percent:.2f}#"]
