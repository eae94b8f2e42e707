"""A roll-forward taken apart: the entries before its first day, and those in each of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import places
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import SUM
from o2c.reports.flows import CAUSES
from o2c.reports.flows import FX
from o2c.reports.flows import Key
from o2c.reports.flows import flows

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.flows import Flow

HEADLINE = "closing"


def explain(asked: Asked) -> Part:
    """Explain a column by the entries that stand in it, the closing balance by all columns."""
    if asked.name == "closing":
        return asked.answer(SUM, (explain(asked.at(name)) for name in ("opening", *CAUSES)), "opening and all columns")
    period = places.days(asked.as_of, asked.options.get("since"), asked.options.get("until"))
    key = Key(asked.cell("customer"), asked.cell("item_currency"), asked.currency)
    mine = asked.once(_by_account).get(key, [])
    if asked.name == "opening":
        before = (_part(asked, flow, flow.amount + flow.fx) for flow in mine if flow.date < period.first)
        return asked.answer(SUM, before, f"everything before {period.first}")
    within = [flow for flow in mine if period.holds(flow.date)]
    if asked.name == FX:
        return asked.answer(SUM, (_part(asked, flow, flow.fx) for flow in within if flow.fx))
    parts = (_part(asked, flow, flow.amount) for flow in within if flow.cause == asked.name and flow.amount)
    return asked.answer(SUM, parts)


def _by_account(asked: Asked) -> dict[Key, list[Flow]]:
    found: dict[Key, list[Flow]] = {}
    for flow in flows(asked.books.facts, valued=bool(asked.options.get("valued"))):
        found.setdefault(flow.key, []).append(flow)
    return found


def _part(asked: Asked, flow: Flow, amount: Decimal) -> Part:
    said = f"{flow.doc_type or 'entry by hand'} of {flow.date}"
    return Part(said, amount, flow.key.currency, document=flow.doc_id, place=asked.place(flow.source))
