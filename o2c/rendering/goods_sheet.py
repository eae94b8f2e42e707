"""Order confirmations and delivery notes as sheets."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.rendering import letterhead
from o2c.rendering.sheet import Cell
from o2c.rendering.sheet import Column
from o2c.rendering.sheet import Fact
from o2c.rendering.sheet import Row
from o2c.rendering.sheet import Sheet
from o2c.rendering.sheet import Sum
from o2c.sales.totals import taxes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.rendering.words import Words


def goods_sheet(root: Path, master: Master, doc: Document, words: Words) -> Sheet:
    """Lay out an order (with prices and taxes of its day) or a delivery (quantities only)."""
    company, customer = master.company, master.customer(doc.customer)
    priced = doc.doc_type == names.ORDER
    return Sheet(
        kind="document",
        language=words.language,
        number=doc.doc_id,
        day=doc.date.isoformat(),
        title=words.say(doc.doc_type),
        seller=company.name,
        sender_line=letterhead.sender_line(company),
        receiver=letterhead.receiver(customer),
        facts=_facts(doc, words),
        headline=_headline(doc, master, words) if priced else (),
        columns=_columns(doc, words, priced=priced),
        rows=tuple(_rows(doc, words, priced=priced)),
        words=letterhead.layout_words(words),
        sums=tuple(_sums(doc, master, words)) if priced else (),
        said=(words.say("thanks-order" if priced else "intro-delivery"),),
        remarks=_terms(doc, master, words) if priced else (),
        ship_to=_ship_to(doc, master),
        footer=letterhead.foot(company, words),
        look=letterhead.look(root, company),
    )


def _facts(doc: Document, words: Words) -> tuple[Fact, ...]:
    requested = doc.fact("requested-date")
    version = f" ({doc.version})" if doc.version > 1 else ""
    said = (
        ("number", doc.doc_id + version),
        ("date", words.day(doc.date)),
        ("your-order", doc.reference),
        ("our-order", doc.refers if doc.doc_type == names.DELIVERY else ""),
        ("requested", words.day(requested) if isinstance(requested, Date) else ""),
        ("customer", doc.customer),
    )
    return tuple(Fact(words.say(name), value) for name, value in said if value)


def _ship_to(doc: Document, master: Master) -> tuple[str, ...]:
    """Find where the goods go: the address as it was written, or what the code in the document stands for."""
    said = str(doc.fact("ship-to"))
    customer = master.customer(doc.customer)
    if "\n" in said:
        return tuple(said.split("\n"))
    if said in customer.ship_to_addresses:
        return (customer.name, *customer.ship_to_addresses[said].text().split("\n"))
    return letterhead.receiver(master.customers[said]) if said in master.customers else ()


def _columns(doc: Document, words: Words, *, priced: bool) -> tuple[Column, ...]:
    goods = (
        Column("line", words.say("line"), number=True),
        Column("item", words.say("item")),
        Column("quantity", words.say("quantity"), number=True),
        Column("unit", words.say("unit")),
    )
    if not priced:
        return goods
    discounts = (Column("discount", words.say("discount"), number=True),) if _discounted(doc) else ()
    price = Column("price", words.say("price"), number=True)
    return (*goods, price, *discounts, Column("net", words.say("net"), number=True))


def _discounted(doc: Document) -> bool:
    return any(line.discount for line in doc.lines)


def _rows(doc: Document, words: Words, *, priced: bool) -> Iterable[Row]:
    so_far = ZERO
    for line in doc.lines:
        so_far += _net(line)
        carried = f"{words.say('carried')}  {words.money(so_far, doc.currency)}" if priced else ""
        yield Row(tuple(_cells(doc, line, words, priced=priced)), carried)


def _cells(doc: Document, line: Line, words: Words, *, priced: bool) -> Iterable[Cell]:
    promised = dict(line.extra).get("promised")
    below = [line.sku, f"{words.say('promised')} {words.short(promised)}" if isinstance(promised, Date) else ""]
    yield Cell(str(line.number))
    yield Cell(line.text, " · ".join(part for part in below if part))
    yield Cell(words.number(line.quantity))
    yield Cell(words.unit(line.unit))
    if priced:
        price = line.price.number if line.price else None
        yield Cell(words.price(price, doc.currency) if price is not None else "")
        if _discounted(doc):
            yield Cell(f"-{words.percent(line.discount)}" if line.discount else "")
        yield Cell(words.amount(_net(line), doc.currency))


def _net(line: Line) -> Decimal:
    return line.net.number or ZERO if line.net is not None else ZERO


def _headline(doc: Document, master: Master, words: Words) -> tuple[Fact, ...]:
    return (Fact(words.say("order-total"), words.money(_gross(doc, master), doc.currency)),)


def _gross(doc: Document, master: Master) -> Decimal:
    net = sum((_net(line) for line in doc.lines), ZERO)
    return net + sum((total.tax for total in taxes(_taxed(doc, master), doc.currency)), ZERO)


def _taxed(doc: Document, master: Master) -> list[tuple[str, Decimal, Decimal]]:
    return [(line.tax_code, _rate(doc, line, master), _net(line)) for line in doc.lines]


def _rate(doc: Document, line: Line, master: Master) -> Decimal:
    """Give the rate that the order carries; orders from before it was written down have that of their day."""
    rate = dict(line.extra).get("tax-rate")
    return rate if isinstance(rate, Decimal) else master.taxes.codes[line.tax_code].rate(doc.date)


def _sums(doc: Document, master: Master, words: Words) -> Iterable[Sum]:
    yield Sum(words.say("net-total"), words.money(sum((_net(line) for line in doc.lines), ZERO), doc.currency))
    for total in taxes(_taxed(doc, master), doc.currency):
        base = words.money(total.base, doc.currency)
        label = words.say("tax-of", rate=words.percent(total.rate), base=base)
        yield Sum(label if total.rate else words.say("tax-none", base=base), words.money(total.tax, doc.currency))
    yield Sum(words.say("gross-total"), words.money(_gross(doc, master), doc.currency), strong=True)


def _terms(doc: Document, master: Master, words: Words) -> tuple[str, ...]:
    return (words.own(master.terms[doc.terms].text),) if doc.terms in master.terms else ()
