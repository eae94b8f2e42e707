"""What the law wants on an invoice: Art. 226 of Directive 2006/112/EC, and what some countries ask beside it.

Sellers in the Union, in Great Britain, Switzerland and Norway are asked for all of it; others for what any invoice
needs. Small invoices (Art. 220a and 226b: up to 100 euro, not across borders) need no name and address of the customer.
A credit note amends its invoice (Art. 219): it must name it, and need not say again what stands there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.master import countries
from o2c.master import placeholders
from o2c.master.identifiers import is_union_vat
from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from o2c.master import Master
    from o2c.master.company import Company
    from o2c.model.documents import Document
    from o2c.model.documents import Line

#: Countries outside the Union whose law asks for a VAT number in the same way.
_LIKE_THE_UNION = frozenset({"GB", "CH", "LI", "NO"})
#: Where the number at the tax office will do for a VAT number in domestic sales (Germany: section 14 (4) no. 2 UStG).
_TAX_NUMBER_WILL_DO = frozenset({"DE", "AT"})
#: Where the entry in the company register must be on the invoice (France: art. R123-237 Code de commerce).
_REGISTRATION = frozenset({"FR"})
_EXEMPT = frozenset({"E", "AE", "K", "G", "O"})
_REVERSE_CHARGE, _INTRA_COMMUNITY, _OUTSIDE = "AE", "K", "O"
#: What Art. 226 (11a) wants to read, in the language versions of the directive.
_REVERSE_CHARGE_WORDS = (
    "reverse charge", "steuerschuldnerschaft des leistungsempfängers", "autoliquidation", "inversione contabile",
    "inversión del sujeto pasivo", "btw verlegd", "autoliquidação", "omvendt betalingspligt", "omvänd betalning",
    "käännetty verovelvollisuus", "odwrotne obciążenie", "daň odvede zákazník", "přenesená daňová povinnost",
    "prenesenie daňovej povinnosti", "fordított adózás", "taxare inversă", "обратно начисляване",
    "αντίστροφη επιβάρυνση", "prijenos porezne obveze", "obrnjena davčna obveznost", "pöördmaksustamine",
    "nodokļa apgrieztā maksāšana", "atvirkštinis apmokestinimas",
)  # fmt: skip
_SMALL = Decimal(100)
_ADDRESS_LINES = 3


class Missing(NamedTuple):
    """Something the law wants: where it says so, what it is, and where to put it."""

    law: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Write it as a sentence for whoever has to fill it in."""
        return f"{self.what} ({self.law}); {self.remedy}"


def missing(doc: Document, master: Master) -> list[Missing]:
    """List what an invoice, deposit invoice or credit note lacks before it may be posted; others lack nothing.

    Judged are the document as it would be posted, and the company; the day of the document decides who is in the Union.
    """
    if doc.doc_type not in {names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE}:
        return []
    return [*_seller(doc, master.company), *_customer(doc, master.company), *_supply(doc), *_taxes(doc)]


def require(documents: Iterable[Document], master: Master) -> None:
    """Refuse documents that lack something, naming everything that is missing, each once.

    Before that, refuse any at all of a company that nobody has filled in since the books were made.
    """
    lacking = {doc.doc_id: missing(doc, master) for doc in documents}
    if lacking:
        placeholders.require_own(master.company, *master.files)
    sentences: dict[str, list[str]] = {}
    for doc_id, things in lacking.items():
        for thing in things:
            sentences.setdefault(str(thing), []).append(doc_id)
    if sentences:
        raise Refused("\n".join(f"{_some(ids)}: the law wants {what}" for what, ids in sentences.items()))


