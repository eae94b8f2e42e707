"""How far orders and invoices have come: quantities ordered, delivered, invoiced, credited, line by line.

Each quantity is counted from the documents; a reversal carries the opposite quantity and takes it back.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from datetime import date

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts

DRAFT = "draft"
CONFIRMED = "confirmed"
HELD = "held"
CANCELLED = "cancelled"

#: A line of a document: its number and the line's number.
LineKey = tuple[str, int]


class Credited(NamedTuple):
    """What was credited of an invoice line (or of a tax code).

    `net` is in the document's currency, with the sign of the line; `posted` is the same as posted, debit positive.
    """

    quantity: Decimal = ZERO
    net: Decimal = ZERO
    posted: Decimal = ZERO


class Progress:
    """Quantities per order line and credits per invoice line, as of a day (None: all)."""

    def __init__(self, facts: Facts, as_of: date | None = None) -> None:
        """Count once over all documents."""
        self.delivered: dict[LineKey, Decimal] = defaultdict(Decimal)
        self.invoiced: dict[LineKey, Decimal] = defaultdict(Decimal)
        self.deliveries: dict[LineKey, list[Document]] = defaultdict(list)
        self.credited: dict[LineKey, Credited] = {}
        self.credited_tax: dict[tuple[str, str], Credited] = {}
        for doc in facts.documents(as_of=as_of):
            self._count(doc)

    def _count(self, doc: Document) -> None:
        kind = str(doc.fact("reverses")) or doc.doc_type
        if kind in {names.DELIVERY, names.RETURN}:
            self._count_delivery(doc, -1 if kind == names.RETURN else 1)
        elif kind == names.INVOICE:
            for line in doc.lines:
                if line.order:
                    self.invoiced[line.order, line.order_line] += line.quantity
        elif kind == names.CREDIT_NOTE:
            self._count_credit(doc)

    def _count_delivery(self, doc: Document, sign: int) -> None:
        for line in doc.lines:
            self.delivered[line.order, line.order_line] += sign * line.quantity
            if doc.doc_type == names.DELIVERY:
                self.deliveries[line.order, line.order_line].append(doc)

    def _count_credit(self, doc: Document) -> None:
        """Add what a credit note credits; its reversal carries the opposite signs, and takes it back."""
        invoice = str(doc.fact("invoice")) or doc.refers
        for line in doc.lines:
            key = (invoice, int(Decimal(str(dict(line.extra).get("invoice-line", 0)))))
            before = self.credited.get(key, Credited())
            net = line.amount if line.net is None or line.net.number is None else line.net.number
            self.credited[key] = Credited(
                before.quantity + line.quantity, before.net + net, before.posted + line.amount
            )
        for tax in doc.taxes:
            of_code = self.credited_tax.get((invoice, tax.code), Credited())
            number = tax.amount if tax.tax is None or tax.tax.number is None else tax.tax.number
            self.credited_tax[invoice, tax.code] = Credited(ZERO, of_code.net + number, of_code.posted + tax.amount)


def state(order: Document, events: list[Event]) -> str:
    """Tell the state of an order: draft, confirmed, held or cancelled; an amended order must be confirmed again."""
    said = DRAFT
    for event in events:
        if event.kind == "order-cancelled":
            return CANCELLED
        if event.kind == "order-held":
            said = HELD
        elif event.kind == "order-released":
            said = DRAFT
        elif event.kind == "order-confirmed" and said != HELD:
            said = CONFIRMED if event_version(event) == order.version else DRAFT
    if said == CONFIRMED and not _confirmed(order, events):
        return DRAFT
    return said


def event_version(event: Event) -> int:
    """Give the version of the order that the event speaks of."""
    value = dict(event.extra).get("version", Decimal(1))
    return int(value) if isinstance(value, Decimal) else 1


def _confirmed(order: Document, events: list[Event]) -> bool:
    return any(event.kind == "order-confirmed" and event_version(event) == order.version for event in events)
