"""An aging taken apart: the items in a bucket, and what moved each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.ages import DUE
from o2c.model.ages import bucket
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.promises import PROMISE
from o2c.model.promises import pending
from o2c.reports.aging import UNAPPLIED
from o2c.reports.aging import USUAL
from o2c.reports.aging import bucket_names
from o2c.reports.explaining.claims import of_claims
from o2c.reports.explaining.evidence import of_item
from o2c.reports.explaining.evidence import open_items
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part

HEADLINE = "total"
_SAID = {
    "total": "all buckets and what is unapplied",
    "disputed": "what of the open debit items is disputed",
    "promised": "what of the open debit items is promised",
    UNAPPLIED: "receipts on account and credits not used yet",
}


def explain(asked: Asked) -> Part:
    """Explain a bucket of a customer by its open items, the total by the buckets."""
    if asked.name == "total":
        names = (*bucket_names(asked.options.get("buckets", USUAL)), UNAPPLIED)
        return asked.answer(SUM, (explain(asked.at(name)) for name in names), _SAID["total"])
    mine = asked.once(_items_of).get((asked.cell("customer"), asked.currency), [])
    if asked.name in {"disputed", "promised"}:
        events = asked.once(_disputes if asked.name == "disputed" else _promises)
        parts = (of_claims(asked, item, events) for item in mine)
        return asked.answer(SUM, (part for part in parts if part.value), _SAID[asked.name])
    parts = (of_item(asked, item, asked.day) for item in mine if bucket_of(asked, item) == asked.name)
    basis = "due" if asked.options.get("basis", DUE) == DUE else "invoice"
    return asked.answer(SUM, parts, _SAID.get(asked.name, f"open debit items by days after the {basis} date"))


def bucket_of(asked: Asked, item: Item) -> str:
    """Name the bucket in which an item stands."""
    if item.open < 0:
        return UNAPPLIED
    last_days = asked.options.get("buckets", USUAL)
    since = item.due if asked.options.get("basis", DUE) == DUE else item.date
    return bucket_names(last_days)[bucket((asked.day - since).days, (0, *last_days))]


def _items_of(asked: Asked) -> dict[tuple[str, str], list[Item]]:
    found: dict[tuple[str, str], list[Item]] = {}
    for item in asked.once(open_items, asked.day):
        found.setdefault((item.customer, item.currency), []).append(item)
    return found


def _disputes(asked: Asked) -> dict[str, list[Event]]:
    return asked.books.events(OPENED, RESOLVED)


def _promises(asked: Asked) -> dict[str, list[Event]]:
    """Give the promises that count on the day, in the words of disputes."""
    known = asked.books.events(PROMISE)
    return {subject: pending(events, asked.day) for subject, events in known.items()}
