"""What is delivered and not invoiced, taken apart: deliveries less invoices, and what the rest is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.reports.explaining import evidence
from o2c.reports.explaining import order_lines
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import AT_LEAST_ZERO
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from o2c.reports.explaining.asked import Asked

HEADLINE = "net"


def explain(asked: Asked) -> Part:
    """Explain a quantity or value of an order line that waits for its invoice."""
    order, _ = order_lines.order_of(asked)
    if asked.name == "days" and asked.value != "":
        newest = max(_notes(asked), key=lambda note: note.date)
        return asked.answer(DAYS, (evidence.of_document(asked, newest, newest.date), Part("the day", asked.day)))
    if asked.name in {"delivered", "invoiced"}:
        done = order_lines.delivered(asked) if asked.name == "delivered" else order_lines.invoiced(asked)
        return asked.answer(SUM, done.parts)
    if asked.name in {"net", "gross"}:
        return order_lines.worth(asked, _unbilled(asked))
    if asked.name == "unbilled":
        waits = _unbilled(asked)
        return asked.answer(waits.rule, waits.parts, waits.how)
    return asked.answer(None, document=order.doc_id, at=asked.place(order.source))


def _unbilled(asked: Asked) -> Part:
    parts = (order_lines.delivered(asked), order_lines.invoiced(asked))
    return made("unbilled", AT_LEAST_ZERO, parts, formula="delivered less invoiced")


def _notes(asked: Asked) -> list[Document]:
    numbers = asked.cell("deliveries").split(", ")
    known = asked.about(asked.cell("order")).facts.documents(names.DELIVERY, as_of=asked.day)
    return [doc for doc in known if doc.doc_id in numbers]