def _some(ids: list[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{ids[0]} and {len(ids) - 1} more"


def _asks_for_vat(company: Company, doc: Document) -> bool:
    return countries.in_union(company.country, doc.date) or company.country in _LIKE_THE_UNION


def _across_borders(doc: Document) -> bool:
    return any(tax.category in {_REVERSE_CHARGE, _INTRA_COMMUNITY} for tax in doc.taxes)


def _seller(doc: Document, company: Company) -> Iterator[Missing]:
    if not (company.address.lines or company.address.city):
        yield Missing("Art. 226 (5)", "the seller's address", "fill in address in master/company.yaml")
    if company.country in _REGISTRATION and not company.registration:
        yield Missing("R123-237", "the seller's entry in the register", "fill in registration in master/company.yaml")
    if not _asks_for_vat(company, doc):
        return
    tax_number_will_do = company.country in _TAX_NUMBER_WILL_DO and not _across_borders(doc)
    has_vat_number = bool(doc.fact("seller-vat-id") or (_is_credit(doc) and company.vat_id))
    if not has_vat_number and not (tax_number_will_do and company.tax_number):
        instead = " (or tax_number)" if tax_number_will_do else ""
        yield Missing("Art. 226 (3)", "the seller's VAT number", f"fill in vat_id{instead} in master/company.yaml")
    elif company.country not in _REGISTRATION and not _identified(doc, company):
        remedy = "fill in registration in master/company.yaml (register and number; without an entry, the tax number)"
        yield Missing("EN 16931 BR-CO-26", "a number that identifies the seller beside the VAT number", remedy)


def _identified(doc: Document, company: Company) -> bool:
    """Tell whether an e-invoice can name the seller by a number; what is outside VAT may not give the VAT number."""
    outside = bool(doc.taxes) and all(tax.category == _OUTSIDE for tax in doc.taxes)
    return bool(company.registration or ((doc.fact("seller-vat-id") or company.vat_id) and not outside))


def _customer(doc: Document, company: Company) -> Iterator[Missing]:
    if _is_credit(doc):
        return
    across = _across_borders(doc)
    lines = str(doc.fact("bill-to")).split("\n")
    if len([line for line in lines if line]) < _ADDRESS_LINES and (across or not _is_small(doc)):
        remedy = f"fill in address (lines, postcode, city) of {doc.customer} or who gets its bills in customers.yaml"
        yield Missing("Art. 226 (5)", "the customer's name and address", remedy)
    vat_id = str(doc.fact("vat-id"))
    if across and not vat_id:
        remedy = f"fill in tax_ids of {doc.customer} or who gets its bills in customers.yaml"
        yield Missing("Art. 226 (4)", "the customer's VAT number", remedy)
    if vat_id and any(tax.category == _INTRA_COMMUNITY for tax in doc.taxes) and not _of_another_state(vat_id, company):
        remedy = f"put the VAT number under which {doc.customer} buys first in its tax_ids, or tax the sale"
        yield Missing("Art. 138 (1) (b)", "a VAT number of another member state", remedy)


def _of_another_state(vat_id: str, company: Company) -> bool:
    return is_union_vat(vat_id) and countries.vat_country(vat_id) != countries.vat_area(company.country)


def _is_small(doc: Document) -> bool:
    gross = sum((abs(movement.amount) for movement in doc.movements), ZERO)
    return doc.currency == "EUR" and gross <= _SMALL


def _supply(doc: Document) -> Iterator[Missing]:
    if _is_credit(doc):
        if not doc.refers:
            yield Missing("Art. 219", "the number of the invoice that is credited", "say which one")
        return
    if doc.doc_type == names.INVOICE and not doc.fact("supplied"):
        yield Missing("Art. 226 (7)", "the day of supply", "deliver first")
    for line in doc.lines:
        if line.kind == "item":
            yield from _line(line)


def _line(line: Line) -> Iterator[Missing]:
    if not (line.text or line.sku):
        yield Missing("Art. 226 (6)", f"what line {line.number} is", "give the product a name in master/products.yaml")
    if not line.quantity:
        yield Missing("Art. 226 (6)", f"the quantity of line {line.number}", "give one in the order")
    if line.price is None:
        yield Missing("Art. 226 (8)", f"the unit price of line {line.number}", "give one in the order or price list")


def _taxes(doc: Document) -> Iterator[Missing]:
    taxed = {tax.code for tax in doc.taxes}
    for code in sorted({line.tax_code for line in doc.lines} - taxed):
        yield Missing("Art. 226 (9)", f"rate and tax of code {code or '(none)'}", "add it to master/taxes.yaml")
    for tax in doc.taxes:
        remedy = f"fill in text of {tax.code} in master/taxes.yaml"
        if tax.category in _EXEMPT and not tax.reason:
            yield Missing("Art. 226 (11)", f"why there is no tax with code {tax.code}", remedy)
        elif tax.category == _REVERSE_CHARGE and not _says_reverse_charge(tax.reason):
            yield Missing("Art. 226 (11a)", f'the words "Reverse charge" with code {tax.code}', remedy)


def _says_reverse_charge(reason: str) -> bool:
    return any(words in reason.casefold() for words in _REVERSE_CHARGE_WORDS)


def _is_credit(doc: Document) -> bool:
    return doc.doc_type == names.CREDIT_NOTE
