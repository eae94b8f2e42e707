"""Who surely stayed within the limit: told in one pass over the movements, so that only the others are watched by day.

What a customer had open at the end of any day is compared with the least that it was ever allowed. Orders count in
full here, however far away the promised day is. So a customer who passes never broke its limit; who does not pass may
have kept to it all the same.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.credit.in_force import in_force
from o2c.model.credit.in_force import turns
from o2c.model.credit.order_parts import parts_of
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.credit.histories import History
    from o2c.model.credit.limits import LimitEntry
    from o2c.model.integrity.sheet import Move

#: A day, what moved (an item by account and name, or an order), by how much, and in which currency.
Step = tuple["Date", "tuple[str, str]", "Decimal", str]
_DAY = itemgetter(0)


class Cap(NamedTuple):
    """The least that a customer was ever allowed; `deduct` where credits always counted."""

    amount: Decimal
    currency: str
    deduct: bool


def within(
    by_name: Mapping[str, Sequence[LimitEntry]], moves: Iterable[Move], histories: Mapping[str, History]
) -> set[str]:
    """Name the customers among the limits who surely never went beyond theirs."""
    caps = {name: cap for name, entries in by_name.items() if (cap := _cap(entries)) is not None}
    steps: dict[str, list[Step]] = {name: [] for name in caps}
    for _, date, account, customer, item, number, currency, _ in moves:
        if customer in steps:
            steps[customer].append((date, (account, item), number, currency))
    ordering = _take_orders(steps, histories)
    for name in ordering:
        steps[name].sort(key=_DAY)
    return {name for name, cap in caps.items() if _stays_within(steps[name], cap)}


def _cap(entries: Sequence[LimitEntry]) -> Cap | None:
    """Give the least of a customer's limits; None for a group, or where a block or a currency needs a closer look."""
    if any(entry.members for entry in entries):
        return None
    known = [limit for limit in (in_force(entries, day) for day in turns(entries)) if limit is not None]
    totals = [limit.total for limit in known if limit.total is not None]
    if not totals or any(limit.blocked for limit in known) or len({limit.currency for limit in known}) > 1:
        return None
    return Cap(min(totals), known[0].currency, all(limit.deduct for limit in known))


def _take_orders(steps: Mapping[str, list[Step]], histories: Mapping[str, History]) -> set[str]:
    """Add what orders had open, as it changed; name the customers who had any."""
    ordering: set[str] = set()
    for doc_id, history in histories.items():
        customer = history.customer
        if customer in steps:
            found = _order_steps(doc_id, history)
            if found:
                ordering.add(customer)
                steps[customer] += found
    return ordering


def _order_steps(doc_id: str, history: History) -> list[Step]:
    steps: list[Step] = []
    before: dict[str, Decimal] = {}
    for day in sorted(history.days):
        after: dict[str, Decimal] = {}
        for part in parts_of(history, day):
            after[part.currency] = after.get(part.currency, ZERO) + part.amount
        for currency in before.keys() | after.keys():
            change = after.get(currency, ZERO) - before.get(currency, ZERO)
            steps.append((day, (doc_id, ""), change, currency))
        before = after
    return steps


def _stays_within(steps: Iterable[Step], cap: Cap) -> bool:
    """Tell whether at the end of no day more was open; steps in the order of their days."""
    most, own, deduct = cap
    open_now: dict[tuple[str, str], Decimal] = {}
    used, today = ZERO, None
    for day, key, number, currency in steps:
        if currency != own or (used > most and day != today):
            return False
        today = day
        if deduct:
            used += number
        else:
            before = open_now.get(key, ZERO)
            open_now[key] = before + number
            used += max(before + number, ZERO) - max(before, ZERO)
    return used <= most
