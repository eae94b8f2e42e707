"""Reads the figures of an electronic invoice, CII or UBL, so that its arithmetic can be proved."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import parse_number
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.en16931 import ONE
from o2c.rendering.einvoice.en16931 import Rate

if TYPE_CHECKING:
    from decimal import Decimal

    from lxml.etree import _Element


class Row(NamedTuple):
    """A line: place in the file, number, quantity, price and the quantity it is for, charges less allowances, net."""

    place: int
    number: str
    quantity: Decimal
    price: Decimal
    base_quantity: Decimal
    adjusted: Decimal
    net: Decimal
    rate: Rate


class Part(NamedTuple):
    """An allowance or charge of the document."""

    place: int
    charge: bool
    amount: Decimal
    rate: Rate


class TaxRow(NamedTuple):
    """A row of the VAT breakdown."""

    place: int
    rate: Rate
    base: Decimal
    tax: Decimal


class Figures(NamedTuple):
    """What an invoice says in numbers; `sums` by business term (`BT-106`), the ones it has; `place` is their line."""

    kind: str
    currency: str
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    taxes: tuple[TaxRow, ...]
    sums: dict[str, Decimal]
    place: int
    due_or_terms: bool
    reference: str
    ibans: tuple[str, ...]


def figures(root: _Element) -> Figures:
    """Read the figures; raises BadInput for a number that is none, or has more than six decimals."""
    return _of_cii(root) if root.tag.startswith(f"{{{cii.NAMESPACES['rsm']}}}") else _of_ubl(root)


class _Reader:
    """Looks up texts and numbers by paths with the prefixes of one syntax."""

    def __init__(self, spaces: dict[str, str]) -> None:
        self.spaces = spaces

    def all(self, element: _Element, path: str) -> list[_Element]:
        found: list[_Element] = element.findall(path, self.spaces)
        return found

    def text(self, element: _Element, path: str) -> str:
        return (element.findtext(path, "", self.spaces) or "").strip()

    def number(self, element: _Element, path: str, default: Decimal = ZERO) -> Decimal:
        text = self.text(element, path)
        return _number(text, path) if text else default

    def sums(self, element: _Element, paths: dict[str, str]) -> dict[str, Decimal]:
        return {term: self.number(element, path) for term, path in paths.items() if self.text(element, path)}


def _number(text: str, path: str) -> Decimal:
    plain = text.removeprefix("+")
    if "." in plain:
        whole, _, behind = plain.partition(".")
        plain = f"{whole or '0'}.{behind.rstrip('0')}".rstrip(".")
    return parse_number(plain, path.rpartition(":")[2])


_CII_SUMS = {
    "BT-106": "ram:LineTotalAmount",
    "BT-107": "ram:AllowanceTotalAmount",
    "BT-108": "ram:ChargeTotalAmount",
    "BT-109": "ram:TaxBasisTotalAmount",
    "BT-112": "ram:GrandTotalAmount",
    "BT-113": "ram:TotalPrepaidAmount",
    "BT-114": "ram:RoundingAmount",
    "BT-115": "ram:DuePayableAmount",
}
_UBL_SUMS = {
    "BT-106": "cbc:LineExtensionAmount",
    "BT-107": "cbc:AllowanceTotalAmount",
    "BT-108": "cbc:ChargeTotalAmount",
    "BT-109": "cbc:TaxExclusiveAmount",
    "BT-112": "cbc:TaxInclusiveAmount",
    "BT-113": "cbc:PrepaidAmount",
    "BT-114": "cbc:PayableRoundingAmount",
    "BT-115": "cbc:PayableAmount",
}


def _of_cii(root: _Element) -> Figures:
    xml = _Reader(cii.NAMESPACES)
    deal = xml.all(root, "rsm:SupplyChainTradeTransaction")[0]
    settlement = xml.all(deal, "ram:ApplicableHeaderTradeSettlement")[0]
    totals = xml.all(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")[0]
    currency = xml.text(settlement, "ram:InvoiceCurrencyCode")
    sums = xml.sums(totals, _CII_SUMS)
    for tax in xml.all(totals, "ram:TaxTotalAmount"):
        if tax.get("currencyID", currency) == currency:
            sums["BT-110"] = _number((tax.text or "").strip(), "ram:TaxTotalAmount")
    return Figures(
        kind=xml.text(root, "rsm:ExchangedDocument/ram:TypeCode"),
        currency=currency,
        rows=tuple(_cii_row(xml, line) for line in xml.all(deal, "ram:IncludedSupplyChainTradeLineItem")),
        parts=tuple(_cii_part(xml, part) for part in xml.all(settlement, "ram:SpecifiedTradeAllowanceCharge")),
        taxes=tuple(_cii_tax(xml, tax) for tax in xml.all(settlement, "ram:ApplicableTradeTax")),
        sums=sums,
        place=totals.sourceline or 0,
        due_or_terms=any(_has_text(terms) for terms in xml.all(settlement, "ram:SpecifiedTradePaymentTerms")),
        reference=xml.text(settlement, "ram:PaymentReference"),
        ibans=tuple(
            (iban.text or "").strip()
            for iban in xml.all(settlement, ".//ram:PayeePartyCreditorFinancialAccount/ram:IBANID")
        ),
    )


def _cii_rate(xml: _Reader, element: _Element, path: str) -> Rate:
    return Rate(
        xml.text(element, f"{path}ram:CategoryCode"),
        xml.number(element, f"{path}ram:RateApplicablePercent").normalize(),
    )


def _cii_row(xml: _Reader, line: _Element) -> Row:
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/"
    settlement = xml.all(line, "ram:SpecifiedLineTradeSettlement")[0]
    parts = [_cii_part(xml, part) for part in xml.all(settlement, "ram:SpecifiedTradeAllowanceCharge")]
    return Row(
        place=line.sourceline or 0,
        number=xml.text(line, "ram:AssociatedDocumentLineDocument/ram:LineID"),
        quantity=xml.number(line, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        price=xml.number(line, f"{price}ram:ChargeAmount"),
        base_quantity=xml.number(line, f"{price}ram:BasisQuantity", ONE),
        adjusted=_signed(parts),
        net=xml.number(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        rate=_cii_rate(xml, settlement, "ram:ApplicableTradeTax/"),
    )


def _cii_part(xml: _Reader, part: _Element) -> Part:
    charge = xml.text(part, "ram:ChargeIndicator/udt:Indicator") in {"true", "1"}
    amount = xml.number(part, "ram:ActualAmount")
    return Part(part.sourceline or 0, charge, amount, _cii_rate(xml, part, "ram:CategoryTradeTax/"))


def _cii_tax(xml: _Reader, tax: _Element) -> TaxRow:
    base, amount = xml.number(tax, "ram:BasisAmount"), xml.number(tax, "ram:CalculatedAmount")
    return TaxRow(tax.sourceline or 0, _cii_rate(xml, tax, ""), base, amount)


def _of_ubl(root: _Element) -> Figures:
    xml = _Reader(ubl.COMMON)
    totals = xml.all(root, "cac:LegalMonetaryTotal")[0]
    currency = xml.text(root, "cbc:DocumentCurrencyCode")
    lines = xml.all(root, "cac:InvoiceLine") + xml.all(root, "cac:CreditNoteLine")
    sums = xml.sums(totals, _UBL_SUMS)
    for tax in xml.all(root, "cac:TaxTotal/cbc:TaxAmount"):
        if tax.get("currencyID", currency) == currency:
            sums["BT-110"] = _number((tax.text or "").strip(), "cbc:TaxAmount")
    return Figures(
        kind=xml.text(root, "cbc:InvoiceTypeCode") or xml.text(root, "cbc:CreditNoteTypeCode"),
        currency=currency,
        rows=tuple(_ubl_row(xml, line) for line in lines),
        parts=tuple(_ubl_part(xml, part) for part in xml.all(root, "cac:AllowanceCharge")),
        taxes=tuple(_ubl_tax(xml, tax) for tax in xml.all(root, "cac:TaxTotal/cac:TaxSubtotal")),
        sums=sums,
        place=totals.sourceline or 0,
        due_or_terms=any(
            xml.text(root, path)
            for path in ("cbc:DueDate", "cac:PaymentTerms/cbc:Note", "cac:PaymentMeans/cbc:PaymentDueDate")
        ),
        reference=xml.text(root, "cac:PaymentMeans/cbc:PaymentID"),
        ibans=tuple(
            (iban.text or "").strip() for iban in xml.all(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")
        ),
    )


def _ubl_rate(xml: _Reader, element: _Element, path: str) -> Rate:
    return Rate(xml.text(element, f"{path}/cbc:ID"), xml.number(element, f"{path}/cbc:Percent").normalize())


def _ubl_row(xml: _Reader, line: _Element) -> Row:
    quantity = "cbc:InvoicedQuantity" if xml.all(line, "cbc:InvoicedQuantity") else "cbc:CreditedQuantity"
    return Row(
        place=line.sourceline or 0,
        number=xml.text(line, "cbc:ID"),
        quantity=xml.number(line, quantity),
        price=xml.number(line, "cac:Price/cbc:PriceAmount"),
        base_quantity=xml.number(line, "cac:Price/cbc:BaseQuantity", ONE),
        adjusted=_signed([_ubl_part(xml, part) for part in xml.all(line, "cac:AllowanceCharge")]),
        net=xml.number(line, "cbc:LineExtensionAmount"),
        rate=_ubl_rate(xml, line, "cac:Item/cac:ClassifiedTaxCategory"),
    )


def _ubl_part(xml: _Reader, part: _Element) -> Part:
    charge = xml.text(part, "cbc:ChargeIndicator") in {"true", "1"}
    return Part(part.sourceline or 0, charge, xml.number(part, "cbc:Amount"), _ubl_rate(xml, part, "cac:TaxCategory"))


def _ubl_tax(xml: _Reader, tax: _Element) -> TaxRow:
    base, amount = xml.number(tax, "cbc:TaxableAmount"), xml.number(tax, "cbc:TaxAmount")
    return TaxRow(tax.sourceline or 0, _ubl_rate(xml, tax, "cac:TaxCategory"), base, amount)


def _signed(parts: list[Part]) -> Decimal:
    return sum((part.amount if part.charge else -part.amount for part in parts), ZERO)


def _has_text(element: _Element) -> bool:
    return any(text.strip() for text in element.itertext())
