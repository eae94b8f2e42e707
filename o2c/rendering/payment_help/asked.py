"""The payment an invoice asks for: how much, to whom, under which reference."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model.creditor_reference import creditor_reference
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from o2c.master.company import Company
    from o2c.model.documents import Document

_ASKS = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.FEE})


class Asked(NamedTuple):
    """A payment asked for: a positive amount to an account, with the document's number and its creditor reference.

    `reference` is empty where the number is too long for ISO 11649; then the number itself is the message.
    """

    amount: Amount
    number: str
    reference: str
    iban: str
    bic: str
    creditor: str


def asked(doc: Document, company: Company) -> Asked | None:
    """Tell what a document asks to be paid, all its instalments together; None where it asks for nothing.

    Credit notes, documents without an amount, and companies without an account ask for nothing.
    """
    own = (doc.doc_id, f"{doc.doc_id}.")
    total = sum((m.amount for m in doc.movements if m.item == own[0] or m.item.startswith(own[1])), ZERO)
    if doc.doc_type not in _ASKS or total <= 0 or not company.iban:
        return None
    amount = Amount(total, doc.currency)
    return Asked(amount, doc.doc_id, creditor_reference(doc.doc_id), company.iban, company.bic, company.name)
