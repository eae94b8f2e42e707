"""Open items taken apart: what opened an item, what moved it since, and what of it is disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import WrongUsage
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.money import ZERO
from o2c.reports.explaining.claims import of_claims
from o2c.reports.explaining.evidence import moves_of_items
from o2c.reports.explaining.evidence import of_item
from o2c.reports.explaining.evidence import of_moves
from o2c.reports.explaining.evidence import open_items
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked

HEADLINE = "open"


def explain(asked: Asked) -> Part:
    """Explain a figure of an open item by the entries that moved it."""
    item = item_of(asked)
    if asked.name == "days_past_due":
        due = Part("due", item.due, document=item.doc_id, place=asked.place(item.source))
        return asked.answer(DAYS, (due, Part("the day", asked.day)))
    if asked.name == "disputed":
        return of_claims(asked, item, asked.books.events(OPENED, RESOLVED))._replace(what=asked.name)
    part = of_item(asked, item, asked.day)
    if asked.name == "open":
        return asked.answer(SUM, part.parts or (part,), "everything that moved the item", document=item.item)
    moves = asked.once(moves_of_items, asked.day)[item.account, item.item, item.currency]
    opening = [move for move in moves if move.source == item.source]
    return asked.answer(SUM, of_moves(asked, opening), "what opened the item", document=item.item)


def item_of(asked: Asked) -> Item:
    """Find the item of a row; of two with one name on two accounts, that with the amounts of the row."""
    found = asked.once(_by_name).get((asked.cell("customer"), asked.cell("item"), asked.currency), [])
    same = [one for one in found if one.open == asked.row.get("open", ZERO)]
    if not found:
        raise WrongUsage(f"{asked.table.report}: the row names no open item; name another row")
    return (same or found)[0]


def _by_name(asked: Asked) -> dict[tuple[str, str, str], list[Item]]:
    found: dict[tuple[str, str, str], list[Item]] = {}
    for item in asked.once(open_items, asked.day):
        found.setdefault((item.customer, item.item, item.currency), []).append(item)
    return found
