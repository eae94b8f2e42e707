"""Writes an electronic invoice as UBL 2.1, `Invoice` or `CreditNote`; for Peppol Billing 3 where the buyer has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.rendering.einvoice import en16931
from o2c.rendering.einvoice.xml_text import Writer
from o2c.rendering.einvoice.xml_text import as_bytes

if TYPE_CHECKING:
    from decimal import Decimal

    from lxml.etree import _Element

    from o2c.rendering.einvoice.en16931 import Adjustment
    from o2c.rendering.einvoice.en16931 import EInvoice
    from o2c.rendering.einvoice.en16931 import Line
    from o2c.rendering.einvoice.en16931 import Party
    from o2c.rendering.einvoice.en16931 import PostalAddress
    from o2c.rendering.einvoice.en16931 import Rate
    from o2c.rendering.einvoice.en16931 import Tax

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE, CREDIT_NOTE = f"{_OASIS}Invoice-2", f"{_OASIS}CreditNote-2"
COMMON = {"cac": f"{_OASIS}CommonAggregateComponents-2", "cbc": f"{_OASIS}CommonBasicComponents-2"}
#: The specification (BT-24) of the norm itself, and of Peppol BIS Billing 3 with its process (BT-23).
EN16931 = "urn:cen.eu:en16931:2017"
PEPPOL = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
#: What Peppol wants as the buyer's order number where there is none, but one of the seller.
NO_ORDER = "NA"
_OUTSIDE = "O"


def write(invoice: EInvoice) -> bytes:
    """Write the XML, the same bytes for the same invoice.

    Raises Refused for a text with a character that XML cannot carry.
    """
    from lxml import etree

    credit = invoice.kind == en16931.CREDIT_NOTE
    own = CREDIT_NOTE if credit else INVOICE
    spaces: dict[str | None, str] = {None: own, "cac": COMMON["cac"], "cbc": COMMON["cbc"]}
    xml = Writer(COMMON, invoice.currency)
    root = etree.Element(f"{{{own}}}{'CreditNote' if credit else 'Invoice'}", nsmap=spaces)
    _header(xml, root, invoice, credit=credit)
    _references(xml, root, invoice)
    _party(xml, xml.group(root, "cac:AccountingSupplierParty/cac:Party"), invoice.seller)
    _party(xml, xml.group(root, "cac:AccountingCustomerParty/cac:Party"), invoice.buyer)
    _delivery(xml, root, invoice)
    _payment(xml, root, invoice)
    for adjustment in invoice.adjustments:
        _adjustment(xml, root, adjustment)
    _taxes(xml, root, invoice)
    _sums(xml, root, invoice)
    for line in invoice.lines:
        _line(xml, root, line, credit=credit)
    return as_bytes(root)


def _amount(xml: Writer, parent: _Element, path: str, number: Decimal) -> None:
    xml.amount(parent, path, number, currencyID=xml.currency)


def _header(xml: Writer, root: _Element, invoice: EInvoice, *, credit: bool) -> None:
    xml.text(root, "cbc:CustomizationID", PEPPOL if invoice.peppol else EN16931)
    xml.text(root, "cbc:ProfileID", PEPPOL_PROCESS if invoice.peppol else "")
    xml.text(root, "cbc:ID", invoice.number)
    xml.text(root, "cbc:IssueDate", invoice.issued.isoformat())
    if not credit and invoice.payment.due is not None:
        xml.text(root, "cbc:DueDate", invoice.payment.due.isoformat())
    xml.text(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode", invoice.kind)
    xml.text(root, "cbc:Note", "\n".join(invoice.notes))
    xml.text(root, "cbc:DocumentCurrencyCode", invoice.currency)
    xml.text(root, "cbc:TaxCurrencyCode", invoice.tax_currency)
    xml.text(root, "cbc:BuyerReference", invoice.buyer_reference)


def _references(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    if invoice.purchase_order or invoice.sales_order:
        order = xml.group(root, "cac:OrderReference")
        xml.text(order, "cbc:ID", invoice.purchase_order or NO_ORDER)
        xml.text(order, "cbc:SalesOrderID", invoice.sales_order)
    for preceding in invoice.preceding:
        reference = xml.group(root, "cac:BillingReference/cac:InvoiceDocumentReference")
        xml.text(reference, "cbc:ID", preceding.number)
        xml.text(reference, "cbc:IssueDate", preceding.day.isoformat() if preceding.day else "")
    xml.text(root, "cac:DespatchDocumentReference/cbc:ID", invoice.despatch)


def _party(xml: Writer, parent: _Element, party: Party) -> None:
    if party.endpoint is not None:
        xml.text(parent, "cbc:EndpointID", party.endpoint.identifier, schemeID=party.endpoint.scheme)
    xml.text(parent, "cac:PartyIdentification/cbc:ID", party.identifier)
    _address(xml, xml.group(parent, "cac:PostalAddress"), party.address)
    for scheme, number in (("VAT", party.vat_id), ("FC", party.tax_number)):
        if number:
            tax = xml.group(parent, "cac:PartyTaxScheme")
            xml.text(tax, "cbc:CompanyID", number)
            xml.text(tax, "cac:TaxScheme/cbc:ID", scheme)
    legal = xml.group(parent, "cac:PartyLegalEntity")
    xml.text(legal, "cbc:RegistrationName", party.name)
    xml.text(legal, "cbc:CompanyID", party.registration)
    if any(party.contact):
        contact = xml.group(parent, "cac:Contact")
        xml.text(contact, "cbc:Name", party.contact.name)
        xml.text(contact, "cbc:Telephone", party.contact.phone)
        xml.text(contact, "cbc:ElectronicMail", party.contact.email)


def _address(xml: Writer, part: _Element, address: PostalAddress) -> None:
    lines = (*address.lines, "", "", "")
    xml.text(part, "cbc:StreetName", lines[0])
    xml.text(part, "cbc:AdditionalStreetName", lines[1])
    xml.text(part, "cbc:CityName", address.city)
    xml.text(part, "cbc:PostalZone", address.postcode)
    xml.text(part, "cbc:CountrySubentity", address.region)
    xml.text(part, "cac:AddressLine/cbc:Line", lines[2])
    xml.text(part, "cac:Country/cbc:IdentificationCode", address.country)


def _delivery(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    delivery = invoice.delivery
    if delivery.day is None and not delivery.name and delivery.address is None:
        return
    part = xml.group(root, "cac:Delivery")
    xml.text(part, "cbc:ActualDeliveryDate", delivery.day.isoformat() if delivery.day else "")
    if delivery.address is not None:
        _address(xml, xml.group(part, "cac:DeliveryLocation/cac:Address"), delivery.address)
    xml.text(part, "cac:DeliveryParty/cac:PartyName/cbc:Name", delivery.name)


def _payment(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    payment = invoice.payment
    if payment.means:
        part = xml.group(root, "cac:PaymentMeans")
        xml.text(part, "cbc:PaymentMeansCode", payment.means)
        xml.text(part, "cbc:PaymentID", payment.reference)
        account = xml.group(part, "cac:PayeeFinancialAccount")
        xml.text(account, "cbc:ID", payment.iban)
        xml.text(account, "cbc:Name", payment.holder)
        xml.text(account, "cac:FinancialInstitutionBranch/cbc:ID", payment.bic)
    xml.text(root, "cac:PaymentTerms/cbc:Note", payment.terms)


def _adjustment(xml: Writer, parent: _Element, adjustment: Adjustment) -> None:
    part = xml.group(parent, "cac:AllowanceCharge")
    xml.text(part, "cbc:ChargeIndicator", "true" if adjustment.charge else "false")
    xml.text(part, "cbc:AllowanceChargeReasonCode", adjustment.code)
    xml.text(part, "cbc:AllowanceChargeReason", adjustment.reason)
    if adjustment.percent is not None:
        xml.number(part, "cbc:MultiplierFactorNumeric", adjustment.percent)
    _amount(xml, part, "cbc:Amount", adjustment.amount)
    if adjustment.base is not None:
        _amount(xml, part, "cbc:BaseAmount", adjustment.base)
    if adjustment.rate is not None:
        _rate(xml, part, "cac:TaxCategory", adjustment.rate)


def _rate(xml: Writer, parent: _Element, path: str, rate: Rate, tax: Tax | None = None) -> None:
    part = xml.group(parent, path)
    xml.text(part, "cbc:ID", rate.category)
    if rate.category != _OUTSIDE:
        xml.number(part, "cbc:Percent", rate.percent)
    if tax is not None:
        xml.text(part, "cbc:TaxExemptionReasonCode", tax.reason_code)
        xml.text(part, "cbc:TaxExemptionReason", tax.reason)
    xml.text(part, "cac:TaxScheme/cbc:ID", "VAT")


def _taxes(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    total = xml.group(root, "cac:TaxTotal")
    _amount(xml, total, "cbc:TaxAmount", invoice.totals.tax)
    for tax in invoice.taxes:
        part = xml.group(total, "cac:TaxSubtotal")
        _amount(xml, part, "cbc:TaxableAmount", tax.base)
        _amount(xml, part, "cbc:TaxAmount", tax.tax)
        _rate(xml, part, "cac:TaxCategory", tax.rate, tax)
    if invoice.tax_currency:
        books = Writer(COMMON, invoice.tax_currency)
        _amount(books, root, "cac:TaxTotal/cbc:TaxAmount", invoice.tax_in_it)


def _sums(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    totals = invoice.totals
    part = xml.group(root, "cac:LegalMonetaryTotal")
    _amount(xml, part, "cbc:LineExtensionAmount", totals.lines)
    _amount(xml, part, "cbc:TaxExclusiveAmount", totals.net)
    _amount(xml, part, "cbc:TaxInclusiveAmount", totals.gross)
    if any(not adjustment.charge for adjustment in invoice.adjustments):
        _amount(xml, part, "cbc:AllowanceTotalAmount", totals.allowances)
    if any(adjustment.charge for adjustment in invoice.adjustments):
        _amount(xml, part, "cbc:ChargeTotalAmount", totals.charges)
    if totals.prepaid:
        _amount(xml, part, "cbc:PrepaidAmount", totals.prepaid)
    if totals.rounding:
        _amount(xml, part, "cbc:PayableRoundingAmount", totals.rounding)
    _amount(xml, part, "cbc:PayableAmount", totals.due)


def _line(xml: Writer, root: _Element, line: Line, *, credit: bool) -> None:
    part = xml.group(root, "cac:CreditNoteLine" if credit else "cac:InvoiceLine")
    xml.text(part, "cbc:ID", line.number)
    quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
    xml.number(part, quantity, line.quantity, unitCode=line.unit)
    _amount(xml, part, "cbc:LineExtensionAmount", line.net)
    for adjustment in line.adjustments:
        _adjustment(xml, part, adjustment)
    item = xml.group(part, "cac:Item")
    xml.text(item, "cbc:Description", line.description)
    xml.text(item, "cbc:Name", line.name)
    xml.text(item, "cac:SellersItemIdentification/cbc:ID", line.sku)
    _rate(xml, item, "cac:ClassifiedTaxCategory", line.rate)
    price = xml.group(part, "cac:Price")
    xml.number(price, "cbc:PriceAmount", line.price, currencyID=xml.currency)
    if line.base_quantity != 1:
        xml.number(price, "cbc:BaseQuantity", line.base_quantity, unitCode=line.unit)
