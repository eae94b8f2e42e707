"""The lines of a dunning proposal: for each customer the reminders of a run as notes, and the evidence for them."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.dunning import standing
from o2c.model import names
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.model.reminders import REMINDER
from o2c.proposals import Part

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date as Date

    from o2c.dunning.standing import Standing
    from o2c.model.documents import Act


def parts(items: Sequence[Standing], act: Act, day: Date) -> list[Part]:
    """Make a line for each customer with items to be reminded of on the day, in the order of their codes."""
    ordered = sorted(items, key=lambda one: one.item.customer)
    groups = [(customer, list(group)) for customer, group in groupby(ordered, key=lambda one: one.item.customer)]
    return [_part(customer, group, act, day) for customer, group in groups if any(not one.reason for one in group)]


def _part(customer: str, items: Sequence[Standing], act: Act, day: Date) -> Part:
    due = [one for one in items if not one.reason]
    own = act._replace(key="", request="")
    entries = {one.item.item: _reminder(one, own, day) for one in due}
    said = [_said(one, day) for one in due]
    left = [f"{one.item.item}: {one.why}" for one in items if one.reason not in {"", standing.NOT_YET}]
    return Part(
        entries=tuple(entries.values()),
        about=tuple(sorted({name for one in due for name in (one.item.item, one.item.doc_id)})),
        evidence=(*_numbered("item", said), *_numbered("left-out", left), *_numbered("credit", _credits(due))),
        summary=f"{customer}: {_levels(due)}, {_sums(due)}",
    )


def _reminder(one: Standing, act: Act, day: Date) -> Event:
    item = one.item
    return Event(
        kind=REMINDER,
        date=day,
        subject=item.item,
        customer=item.customer,
        act=act,
        account=names.receivable(item.customer),
        comment=one.name,
        links=frozenset({item.item}),
        extra=extra(level=Decimal(one.next), amount=Amount(one.asked, item.currency)),
    )


def _numbered(word: str, sentences: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"{word}-{number:04d}", sentence) for number, sentence in enumerate(sentences, 1)]


def _said(one: Standing, day: Date) -> str:
    item, last = one.item, one.reached
    claims = (("disputed", one.disputed), ("promised", one.promised))
    less = "".join(f", {text(amount, item.currency)} {word}" for word, amount in claims if amount)
    before = f"level {last.level} on {last.posted}" if last.posted else "never reminded"
    return (
        f"{item.item}: {text(one.asked, item.currency)} of {text(item.open, item.currency)} open{less}; "
        f"due {item.due}, {(day - item.due).days} days past due; {before}, now level {one.next}"
    )


def _credits(due: Sequence[Standing]) -> list[str]:
    """Say which credits of the customer are not used yet, so that who reviews may apply them first."""
    found = {one.item.currency: one.credit for one in due if one.credit}
    return [
        f"an unapplied credit of {text(credit, currency)} does not cover what is overdue; does it belong to an item?"
        for currency, credit in sorted(found.items())
    ]


def _levels(due: Sequence[Standing]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in sorted(due, key=lambda one: one.next)))


def _sums(due: Sequence[Standing]) -> str:
    sums: dict[str, Decimal] = {}
    for one in due:
        sums[one.item.currency] = sums.get(one.item.currency, ZERO) + one.asked
    return " and ".join(text(number, currency) for currency, number in sorted(sums.items()))
