"""Invoices and credit notes as sheets: they say what the e-invoice says, so that both can never differ."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model.creditor_reference import printed
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.rendering import letterhead
from o2c.rendering.einvoice import en16931
from o2c.rendering.payment_help import asked
from o2c.rendering.payment_help import epc_code
from o2c.rendering.payment_help import payment_link
from o2c.rendering.payment_help import swiss_bill
from o2c.rendering.sheet import Cell
from o2c.rendering.sheet import Column
from o2c.rendering.sheet import Fact
from o2c.rendering.sheet import Pay
from o2c.rendering.sheet import Row
from o2c.rendering.sheet import Sheet
from o2c.rendering.sheet import Sum

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.rendering.einvoice.en16931 import Adjustment
    from o2c.rendering.einvoice.en16931 import EInvoice
    from o2c.rendering.einvoice.en16931 import Line
    from o2c.rendering.einvoice.en16931 import Party
    from o2c.rendering.words import Words

_HUNDRED = Decimal(100)


def billing_sheet(root: Path, master: Master, doc: Document, invoice: EInvoice, words: Words) -> Sheet:
    """Lay the facts of an e-invoice out for the eye; `doc` is the posted document that it was made of."""
    company = master.company
    return Sheet(
        kind="document",
        language=words.language,
        number=invoice.number,
        day=invoice.issued.isoformat(),
        title=words.say(doc.doc_type),
        seller=invoice.seller.name,
        sender_line=letterhead.sender_line(company),
        receiver=tuple(str(doc.fact("bill-to")).split("\n")) if doc.fact("bill-to") else _address(invoice.buyer),
        facts=_facts(doc, invoice, words),
        headline=_headline(doc, invoice, words),
        columns=_columns(invoice, words),
        rows=tuple(_rows(invoice, words)),
        words=letterhead.layout_words(words),
        sums=tuple(_sums(invoice, words)),
        remarks=_remarks(doc, invoice, words),
        ship_to=_ship_to(doc, invoice),
        pay=_pay(master, doc, invoice, words),
        footer=letterhead.foot(company, words),
        look=letterhead.look(root, company),
    )


def _address(party: Party) -> tuple[str, ...]:
    place = f"{party.address.postcode} {party.address.city}".strip()
    return tuple(line for line in (party.name, *party.address.lines, place, party.address.country) if line)


def _facts(doc: Document, invoice: EInvoice, words: Words) -> tuple[Fact, ...]:
    preceding = [f"{p.number}, {words.short(p.day)}" if p.day else p.number for p in invoice.preceding]
    supplied = words.day(invoice.delivery.day) if invoice.delivery.day else ""
    said = (
        ("number", invoice.number),
        ("date", words.day(invoice.issued)),
        ("invoice-number", "; ".join(preceding)),
        ("reason", words.own(invoice.notes[0]) if invoice.notes else ""),
        ("your-order", invoice.purchase_order),
        ("our-order", invoice.sales_order),
        ("delivery-note", invoice.despatch),
        ("supplied", "" if invoice.preceding else supplied),
        ("customer", doc.customer),
        ("your-vat-id", invoice.buyer.vat_id),
    )
    return tuple(Fact(words.say(name), value) for name, value in said if value)


def _headline(doc: Document, invoice: EInvoice, words: Words) -> tuple[Fact, ...]:
    due = words.money(invoice.totals.due, invoice.currency)
    if invoice.kind == en16931.CREDIT_NOTE:
        return (Fact(words.say("amount-credited"), due),)
    if invoice.totals.due <= 0:
        return (Fact(words.say("amount-due"), due), Fact("", words.say("nothing-due")))
    parts = _parts(doc)
    day = words.day(invoice.payment.due) if invoice.payment.due else ""
    when = words.say("in-parts", count=str(len(parts)), date=day) if len(parts) > 1 else day
    said = (("amount-due", due), ("due", when), ("reference", _reference(invoice)))
    return tuple(Fact(words.say(name), value) for name, value in said if value)


def _reference(invoice: EInvoice) -> str:
    reference = invoice.payment.reference
    return printed(reference) if reference.startswith("RF") and reference != invoice.number else reference


def _columns(invoice: EInvoice, words: Words) -> tuple[Column, ...]:
    discounts = (Column("discount", words.say("discount"), number=True),) if _has_discounts(invoice) else ()
    return (
        Column("line", words.say("line"), number=True),
        Column("item", words.say("item")),
        Column("quantity", words.say("quantity"), number=True),
        Column("unit", words.say("unit")),
        Column("price", words.say("price"), number=True),
        *discounts,
        Column("vat", words.say("vat"), number=True),
        Column("net", words.say("net"), number=True),
    )


def _has_discounts(invoice: EInvoice) -> bool:
    return any(line.adjustments for line in invoice.lines)


def _rows(invoice: EInvoice, words: Words) -> Iterable[Row]:
    so_far = ZERO
    for line in invoice.lines:
        so_far += line.net
        carried = f"{words.say('carried')}  {words.money(so_far, invoice.currency)}"
        yield Row(tuple(_cells(invoice, line, words)), carried)


def _cells(invoice: EInvoice, line: Line, words: Words) -> Iterable[Cell]:
    per = f" / {words.number(line.base_quantity)}" if line.base_quantity != 1 else ""
    yield Cell(line.number)
    yield Cell(line.name, " · ".join(part for part in (line.sku, line.description) if part))
    yield Cell(words.number(line.quantity))
    yield Cell(words.unit(line.unit))
    yield Cell(words.price(line.price, invoice.currency) + per)
    if _has_discounts(invoice):
        yield Cell(_taken_off(line.adjustments, invoice.currency, words))
    yield Cell(words.percent(line.rate.percent))
    yield Cell(words.amount(line.net, invoice.currency))


def _taken_off(adjustments: Iterable[Adjustment], currency: str, words: Words) -> str:
    """Say what a line's price was lowered or raised by: the percentage where it is one, else the amount."""
    return ", ".join(
        ("+" if one.charge else "-")
        + (words.percent(one.percent) if one.percent is not None else words.amount(one.amount, currency))
        for one in adjustments
    )


