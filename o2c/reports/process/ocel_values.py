"""What events and objects of the log say of themselves: attributes with their types, every value as a string."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports.acts import amount_of
from o2c.reports.cells import number
from o2c.reports.process.steps import time_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from beancount.core.amount import Amount

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.documents import Line
    from o2c.reports.process.steps import Step

#: The moment of attributes that an object had from the beginning.
ALWAYS = "1970-01-01T00:00:00Z"
CUSTOMER = "customer"
LINE = "order-line"
_STRING, _FLOAT, _TIME, _BOOLEAN = "string", "float", "time", "boolean"
EVENT = {
    "amount": _FLOAT,
    "currency": _STRING,
    "by": _STRING,
    "by_hand": _BOOLEAN,
    "recorded": _TIME,
    "why": _STRING,
}
#: What of an event says who did it.
PEOPLE = frozenset({"by", "why"})
_DOCUMENT = {"amount": _FLOAT, "currency": _STRING, "due": _TIME, "terms": _STRING, "reason": _STRING}
_OBJECT = {
    CUSTOMER: {"name": _STRING},
    LINE: {"sku": _STRING, "text": _STRING, "quantity": _FLOAT, "unit": _STRING, "net": _FLOAT, "currency": _STRING},
}


def of_type(kind: str) -> Mapping[str, str]:
    """Give the attributes of a type of objects, with their types."""
    return _OBJECT.get(kind, _DOCUMENT)


def of_event(step: Step) -> dict[str, str]:
    """Give what a step says of itself; empty values where it says nothing."""
    act = step.entry.act
    return {
        **_money(amount_of(step.entry)),
        "by": act.by,
        "by_hand": "true" if step.is_by_hand else "false",
        "recorded": act.at,
        "why": act.why,
    }


def of_document(doc: Document) -> dict[str, str]:
    """Give what a document says of itself: an order its net, others what they moved on items, debit positive."""
    due = f"{doc.due.isoformat()}T00:00:00Z" if doc.due else ""
    return {**_money(amount_of(doc)), "due": due, "terms": doc.terms, "reason": doc.reason}


def of_line(order: Document, line: Line) -> dict[str, str]:
    """Give what an order line says of itself."""
    net = number(line.net.number, line.net.currency) if line.net and line.net.number is not None else ""
    said = {"sku": line.sku, "text": line.text, "quantity": number(line.quantity), "unit": line.unit}
    return {**said, "net": net, "currency": order.currency}


def history(values: Iterable[tuple[Document | Event, Mapping[str, str]]]) -> list[dict[str, str]]:
    """Write attributes as they were from the beginning, and each change with its moment."""
    known: dict[str, str] = {}
    found = []
    for version, (entry, said) in enumerate(values):
        for name, value in said.items():
            if value != known.get(name, ""):
                found.append({"name": name, "time": time_of(entry) if version else ALWAYS, "value": value})
        known.update(said)
    return found


def _money(amount: Amount | None) -> dict[str, str]:
    if amount is None or not isinstance(amount.number, Decimal):
        return {"amount": "", "currency": ""}
    return {"amount": number(amount.number, amount.currency), "currency": amount.currency}
