"""Disputes by reason taken apart: each dispute with the days it was opened and resolved, and the items disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.items import items
from o2c.reports.explaining import evidence
from o2c.reports.explaining.claims import of_claims
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import DAYS
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked

HEADLINE = "disputed"
#: The note that opened a dispute, and the one that resolved it by the last day.
Pair = tuple["Event", "Event | None"]


def explain(asked: Asked) -> Part:
    """Explain counts and days by the disputes, the disputed amount by the items."""
    if asked.name == "disputed":
        parts = [of_claims(asked, item, asked.once(_events)) for item in _items(asked)]
        return asked.answer(SUM, parts, "the disputed parts of open items")
    pairs = asked.once(_pairs).get((asked.cell("reason"), asked.currency), [])
    opened = [pair for pair in pairs if asked.options.get("since", pair[0].date) <= pair[0].date]
    if asked.name == "opened":
        return asked.answer(COUNT, [evidence.of_event(asked, one, one.date) for one, _ in opened])
    if asked.name == "open":
        return asked.answer(COUNT, [evidence.of_event(asked, one, one.date) for one, end in pairs if end is None])
    lasted = [
        _lasted(asked, one, end) for one, end in pairs if end and asked.options.get("since", end.date) <= end.date
    ]
    if asked.name == "resolved":
        return asked.answer(COUNT, lasted)
    parts = [made("days", SUM, lasted), made("resolved", COUNT, lasted)]
    return asked.answer(quotient(), parts, "days from opened to resolved / resolved")


def _lasted(asked: Asked, opened: Event, resolved: Event) -> Part:
    days = (evidence.of_event(asked, opened, opened.date), evidence.of_event(asked, resolved, resolved.date))
    return made(f"dispute about {opened.subject}", DAYS, days, document=opened.subject, at=asked.place(resolved.source))


def _events(asked: Asked) -> dict[str, list[Event]]:
    return asked.books.events(OPENED, RESOLVED)


def _pairs(asked: Asked) -> dict[tuple[str, str], list[Pair]]:
    """Sort the disputes opened up to the last day by reason and currency."""
    found: dict[tuple[str, str], list[Pair]] = {}
    for subject, known in asked.once(_events).items():
        dated = [event for event in known if event.date <= asked.day]
        for at, event in enumerate(dated):
            if event.kind == OPENED and asked.chosen.takes(event.customer):
                end = next((later for later in dated[at:] if later.kind == RESOLVED), None)
                currency = asked.once(_currencies).get(subject) or _of_amount(event)
                found.setdefault((_reason(event), currency), []).append((event, end))
    return found


def _currencies(asked: Asked) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items(asked.books.facts.moved, asked.day).values():
        found.setdefault(item.item, item.currency)
        found.setdefault(item.doc_id, item.currency)
    return found


def _of_amount(event: Event) -> str:
    amount = dict(event.extra).get("amount")
    return amount.currency if isinstance(amount, Amount) else ""


def _reason(event: Event) -> str:
    return str(dict(event.extra).get("reason", ""))


def _items(asked: Asked) -> list[Item]:
    """List the disputed items whose newest dispute gives the reason of the row."""
    known = asked.once(_events)
    return [
        item
        for item in asked.once(evidence.open_items, asked.day)
        if item.currency == asked.currency and item.open > 0 and _newest(known, item, asked.day) == asked.cell("reason")
    ]


def _newest(known: Mapping[str, Sequence[Event]], item: Item, day: date) -> str | None:
    """Give the reason of the newest open dispute about an item, or about its document; None where there is none."""
    for subject in (item.item, item.doc_id):
        dated = [event for event in known.get(subject, ()) if event.date <= day]
        if dated and dated[-1].kind == OPENED:
            return _reason(dated[-1])
    return None