def _sums(invoice: EInvoice, words: Words) -> Iterable[Sum]:
    totals, currency = invoice.totals, invoice.currency

    def money(number: Decimal) -> str:
        return words.money(number, currency)

    if invoice.adjustments:
        yield Sum(words.say("sum-lines"), money(totals.lines))
    for one in invoice.adjustments:
        kind = words.say("charge" if one.charge else "allowance")
        yield Sum(f"{kind}: {one.reason}" if one.reason else kind, money(one.amount if one.charge else -one.amount))
    yield Sum(words.say("net-total"), money(totals.net))
    for tax in invoice.taxes:
        if tax.tax or tax.rate.percent:
            label = words.say("tax-of", rate=words.percent(tax.rate.percent), base=money(tax.base))
            yield Sum(label, money(tax.tax))
        else:
            yield Sum(words.say("tax-none", base=money(tax.base)), money(ZERO))
    yield Sum(words.say("gross-total"), money(totals.gross), strong=True)
    if totals.prepaid:
        yield Sum(words.say("prepaid"), money(-totals.prepaid))
    if totals.rounding:
        yield Sum(words.say("rounding"), money(totals.rounding))
    if totals.due != totals.gross:
        yield Sum(words.say("amount-due"), money(totals.due), strong=True)


def _remarks(doc: Document, invoice: EInvoice, words: Words) -> tuple[str, ...]:
    reasons = dict.fromkeys(words.own(said) for tax in invoice.taxes for said in tax.reason.split("; ") if said)
    terms = [words.own(str(doc.fact("terms-text"))), *_discount(doc, invoice, words), *_instalments(doc, words)]
    if invoice.kind == en16931.CREDIT_NOTE:
        terms = _credit_use(doc, words)
    books: tuple[str, ...] = ()
    if invoice.tax_currency and invoice.tax_currency != invoice.currency:
        label = words.say("in-books-currency", currency=invoice.tax_currency)
        books = (f"{label}: {words.money(invoice.tax_in_it, invoice.tax_currency)}",)
    return tuple(line for line in (*reasons, *terms, *books) if line)


