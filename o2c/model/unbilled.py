"""What was delivered and is not invoiced yet, and what was invoiced before its delivery, by order line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.model.facts import Facts
    from o2c.model.progress import LineKey


class Gap(NamedTuple):
    """The distance between delivery and invoice of an order line.

    `quantity` is what was delivered less what was invoiced: above zero nobody has invoiced it, below zero it was
    invoiced before it was delivered. `net` is the same in money of the order's currency, exact and not yet rounded.
    """

    order: Document
    line: Line
    quantity: Decimal
    net: Decimal


def gaps(facts: Facts, day: date) -> list[Gap]:
    """List the order lines where delivery and invoice differ at the end of a day, in the order of the books.

    The prices are those of the order as it stood on the day. What was credited by quantity is no more invoiced before
    its delivery (goods returned), but it is not waiting for an invoice either. Reversed documents do not count.
    """
    return list(_gaps(facts, day))


def _gaps(facts: Facts, day: date) -> Iterator[Gap]:
    done, credited = Progress(facts, day), _credited(facts, day)
    for order in facts.documents(names.ORDER, as_of=day):
        for line in order.lines:
            key = (order.doc_id, line.number)
            quantity = done.delivered.get(key, ZERO) - done.invoiced.get(key, ZERO)
            if quantity < 0:
                quantity = min(quantity + credited.get(key, ZERO), ZERO)
            if quantity and line.quantity:
                yield Gap(order, line, quantity, _net(line) * quantity / line.quantity)


def _credited(facts: Facts, day: date) -> dict[LineKey, Decimal]:
    found: dict[LineKey, Decimal] = {}
    for doc in facts.documents(names.CREDIT_NOTE, names.REVERSAL, as_of=day):
        if names.CREDIT_NOTE in {doc.doc_type, doc.fact("reverses")}:
            for line in doc.lines:
                key = (line.order, line.order_line)
                found[key] = found.get(key, ZERO) + line.quantity
    return found


def _net(line: Line) -> Decimal:
    return ZERO if line.net is None or line.net.number is None else line.net.number
