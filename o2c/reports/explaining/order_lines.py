"""Order lines taken apart: what was ordered, delivered and invoiced of them, and what the rest is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import share
from o2c.reports.explaining.rules import taxed_share

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.reports.explaining.asked import Asked

_DELIVERING = {names.DELIVERY: 1, names.RETURN: -1}
_INVOICING = {names.INVOICE: 1}


def order_of(asked: Asked) -> tuple[Document, Line]:
    """Find the order line of a row, in the version of the day."""
    return asked.once(_lines)[asked.cell("order"), int(asked.cell("line"))]


def ordered(asked: Asked) -> Part:
    """Give the quantity of the line."""
    order, line = order_of(asked)
    return evidence.of_document(asked, order, line.quantity, said="ordered")


def delivered(asked: Asked) -> Part:
    """Give what was delivered of the line, less what came back."""
    return made("delivered", SUM, _quantities(asked, _DELIVERING))


def invoiced(asked: Asked) -> Part:
    """Give what was invoiced of the line, less invoices that were reversed."""
    return made("invoiced", SUM, _quantities(asked, _INVOICING))


def worth(asked: Asked, quantity: Part) -> Part:
    """Give what a quantity of the line is worth: `net` or `gross`, as its column says."""
    order, line = order_of(asked)
    net = line.net.number if line.net is not None and line.net.number is not None else ZERO
    parts = [evidence.of_document(asked, order, net, asked.currency, "net of the line"), quantity, ordered(asked)]
    if asked.name == "net":
        return asked.answer(share(asked.currency), parts, "net of the line x quantity / ordered")
    rate = dict(line.extra).get("tax-rate")
    percent = rate if isinstance(rate, Decimal) else ZERO
    parts.append(evidence.of_document(asked, order, percent, said="tax rate of the line in percent"))
    return asked.answer(taxed_share(asked.currency), parts, "net of the line x quantity / ordered, with its tax")


def _quantities(asked: Asked, signs: dict[str, int]) -> list[Part]:
    key = (asked.cell("order"), int(asked.cell("line")))
    return [
        evidence.of_document(asked, doc, signs[kind] * line.quantity)
        for doc, line, kind in asked.once(_done).get(key, [])
        if kind in signs
    ]


def _lines(asked: Asked) -> dict[tuple[str, int], tuple[Document, Line]]:
    orders = asked.about(asked.cell("order")).facts.documents(names.ORDER, as_of=asked.day)
    return {(order.doc_id, line.number): (order, line) for order in orders for line in order.lines}


def _done(asked: Asked) -> dict[tuple[str, int], list[tuple[Document, Line, str]]]:
    """Sort what was delivered and invoiced by order line; a reversal carries the opposite quantity."""
    found: dict[tuple[str, int], list[tuple[Document, Line, str]]] = {}
    for doc in asked.about(asked.cell("order")).facts.documents(as_of=asked.day):
        kind = str(doc.fact("reverses")) or doc.doc_type
        for line in doc.lines if kind in {*_DELIVERING, *_INVOICING} else ():
            found.setdefault((line.order, line.order_line), []).append((doc, line, kind))
    return found
