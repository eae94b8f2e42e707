"""The taxes of a document as EN 16931 sums them up: one row for each category and rate, with the reason where none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.rendering.einvoice.en16931 import Rate
from o2c.rendering.einvoice.en16931 import Tax
from o2c.rendering.einvoice.lines import sign

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.master.taxes import Taxes
    from o2c.model import documents
    from o2c.model.documents import Document

OUTSIDE = "O"
#: Categories whose reason has one code only (VATEX list); for exempt supplies the tax code of the master data says it.
_REASON_CODES = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
_EXEMPT = "E"


def rates(doc: Document) -> dict[str, Rate]:
    """Give how each tax code of the document is taxed.

    What is outside the scope of the tax may not stand beside anything else (BR-O-11): there it is told as exempt, with
    its own reason.
    """
    mixed = is_mixed(doc)
    return {
        tax.code: Rate(_EXEMPT if mixed and tax.category == OUTSIDE else tax.category, tax.rate.normalize())
        for tax in doc.taxes
    }


def is_mixed(doc: Document) -> bool:
    """Tell whether something outside the scope of the tax stands beside something inside."""
    categories = {tax.category for tax in doc.taxes}
    return OUTSIDE in categories and len(categories) > 1


def number(doc: Document, tax: documents.Tax) -> Decimal:
    """Give a tax as the customer reads it, in the currency of the document."""
    if tax.tax is not None and tax.tax.number is not None:
        return tax.tax.number
    return sign(doc) * tax.amount or ZERO


def breakdown(doc: Document, known: Taxes) -> tuple[Tax, ...]:
    """Sum up by category and rate: codes that are taxed alike are one row (BR-S-08)."""
    rows: dict[Rate, list[documents.Tax]] = {}
    rate_of = rates(doc)
    for tax in doc.taxes:
        rows.setdefault(rate_of[tax.code], []).append(tax)
    return tuple(
        Tax(
            rate,
            sum((tax.base.number or ZERO for tax in row), ZERO),
            sum((number(doc, tax) for tax in row), ZERO),
            "; ".join(dict.fromkeys(tax.reason for tax in row if tax.reason)) if _has_reason(rate) else "",
            _reason_code(rate, row, known),
        )
        for rate, row in sorted(rows.items())
    )


def in_books_currency(doc: Document, currency: str) -> tuple[str, Decimal]:
    """Give the tax in the currency of the books, where there is tax and the invoice is in another (Art. 230)."""
    posted = [sign(doc) * tax.amount for tax in doc.taxes if tax.currency == currency]
    if doc.currency == currency or not any(posted):
        return "", ZERO
    return currency, sum(posted, ZERO)


def _has_reason(rate: Rate) -> bool:
    return rate.category in _REASON_CODES or rate.category == _EXEMPT


def _reason_code(rate: Rate, row: list[documents.Tax], known: Taxes) -> str:
    if rate.category != _EXEMPT:
        return _REASON_CODES.get(rate.category, "")
    codes = {known.codes[tax.code].exemption_code if tax.code in known.codes else "" for tax in row}
    code = codes.pop() if len(codes) == 1 else ""
    return "" if code in _REASON_CODES.values() else code
