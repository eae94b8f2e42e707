"""Writes an electronic invoice as Cross Industry Invoice (CII D22B), profile EN 16931 of Factur-X and ZUGFeRD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.rendering.einvoice.xml_text import Writer
from o2c.rendering.einvoice.xml_text import as_bytes
from o2c.rendering.einvoice.xml_text import day

if TYPE_CHECKING:
    from lxml.etree import _Element

    from o2c.rendering.einvoice.en16931 import Adjustment
    from o2c.rendering.einvoice.en16931 import EInvoice
    from o2c.rendering.einvoice.en16931 import Line
    from o2c.rendering.einvoice.en16931 import Party
    from o2c.rendering.einvoice.en16931 import PostalAddress
    from o2c.rendering.einvoice.en16931 import Tax

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
#: The profile (BT-24): what Factur-X calls EN 16931 and ZUGFeRD COMFORT.
GUIDELINE = "urn:cen.eu:en16931:2017"
_OUTSIDE = "O"


def write(invoice: EInvoice) -> bytes:
    """Write the XML, the same bytes for the same invoice.

    Raises Refused for a text with a character that XML cannot carry.
    """
    from lxml import etree

    xml = Writer(NAMESPACES, invoice.currency)
    root = etree.Element(xml.name("rsm:CrossIndustryInvoice"), nsmap=NAMESPACES)
    xml.text(root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", GUIDELINE)
    _header(xml, root, invoice)
    deal = xml.group(root, "rsm:SupplyChainTradeTransaction")
    for line in invoice.lines:
        _line(xml, deal, line)
    _agreement(xml, deal, invoice)
    _delivery(xml, deal, invoice)
    _settlement(xml, deal, invoice)
    return as_bytes(root)


def _header(xml: Writer, root: _Element, invoice: EInvoice) -> None:
    header = xml.group(root, "rsm:ExchangedDocument")
    xml.text(header, "ram:ID", invoice.number)
    xml.text(header, "ram:TypeCode", invoice.kind)
    xml.text(header, "ram:IssueDateTime/udt:DateTimeString", day(invoice.issued), format="102")
    for note in invoice.notes:
        xml.text(header, "ram:IncludedNote/ram:Content", note)


def _line(xml: Writer, deal: _Element, line: Line) -> None:
    item = xml.group(deal, "ram:IncludedSupplyChainTradeLineItem")
    xml.text(item, "ram:AssociatedDocumentLineDocument/ram:LineID", line.number)
    product = xml.group(item, "ram:SpecifiedTradeProduct")
    xml.text(product, "ram:SellerAssignedID", line.sku)
    xml.text(product, "ram:Name", line.name)
    xml.text(product, "ram:Description", line.description)
    price = xml.group(item, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    xml.number(price, "ram:ChargeAmount", line.price)
    if line.base_quantity != 1:
        xml.number(price, "ram:BasisQuantity", line.base_quantity, unitCode=line.unit)
    xml.number(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", line.quantity, unitCode=line.unit)
    settlement = xml.group(item, "ram:SpecifiedLineTradeSettlement")
    tax = xml.group(settlement, "ram:ApplicableTradeTax")
    xml.text(tax, "ram:TypeCode", "VAT")
    xml.text(tax, "ram:CategoryCode", line.rate.category)
    if line.rate.category != _OUTSIDE:
        xml.number(tax, "ram:RateApplicablePercent", line.rate.percent)
    for adjustment in line.adjustments:
        _adjustment(xml, settlement, adjustment)
    sums = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    xml.amount(settlement, sums, line.net)


def _adjustment(xml: Writer, parent: _Element, adjustment: Adjustment) -> None:
    part = xml.group(parent, "ram:SpecifiedTradeAllowanceCharge")
    xml.text(part, "ram:ChargeIndicator/udt:Indicator", "true" if adjustment.charge else "false")
    if adjustment.percent is not None and adjustment.base is not None:
        xml.number(part, "ram:CalculationPercent", adjustment.percent)
        xml.amount(part, "ram:BasisAmount", adjustment.base)
    xml.amount(part, "ram:ActualAmount", adjustment.amount)
    xml.text(part, "ram:ReasonCode", adjustment.code)
    xml.text(part, "ram:Reason", adjustment.reason)
    if adjustment.rate is not None:
        tax = xml.group(part, "ram:CategoryTradeTax")
        xml.text(tax, "ram:TypeCode", "VAT")
        xml.text(tax, "ram:CategoryCode", adjustment.rate.category)
        if adjustment.rate.category != _OUTSIDE:
            xml.number(tax, "ram:RateApplicablePercent", adjustment.rate.percent)


def _agreement(xml: Writer, deal: _Element, invoice: EInvoice) -> None:
    part = xml.group(deal, "ram:ApplicableHeaderTradeAgreement")
    xml.text(part, "ram:BuyerReference", invoice.buyer_reference)
    _party(xml, xml.group(part, "ram:SellerTradeParty"), invoice.seller)
    _party(xml, xml.group(part, "ram:BuyerTradeParty"), invoice.buyer)
    xml.text(part, "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", invoice.sales_order)
    xml.text(part, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.purchase_order)


def _party(xml: Writer, parent: _Element, party: Party) -> None:
    xml.text(parent, "ram:ID", party.identifier)
    xml.text(parent, "ram:Name", party.name)
    xml.text(parent, "ram:SpecifiedLegalOrganization/ram:ID", party.registration)
    if any(party.contact):
        contact = xml.group(parent, "ram:DefinedTradeContact")
        xml.text(contact, "ram:PersonName", party.contact.name)
        xml.text(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", party.contact.phone)
        xml.text(contact, "ram:EmailURIUniversalCommunication/ram:URIID", party.contact.email)
    _address(xml, parent, party.address)
    if party.endpoint is not None:
        where = "ram:URIUniversalCommunication/ram:URIID"
        xml.text(parent, where, party.endpoint.identifier, schemeID=party.endpoint.scheme)
    xml.text(parent, "ram:SpecifiedTaxRegistration/ram:ID", party.vat_id, schemeID="VA")
    xml.text(parent, "ram:SpecifiedTaxRegistration/ram:ID", party.tax_number, schemeID="FC")


def _address(xml: Writer, parent: _Element, address: PostalAddress) -> None:
    part = xml.group(parent, "ram:PostalTradeAddress")
    xml.text(part, "ram:PostcodeCode", address.postcode)
    for name, line in zip(("ram:LineOne", "ram:LineTwo", "ram:LineThree"), address.lines, strict=False):
        xml.text(part, name, line)
    xml.text(part, "ram:CityName", address.city)
    xml.text(part, "ram:CountryID", address.country)
    xml.text(part, "ram:CountrySubDivisionName", address.region)


def _delivery(xml: Writer, deal: _Element, invoice: EInvoice) -> None:
    part = xml.group(deal, "ram:ApplicableHeaderTradeDelivery")
    delivery = invoice.delivery
    if delivery.name or delivery.address:
        place = xml.group(part, "ram:ShipToTradeParty")
        xml.text(place, "ram:Name", delivery.name)
        if delivery.address is not None:
            _address(xml, place, delivery.address)
    if delivery.day is not None:
        when = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
        xml.text(part, when, day(delivery.day), format="102")
    xml.text(part, "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", invoice.despatch)


def _settlement(xml: Writer, deal: _Element, invoice: EInvoice) -> None:
    part = xml.group(deal, "ram:ApplicableHeaderTradeSettlement")
    xml.text(part, "ram:PaymentReference", invoice.payment.reference)
    xml.text(part, "ram:TaxCurrencyCode", invoice.tax_currency)
    xml.text(part, "ram:InvoiceCurrencyCode", invoice.currency)
    _means(xml, part, invoice)
    for tax in invoice.taxes:
        _tax(xml, part, tax)
    for adjustment in invoice.adjustments:
        _adjustment(xml, part, adjustment)
    _terms(xml, part, invoice)
    _sums(xml, part, invoice)
    for preceding in invoice.preceding:
        reference = xml.group(part, "ram:InvoiceReferencedDocument")
        xml.text(reference, "ram:IssuerAssignedID", preceding.number)
        if preceding.day is not None:
            xml.text(reference, "ram:FormattedIssueDateTime/qdt:DateTimeString", day(preceding.day), format="102")


def _means(xml: Writer, settlement: _Element, invoice: EInvoice) -> None:
    payment = invoice.payment
    if payment.means:
        part = xml.group(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        xml.text(part, "ram:TypeCode", payment.means)
        account = xml.group(part, "ram:PayeePartyCreditorFinancialAccount")
        xml.text(account, "ram:IBANID", payment.iban)
        xml.text(account, "ram:AccountName", payment.holder)
        xml.text(part, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", payment.bic)


def _tax(xml: Writer, settlement: _Element, tax: Tax) -> None:
    part = xml.group(settlement, "ram:ApplicableTradeTax")
    xml.amount(part, "ram:CalculatedAmount", tax.tax)
    xml.text(part, "ram:TypeCode", "VAT")
    xml.text(part, "ram:ExemptionReason", tax.reason)
    xml.amount(part, "ram:BasisAmount", tax.base)
    xml.text(part, "ram:CategoryCode", tax.rate.category)
    xml.text(part, "ram:ExemptionReasonCode", tax.reason_code)
    if tax.rate.category != _OUTSIDE:
        xml.number(part, "ram:RateApplicablePercent", tax.rate.percent)


def _terms(xml: Writer, settlement: _Element, invoice: EInvoice) -> None:
    payment = invoice.payment
    if payment.terms or payment.due:
        part = xml.group(settlement, "ram:SpecifiedTradePaymentTerms")
        xml.text(part, "ram:Description", payment.terms)
        if payment.due is not None:
            xml.text(part, "ram:DueDateDateTime/udt:DateTimeString", day(payment.due), format="102")


def _sums(xml: Writer, settlement: _Element, invoice: EInvoice) -> None:
    totals = invoice.totals
    part = xml.group(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    xml.amount(part, "ram:LineTotalAmount", totals.lines)
    if any(adjustment.charge for adjustment in invoice.adjustments):
        xml.amount(part, "ram:ChargeTotalAmount", totals.charges)
    if any(not adjustment.charge for adjustment in invoice.adjustments):
        xml.amount(part, "ram:AllowanceTotalAmount", totals.allowances)
    xml.amount(part, "ram:TaxBasisTotalAmount", totals.net)
    xml.amount(part, "ram:TaxTotalAmount", totals.tax, currencyID=invoice.currency)
    if invoice.tax_currency:
        books = Writer(NAMESPACES, invoice.tax_currency)
        books.amount(part, "ram:TaxTotalAmount", invoice.tax_in_it, currencyID=invoice.tax_currency)
    if totals.rounding:
        xml.amount(part, "ram:RoundingAmount", totals.rounding)
    xml.amount(part, "ram:GrandTotalAmount", totals.gross)
    if totals.prepaid:
        xml.amount(part, "ram:TotalPrepaidAmount", totals.prepaid)
    xml.amount(part, "ram:DuePayableAmount", totals.due)
