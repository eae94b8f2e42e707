"""The lines of a document as EN 16931 counts them: quantity x price, what is taken off or added, net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.rendering.einvoice.en16931 import ONE
from o2c.rendering.einvoice.en16931 import Adjustment
from o2c.rendering.einvoice.en16931 import Line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.model import documents
    from o2c.model.documents import Document
    from o2c.rendering.einvoice.en16931 import Rate

#: A discount (UNTDID 5189).
DISCOUNT = "95"
PIECE = "C62"


def sign(doc: Document) -> int:
    """Say how postings become what the customer reads: invoices are credits of income, credit notes debits."""
    return 1 if doc.doc_type == names.CREDIT_NOTE else -1


def net(doc: Document, line: documents.Line) -> Decimal:
    """Give a line's net as the customer reads it, in the currency of the document."""
    if line.net is not None and line.net.number is not None:
        return line.net.number
    return _positive_zero(sign(doc) * line.amount)


def lines(doc: Document, rates: Mapping[str, Rate]) -> tuple[tuple[Line, ...], tuple[Adjustment, ...]]:
    """Give the lines, and the allowances and charges of the whole document.

    Raises Refused for a line without a tax of the document.
    """
    for line in doc.lines:
        if line.tax_code not in rates:
            raise Refused(f"line {line.number} of {doc.doc_id} has no tax code that the document taxes; credit it anew")
    items = tuple(_item(doc, line, rates[line.tax_code]) for line in doc.lines if line.kind == "item")
    others = tuple(_adjustment(doc, line, rates[line.tax_code]) for line in doc.lines if line.kind != "item")
    if not items:
        raise Refused(f"{doc.doc_id} has allowances or charges and no other line; EN 16931 (BR-16) wants one at least")
    return items, others


def _adjustment(doc: Document, line: documents.Line, rate: Rate) -> Adjustment:
    """Give an allowance or charge of the document; its sign decides, as amounts in the norm have none."""
    amount = net(doc, line)
    charge = amount > 0 or (not amount and line.kind == "charge")
    return Adjustment(charge, abs(amount), line.text or ("Charge" if charge else "Allowance"), rate=rate)


def _item(doc: Document, line: documents.Line, rate: Rate) -> Line:
    amount = net(doc, line)
    quantity, price, base = _priced(doc, line, amount)
    name, _, description = (line.text or line.sku or f"{line.number}").partition("\n")
    return Line(
        number=str(line.number),
        name=name,
        quantity=quantity,
        unit=line.unit or PIECE,
        price=price,
        net=amount,
        rate=rate,
        sku=line.sku,
        description=description.strip(),
        base_quantity=base,
        adjustments=_own(rounded(quantity * price / base, doc.currency), amount, line.discount),
    )


def _priced(doc: Document, line: documents.Line, amount: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Give quantity, price and the quantity the price is for; a line without a price has its net as price."""
    price = line.price.number if line.price is not None and line.price.currency == doc.currency else None
    if price is not None and line.quantity:
        return (line.quantity, price, ONE) if price >= 0 else (-line.quantity, -price, ONE)
    quantity = abs(line.quantity) or ONE
    return (-quantity if amount < 0 else quantity), abs(amount), quantity


def _own(gross: Decimal, amount: Decimal, percent: Decimal) -> tuple[Adjustment, ...]:
    """Explain the difference between quantity x price and the net, to the cent, by one allowance or charge."""
    off = gross - amount
    if not off:
        return ()
    reason, code = ("Discount", DISCOUNT) if percent else ("Adjustment", "")
    if percent > 0 and off > 0:
        return (Adjustment(charge=False, amount=off, reason=reason, code=code, base=gross, percent=percent),)
    return (Adjustment(off < 0, abs(off), reason, code if off > 0 else ""),)


def _positive_zero(number: Decimal) -> Decimal:
    return number if number else ZERO
