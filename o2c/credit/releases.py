"""Releases of held orders: good for an amount, until a day, and for the version of the order that was released."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from o2c.errors import BadInput
from o2c.model.credit.releases import RELEASED
from o2c.model.credit.releases import read_release
from o2c.model.documents import Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date

    from beancount.core.amount import Amount

    from o2c.model.credit.releases import Release
    from o2c.model.documents import Document

HELD: Final = "order-held"
#: What a hold for credit gives as its reason.
CREDIT: Final = "credit"


def valid_release(
    events: Sequence[Event], step: Sequence[Document | Event], order: Document, day: Date
) -> Amount | None:
    """Give the amount that may still pass of an order on a day: that of its newest release; None where none is valid.

    A release ends with its day, with a new version of the order, and with a new hold for credit.
    """
    valid: Release | None = None
    for event in (*events, *(entry for entry in step if isinstance(entry, Event))):
        if event.subject != order.doc_id or event.date > day:
            continue
        if is_credit_hold(event):
            valid = None
        elif event.kind == RELEASED:
            valid = _read(event) or valid
    return valid.amount if valid is not None and valid.counts_on(day, order.version) else None


def _read(event: Event) -> Release | None:
    try:
        return read_release(event)
    except BadInput:  # the plugin names it at its line; nothing passes on it
        return None


def is_credit_hold(event: Event) -> bool:
    """Tell whether a note holds an order because of credit."""
    return event.kind == HELD and dict(event.extra).get("reason") == CREDIT


def held_for(events: Sequence[Event]) -> Event | None:
    """Give the note that holds an order now; None where it is not held."""
    now: Event | None = None
    for event in events:
        if event.kind == HELD:
            now = event
        elif event.kind == RELEASED:
            now = None
    return now