def _credit_use(doc: Document, words: Words) -> list[str]:
    """Say how much a credit note lowers what its invoice leaves open, and how much the customer has to his credit."""
    set_off = -sum((m.amount for m in doc.movements if _is_of(doc.refers, m.item)), ZERO)
    kept = -sum((m.amount for m in doc.movements if m.item == doc.doc_id), ZERO)
    if set_off > 0 and kept > 0:
        parts = (("credit-use-part", set_off), ("credit-kept-part", kept))
        return [words.say(name, amount=words.money(amount, doc.currency)) for name, amount in parts]
    return [words.say(name) for name, amount in (("credit-use", set_off), ("credit-kept", kept)) if amount > 0]


def _is_of(number: str, item: str) -> bool:
    return bool(number) and (item == number or item.startswith(f"{number}."))


def _discount(doc: Document, invoice: EInvoice, words: Words) -> list[str]:
    """Say until when how much may be taken off for paying early, and what is to be paid then."""
    until, percent = doc.fact("discount-until"), doc.fact("discount-percent")
    if not isinstance(until, Date) or not isinstance(percent, Decimal) or invoice.totals.due <= 0:
        return []
    less = rounded(invoice.totals.due * percent / _HUNDRED, invoice.currency)
    return [
        words.say(
            "early",
            date=words.day(until),
            rate=words.percent(percent),
            less=words.money(less, invoice.currency),
            amount=words.money(invoice.totals.due - less, invoice.currency),
        )
    ]


def _instalments(doc: Document, words: Words) -> list[str]:
    """Say each part and its day, where there are several."""
    parts = _parts(doc)
    return [
        words.say("instalment", number=str(number), amount=words.money(amount, doc.currency), date=words.day(due))
        for number, (due, amount) in enumerate(parts, 1)
        if len(parts) > 1
    ]


def _parts(doc: Document) -> list[tuple[Date, Decimal]]:
    own = [m for m in doc.movements if m.due and m.item.startswith(f"{doc.doc_id}.")]
    return [(movement.due, movement.amount) for movement in own if movement.due]


def _ship_to(doc: Document, invoice: EInvoice) -> tuple[str, ...]:
    if doc.fact("ship-to") and "\n" in str(doc.fact("ship-to")):
        return tuple(str(doc.fact("ship-to")).split("\n"))
    place = invoice.delivery.address
    if place is None or place == invoice.buyer.address:
        return ()
    lines = (invoice.delivery.name, *place.lines, f"{place.postcode} {place.city}".strip(), place.country)
    return tuple(line for line in lines if line)


def _pay(master: Master, doc: Document, invoice: EInvoice, words: Words) -> Pay | None:
    payment = asked(doc, master.company)
    if payment is None or invoice.totals.due <= 0:
        return None
    customer = master.customer(doc.customer)
    named = (
        ("pay-to", payment.creditor),
        ("iban", letterhead.grouped(payment.iban)),
        ("bic", payment.bic),
        ("reference", printed(payment.reference) if payment.reference else payment.number),
    )
    whole = len(_parts(doc)) < 2  # a code for everything at once would ask for too much
    until = words.say("pay-until", date=words.day(invoice.payment.due)) if invoice.payment.due and whole else ""
    buyer = (customer.legal_name or customer.name, customer.address)
    return Pay(
        facts=tuple(Fact(words.say(name), value) for name, value in named if value),
        until=until,
        code=epc_code(payment) if whole else "",
        swiss=swiss_bill(payment, master.company.address, buyer, customer.language[:2]) if whole else "",
        link=payment_link(master.company.payment_link, payment) if whole else "",
    )
