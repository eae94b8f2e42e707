"""A cash forecast by item taken apart: what is open of an item, and the chances of each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining import evidence
from o2c.reports.explaining import expectations
from o2c.reports.explaining.forecast import expecting
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.forecasting.expecting import Expected

HEADLINE = "expected"


def explain(asked: Asked) -> Part:
    """Explain what an item is expected to bring by what is open of it and its chances."""
    one = _of_row(asked)
    still = evidence.of_item(asked, one.item, asked.as_of)
    later = expectations.of_item(asked, one, len(one.amounts) - 1, asked.as_of)._replace(what="later, or never")
    if asked.name == "days_past_due":
        due = Part("due", one.item.due, document=one.item.doc_id, place=asked.place(one.item.source))
        return asked.answer(DAYS, (due, Part("the day", asked.as_of)))
    if asked.name == "open":
        return asked.answer(SUM, still.parts or (still,))
    if asked.name == "later":
        return asked.answer(later.rule, later.parts)
    if asked.name == "expected":
        return asked.answer(LESS, (still, later), "open less what comes later, or never")
    if asked.name == "percent":
        expected = explain(asked.at("expected"))
        return asked.answer(quotient(), (expected, still, Part("percent", 100)), "expected / open x 100")
    return asked.answer(None, formula=f"items in the history of {one.source.whose}; `o2c report days-to-pay` lists it")


def _of_row(asked: Asked) -> Expected:
    key = (asked.cell("customer"), asked.cell("item"), asked.currency)
    found = [one for one in asked.once(expecting) if (one.item.customer, one.item.item, one.item.currency) == key]
    return next((one for one in found if one.open == asked.row["open"]), found[0])
