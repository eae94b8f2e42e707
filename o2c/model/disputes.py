"""How much of each open item the customer disputes, as of a day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.model.documents import Event
    from o2c.model.items import Item

OPENED = "dispute-opened"
RESOLVED = "dispute-resolved"


def disputed(items: Iterable[Item], events: Mapping[str, Sequence[Event]], as_of: date) -> list[Decimal]:
    """Tell the disputed part of each item, between zero and what is open.

    A dispute counts from the day of its `dispute-opened` up to the day before its `dispute-resolved`; without an
    `amount` all that is open is disputed. A dispute about a document with instalments fills those that come first.
    """
    claims = {subject: open_ for subject, known in events.items() if subject and (open_ := _open(known, as_of))}
    if not claims:
        return [ZERO for _ in items]
    taken: dict[tuple[str, str], Decimal] = {}
    return [_part(item, claims, taken) for item in items]


def _open(events: Sequence[Event], as_of: date) -> list[Event]:
    claims: list[Event] = []
    for event in events:
        if event.date > as_of:
            continue
        if event.kind == OPENED:
            claims.append(event)
        elif event.kind == RESOLVED:
            claims.clear()
    return claims


def _part(item: Item, claims: Mapping[str, list[Event]], taken: dict[tuple[str, str], Decimal]) -> Decimal:
    subject = item.item if item.item in claims else item.doc_id
    if item.open <= 0 or subject not in claims:
        return ZERO
    claimed = [_amount(claim, item) for claim in claims[subject]]
    before = taken.get((subject, item.currency), ZERO)
    part = min(item.open, max(ZERO, sum(claimed, ZERO) - before))
    if any(dict(claim.extra).get("amount") is None for claim in claims[subject]):
        part = item.open
    taken[subject, item.currency] = before + part
    return part


def _amount(claim: Event, item: Item) -> Decimal:
    amount = dict(claim.extra).get("amount")
    if isinstance(amount, Amount):
        return amount.number or ZERO if amount.currency == item.currency else ZERO
    return amount if isinstance(amount, Decimal) else ZERO
