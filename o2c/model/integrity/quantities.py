"""No more is delivered than ordered, invoiced than delivered or ordered, credited than invoiced."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.findings import Finding
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.model.facts import Facts

NAME = "quantities"
#: A line of a document: its number and the line's number.
LineKey = tuple[str, int]


def quantities(facts: Facts, over_delivery: Decimal = ZERO) -> list[Finding]:
    """Follow each line from its order to its credit note and find where it grew.

    `over_delivery` percent of the ordered quantity may be delivered and invoiced on top. A reversal carries the
    opposite quantities and takes them back; credited quantities may be invoiced again.
    """
    documents = sorted(facts.documents(), key=lambda doc: doc.date)
    growth = _Growth(facts, over_delivery)
    return [*_unknown(facts), *(finding for doc in documents for finding in growth.add(doc))]


def _unknown(facts: Facts) -> Iterator[Finding]:
    for doc in facts.documents():
        for line in doc.lines:
            for what, doc_id in (("order", line.order), ("delivery", line.delivery)):
                if doc_id and doc_id not in facts.versions:
                    yield _found(doc, line, f"names the {what} {doc_id}, which is not in the books; correct it")


class _Growth:
    """Counts line by line, document by document, and finds the document that goes too far."""

    def __init__(self, facts: Facts, over_delivery: Decimal) -> None:
        self._lines = {(doc.doc_id, line.number): line for doc in facts.documents() for line in doc.lines}
        self._invoices = {doc.doc_id: doc for doc in facts.documents(names.INVOICE, names.DEPOSIT_INVOICE)}
        orders = facts.documents(names.ORDER)
        #: Orders that say themselves that only what was delivered is invoiced; the policy may have changed since.
        self._by_delivery = {doc.doc_id for doc in orders if doc.fact("invoicing") == "delivery"}
        self._ordered = {
            (doc.doc_id, line.number): line.quantity * (100 + over_delivery) / 100
            for doc in orders
            for line in doc.lines
        }
        #: What was handed over, returns not taken off: they may come after the invoice.
        self._delivered: dict[LineKey, Decimal] = defaultdict(Decimal)
        self._returned: dict[LineKey, Decimal] = defaultdict(Decimal)
        self._invoiced: dict[LineKey, Decimal] = defaultdict(Decimal)
        self._credited: dict[LineKey, Decimal] = defaultdict(Decimal)

    def add(self, doc: Document) -> Iterator[Finding]:
        kind = str(doc.fact("reverses")) or doc.doc_type
        for line in doc.lines:
            key = (line.order, line.order_line)
            if kind == names.DELIVERY:
                self._delivered[key] += line.quantity
                yield from self._over(doc, line, "delivered", self._delivered[key] - self._returned[key])
            elif kind == names.RETURN:
                self._returned[key] += line.quantity
            elif kind == names.INVOICE:
                self._invoiced[key] += line.quantity
                yield from self._over(doc, line, "invoiced", self._invoiced[key])
            elif kind == names.CREDIT_NOTE:
                yield from self._credit(doc, line)

    def _over(self, doc: Document, line: Line, verb: str, quantity: Decimal) -> Iterator[Finding]:
        key = (line.order, line.order_line)
        most = self._ordered.get(key)
        if most is None or doc.doc_type == names.REVERSAL:
            return
        by_delivery = verb == "invoiced" and line.delivery and line.order in self._by_delivery
        if verb == "invoiced":
            most = self._delivered[key] if by_delivery else max(most, self._delivered[key])
        if quantity > most:
            limit = f"{_plain(most)} {'delivered' if by_delivery else 'ordered'}"
            said = f"{_plain(quantity)} {verb} of order {line.order} line {line.order_line}, but only {limit}"
            yield _found(doc, line, f"{said}; amend the order or correct the quantity")

    def _credit(self, doc: Document, line: Line) -> Iterator[Finding]:
        invoice = self._invoices.get(str(doc.fact("invoice")) or doc.refers)
        number = dict(line.extra).get("invoice-line")
        if invoice is None or not isinstance(number, Decimal):
            return
        key = (invoice.doc_id, int(number))
        credited = self._lines.get(key)
        if credited is None:
            yield _found(doc, line, f"credits line {number} of {invoice.doc_id}, which has no such line; correct it")
            return
        self._invoiced[credited.order, credited.order_line] -= line.quantity
        self._credited[key] += _net(line, 1)
        whole = _net(credited, -1)
        more = self._credited[key] - whole if whole >= 0 else whole - self._credited[key]
        if more > 0:
            said = f"credits {text(more, doc.currency)} more than line {number} of {invoice.doc_id} has"
            yield _found(doc, line, f"{said}; correct the amount")


def _net(line: Line, sign: int) -> Decimal:
    """Give the net of a line as the customer reads it; `sign` is that of the postings of such documents."""
    number = line.net.number if line.net is not None else sign * line.amount
    return number if number is not None else ZERO


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _found(doc: Document, line: Line, message: str) -> Finding:
    return Finding(NAME, doc.source, f"{doc.doc_id} line {line.number} {message}")
