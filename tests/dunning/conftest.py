"""Items and notes as values, with which the rules of dunning are tried without any books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.dunning.standing import judged
from o2c.master.dunning_policy import DunningPolicy
from o2c.master.dunning_policy import Level
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.findings import NOWHERE
from o2c.model.items import Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.dunning.standing import Standing
    from o2c.model.documents import Value

LEVELS = (Level(5, "First"), Level(20, "Second"), Level(40, "Third"))
POLICY = DunningPolicy(LEVELS, interval=0)


def day(text: str) -> date:
    """Read a day of 2026, like 03-01."""
    return date.fromisoformat(f"2026-{text}")


def item(name: str, due: str, open_: str, currency: str = "EUR", customer: str = "C1") -> Item:
    """Make an open item; below zero it is a credit. An instalment is named after its document: `INV-1.2`."""
    amount = Decimal(open_)
    account = names.receivable(customer) if amount > 0 else names.deposit(customer)
    document = name.split(".", 1)[0]
    return Item(
        name,
        account,
        customer,
        currency,
        document,
        "invoice",
        day(due),
        day(due),
        amount,
        amount,
        Decimal(0),
        "",
        NOWHERE,
    )


def note(kind: str, on: str, subject: str, customer: str = "C1", why: str = "", **facts: Value) -> Event:
    """Make a note."""
    return Event(kind, day(on), subject, customer, Act(why=why), names.receivable(customer), kind, extra=extra(**facts))


def eur(number: str) -> Amount:
    """Make an amount."""
    return Amount(Decimal(number), "EUR")


def judge(
    items: Iterable[Item], notes: Iterable[Event], on: str, policy: DunningPolicy = POLICY
) -> dict[str, Standing]:
    """Judge items by notes, which are in the order of the books; gives the standings by the names of the items."""
    events: dict[str, list[Event]] = {}
    for one in notes:
        events.setdefault(one.subject, []).append(one)
    ordered = sorted(items, key=lambda one: (one.due, one.item))
    return {one.item.item: one for one in judged(ordered, events, policy, day(on))}
