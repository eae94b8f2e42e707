"""What of an item is disputed or promised, taken apart: the notes that say so, and what other items took of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.reports.explaining.evidence import of_event
from o2c.reports.explaining.evidence import of_item
from o2c.reports.explaining.evidence import open_items
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import CAPPED
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked

Events = "Mapping[str, Sequence[Event]]"


def of_claims(asked: Asked, item: Item, events: Mapping[str, Sequence[Event]]) -> Part:
    """Give the disputed part of an item at the end of the day: what the notes claim, but not more than is open.

    `events` are disputes and their resolutions, as `disputes.disputed` takes them.
    """
    subject = item.item if events.get(item.item) and _open(events[item.item], asked.day) else item.doc_id
    claims = _open(events.get(subject, ()), asked.day) if item.open > 0 else []
    if not claims:
        return made(f"{item.item}: no claim", SUM, (), item.currency, document=item.item, at=asked.place(item.source))
    parts = [of_event(asked, claim, _amount(claim, item), item.currency) for claim in claims]
    parts += _taken(asked, item, subject, events)
    claimed = made("claimed", SUM, parts, item.currency, formula="all claims less what earlier items took of them")
    if any(dict(claim.extra).get("amount") is None for claim in claims):
        whole = [part._replace(value=item.open) for part in parts[:1]]
        claimed = made("claimed", SUM, whole, item.currency, formula="a claim without an amount: all that is open")
    still = of_item(asked, item, asked.day)
    return made(
        item.item,
        CAPPED,
        (still, claimed),
        item.currency,
        formula="the smaller of what is open and what is claimed",
        document=item.item,
        at=asked.place(item.source),
    )


def _taken(asked: Asked, item: Item, subject: str, events: Mapping[str, Sequence[Event]]) -> list[Part]:
    """Give what earlier instalments took of the claims about their document, below zero."""
    known = asked.once(open_items, asked.day)
    earlier = [one for one in known[: known.index(item)] if subject in {one.item, one.doc_id}]
    about = {subject: events[subject]}
    return [
        Part(f"taken by {one.item}", -part, one.currency, document=one.doc_id, place=asked.place(one.source))
        for one, part in zip(earlier, disputed(earlier, about, asked.day), strict=True)
        if part and one.currency == item.currency
    ]


def _open(events: Sequence[Event], day: date) -> list[Event]:
    """List the claims that are not resolved at the end of a day."""
    known = [event for event in events if event.date <= day]
    resolved = max((at for at, event in enumerate(known) if event.kind == RESOLVED), default=-1)
    return [event for event in known[resolved + 1 :] if event.kind == OPENED]


def _amount(claim: Event, item: Item) -> Decimal:
    amount = dict(claim.extra).get("amount")
    is_own = isinstance(amount, Amount) and amount.currency == item.currency
    return amount.number or ZERO if isinstance(amount, Amount) and is_own else ZERO
