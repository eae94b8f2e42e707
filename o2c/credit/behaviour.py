"""How a customer pays, in the figures that the rules look at: what is overdue, since when, how often reminded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model.items import open_items
from o2c.model.money import ZERO
from o2c.model.reminders import reminded

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.model.documents import Event
    from o2c.model.facts import Facts
    from o2c.model.items import Item

    #: Gives the worth of an amount in the currency of the books.
    Worth = Callable[[Decimal, str], Decimal]

_HUNDRED = Decimal(100)


class Arrears(NamedTuple):
    """What is overdue at the end of a day: the oldest item, since how many days, and the part of all that is owed."""

    oldest_item: str = ""
    oldest_days: int = 0
    percent: Decimal = ZERO


def arrears(items: Iterable[Item], day: date, worth: Worth, disputed: Mapping[str, Decimal]) -> Arrears:
    """Measure what is overdue among open debit items; `disputed` is the part of each item to leave out.

    The percentage is of the same items, disputed parts left out, valued in the currency of the books, to one decimal.
    """
    counted = [(item, part) for item in items if (part := item.open - disputed.get(item.item, ZERO)) > 0]
    late = [(item, part) for item, part in counted if item.due < day]
    if not late:
        return Arrears()
    oldest = min((item for item, _ in late), key=lambda item: (item.due, item.item))
    owed = sum((worth(part, item.currency) for item, part in counted), ZERO)
    overdue = sum((worth(part, item.currency) for item, part in late), ZERO)
    percent = (overdue * _HUNDRED / owed).quantize(Decimal("0.1"), ROUND_HALF_UP) if owed else ZERO
    return Arrears(oldest.item, (day - oldest.due).days, percent)


def debits(facts: Facts, day: date) -> list[Item]:
    """List the open items that a customer owes at the end of a day, oldest due first."""
    return [item for item in open_items(facts.moved, day) if item.open > 0]


def disputed(items: Sequence[Item], events: Mapping[str, Sequence[Event]], day: date) -> dict[str, Decimal]:
    """Give the disputed part of each item on a day: of a dispute without an amount, or about a document, all of it."""
    found: dict[str, Decimal] = {}
    for item in items:
        for subject in dict.fromkeys((item.item, item.doc_id)):
            claims = _open_claims(events.get(subject, ()), day)
            if claims:
                found[item.item] = min(item.open, sum((_claimed(claim, item) for claim in claims), ZERO))
                break
    return found


def _open_claims(events: Sequence[Event], day: date) -> list[Event]:
    claims: list[Event] = []
    for event in events:
        if event.date <= day and event.kind == "dispute-opened":
            claims.append(event)
        elif event.date <= day and event.kind == "dispute-resolved":
            claims.clear()
    return claims


def _claimed(claim: Event, item: Item) -> Decimal:
    amount = dict(claim.extra).get("amount")
    if isinstance(amount, Amount) and amount.currency == item.currency and claim.subject == item.item:
        return amount.number or ZERO
    return item.open


def dunning_level(items: Iterable[Item], events: Mapping[str, Sequence[Event]], day: date) -> int:
    """Give the highest dunning level of items still open; a reminder without a `level` counts as one more."""
    return max((reminded(item, events, day).level for item in items), default=0)


def has_bought(facts: Facts, day: date, besides: str) -> bool:
    """Tell whether a customer bought before: an invoice, an item moved in, or another order that was confirmed."""
    for doc in facts.documents(names.INVOICE, names.OPENING_ITEM, as_of=day):
        if not any(line.order == besides for line in doc.lines) or doc.doc_type == names.OPENING_ITEM:
            return True
    return any(
        event.kind == "order-confirmed" and subject != besides and event.date <= day
        for subject, events in facts.events.items()
        for event in events
    )
