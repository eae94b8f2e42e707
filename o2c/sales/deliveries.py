"""Deliveries: what was handed over of an order, in part or whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model import progress
from o2c.model.documents import Document
from o2c.model.documents import Line
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.progress import Progress
from o2c.sales.order_decisions import to_confirm
from o2c.sales.totals import HUNDRED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.master import Master
    from o2c.model.documents import Act


def deliver(books: Books, act: Act, day: date, doc_id: str, quantities: Mapping[int, Decimal]) -> list[Document]:
    """Deliver an order: the given quantities per line, or all that is open.

    Raises Refused for orders that are not confirmed, and for more than the order has (policy: over-delivery).
    """
    return deliver_all(books, act, day, [doc_id], quantities)


def deliver_all(
    books: Books, act: Act, day: date, doc_ids: Sequence[str], quantities: Mapping[int, Decimal] | None = None
) -> list[Document]:
    """Deliver all that is open of several orders; with one order, quantities per line may be given."""
    done = Progress(books.facts)
    draw = books.numbers()
    made = []
    for doc_id in doc_ids:
        order = books.facts.document(doc_id, names.ORDER)
        _require_confirmed(books, order, day)
        lines = _lines(books.master, done, order, quantities or {})
        if not lines:
            raise Refused(f"{doc_id} is delivered in full; nothing is left to deliver")
        made.append(_delivery(order, act, day, draw.draw(names.DELIVERY, day), lines))
    return made


def deliverable(books: Books) -> list[str]:
    """Name the confirmed orders of which goods are not delivered yet, in the order of their numbers."""
    done = Progress(books.facts)
    orders = books.facts.documents(names.ORDER)
    return sorted(
        order.doc_id for order in orders if _is_confirmed(books, order) and _lines(books.master, done, order, {})
    )


def _is_confirmed(books: Books, order: Document) -> bool:
    return progress.state(order, books.facts.events[order.doc_id]) == progress.CONFIRMED


def _require_confirmed(books: Books, order: Document, day: date) -> None:
    if not _is_confirmed(books, order):
        said = progress.state(order, books.facts.events[order.doc_id])
        next_step = to_confirm(order.doc_id, said, books.facts.events[order.doc_id])
        raise Refused(f"{order.doc_id} is {said}; only confirmed orders are delivered: {next_step}")
    if day < order.date:
        raise Refused(f"{order.doc_id} is dated {order.date}; it cannot be delivered on {day}, before it")


def _lines(master: Master, done: Progress, order: Document, quantities: Mapping[int, Decimal]) -> tuple[Line, ...]:
    known = {line.number: line for line in order.lines}
    for number in quantities:
        if number not in known:
            raise WrongUsage(f"{order.doc_id} has no line {number}; its lines are {', '.join(map(str, known))}")
    chosen: list[Line] = []
    for line in order.lines:
        if quantities and line.number not in quantities:
            continue
        if master.products[line.sku].kind == "service" and not quantities:
            continue
        open_quantity = line.quantity - done.delivered[order.doc_id, line.number]
        quantity = quantities.get(line.number, max(open_quantity, ZERO))
        allowed = open_quantity + line.quantity * master.policies.over_delivery_percent / HUNDRED
        if quantity > allowed:
            raise Refused(
                f"line {line.number} of {order.doc_id}: {quantity:f} is more than the {open_quantity:f} still open"
            )
        if quantity > 0:
            chosen.append(_line(line, order, quantity, len(chosen) + 1))
    return tuple(chosen)


def _line(line: Line, order: Document, quantity: Decimal, number: int) -> Line:
    return Line(
        number=number,
        account=line.account,
        amount=ZERO,
        currency=line.currency,
        sku=line.sku,
        text=line.text,
        quantity=quantity,
        unit=line.unit,
        order=order.doc_id,
        order_line=line.number,
    )


def _delivery(order: Document, act: Act, day: date, doc_id: str, lines: tuple[Line, ...]) -> Document:
    return Document(
        doc_type=names.DELIVERY,
        doc_id=doc_id,
        date=day,
        customer=order.customer,
        currency=order.currency,
        payee=order.payee,
        narration=f"Delivery {doc_id} of {order.doc_id}",
        lines=lines,
        refers=order.doc_id,
        reference=order.reference,
        act=act,
        links=frozenset({doc_id, order.doc_id}),
        tags=frozenset({names.DELIVERY}),
        extra=extra(ship_to=order.fact("ship-to")),
    )
