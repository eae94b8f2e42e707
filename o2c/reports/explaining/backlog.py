"""The order backlog taken apart: what was ordered less what was delivered or invoiced, and what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.credit import orders
from o2c.reports.explaining import order_lines
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import AT_LEAST_ZERO
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import GREATER
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked

HEADLINE = "gross"


def explain(asked: Asked) -> Part:
    """Explain a quantity or value of an open order line."""
    order, line = order_lines.order_of(asked)
    place = asked.place(order.source)
    if asked.name == "days_late" and asked.value != "":
        promised = orders.promised(order, line) or ""
        parts = (Part("promised", promised, document=order.doc_id, place=place), Part("the day", asked.day))
        return asked.answer(DAYS, parts)
    if asked.name in {"delivered", "invoiced"}:
        done = order_lines.delivered(asked) if asked.name == "delivered" else order_lines.invoiced(asked)
        return asked.answer(SUM, done.parts)
    if asked.name in {"net", "gross"}:
        return order_lines.worth(asked, _open(asked))
    if asked.name == "open":
        still = _open(asked)
        return asked.answer(still.rule, still.parts, still.how)
    return asked.answer(None, document=order.doc_id, at=place)


def _open(asked: Asked) -> Part:
    done = (order_lines.delivered(asked), order_lines.invoiced(asked))
    parts = (order_lines.ordered(asked), made("delivered or invoiced", GREATER, done))
    return made("open", AT_LEAST_ZERO, parts, formula="ordered less the greater of delivered and invoiced")
