"""Rules about how customers pay: later than agreed, later than before, more than they should."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.noticing.insight import Insight
from o2c.reports.noticing.insight import by_currency
from o2c.reports.noticing.insight import count
from o2c.reports.noticing.insight import of_item
from o2c.reports.noticing.insight import people
from o2c.reports.noticing.insight import total
from o2c.reports.noticing.view import YEAR
from o2c.reports.noticing.view import key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.model.items import Item
    from o2c.reports.noticing.view import Paid
    from o2c.reports.noticing.view import View

#: So many paid items of a customer, on so many different days, say something about its way to pay (one transfer for
#: many invoices is no habit); so many days late are one.
ENOUGH, OCCASIONS, HABIT = 5, 3, 5
#: The last days are compared with the rest of the year before; so many days later is slower.
LATELY, SLOWER = 90, 7
#: Two receipts of the same amount within so many days may be the same payment.
TWICE = 60

_Whose = tuple[str, str]


def late_payers(view: View) -> Iterable[Insight]:
    """Say what would be here by now, had customers that usually pay late paid on the due date.

    From 5 payments of items on 3 days in 365 days, with a median of 5 days late or more. The money is what of their
    open items is past due, not disputed, and not covered by credits that they have with us, the oldest due first.
    """
    habits = {whose: paid for whose, paid in _by_customer(view.paid).items() if _is_late(paid)}
    missing = _missing(view)
    for currency, items in by_currency(item for item in view.debits if key(item) in missing).items():
        found = tuple(
            of_item(item, _shown(view, item, missing[key(item)]), missing[key(item)])
            for item in items
            if (item.customer, currency) in habits
        )
        if found:
            paid = [one for who in {one.customer for one in found} for one in habits[who, currency]]
            yield Insight("late-payers", currency, f"{_late(paid)}: {total(found, currency)} {_HERE}", found)


def _missing(view: View) -> dict[str, Decimal]:
    """Give what is past due and not here in any form: undisputed, and less money on account and unused credits."""
    rest: dict[_Whose, Decimal] = {}
    for item in view.credits:
        rest[item.customer, item.currency] = rest.get((item.customer, item.currency), ZERO) - item.open
    found: dict[str, Decimal] = {}
    for item in view.debits:
        whose, owed = (item.customer, item.currency), item.open - view.disputed.get(key(item), ZERO)
        if view.past_due(item) > 0 and owed:
            covered = min(owed, rest.get(whose, ZERO))
            rest[whose] = rest.get(whose, ZERO) - covered
            found[key(item)] = owed - covered
    return {name: amount for name, amount in found.items() if amount}


def _shown(view: View, item: Item, missing: Decimal) -> str:
    late = f"{view.past_due(item)} days past due"
    less = text(item.open - missing, item.currency)
    return f"{late}, less {less} disputed or on account" if missing != item.open else late


_HERE = "would be here by now, had they paid on the due date"


def _late(paid: list[Paid]) -> str:
    who = count(len({one.customer for one in paid}), "customer pays", "customers pay")
    late, terms = median_low(one.late for one in paid), median_low(one.terms for one in paid)
    of_them = count(len(paid), "payment")
    return f"{who} a median {late} days late on terms of {terms} days ({of_them} of items in {YEAR} days)"


def _is_late(paid: list[Paid]) -> bool:
    return _is_enough(paid) and median_low(one.late for one in paid) >= HABIT


def _is_enough(paid: list[Paid]) -> bool:
    return len(paid) >= ENOUGH and len({one.on for one in paid}) >= OCCASIONS


def slower(view: View) -> Iterable[Insight]:
    """Name customers that pay later than they used to, with what they owe.

    From 5 payments of items on 3 days in the last 90 days, and as many in the 275 days before; the median is at least 7
    days later.
    """
    later: dict[_Whose, tuple[int, int]] = {}
    for whose, paid in _by_customer(view.paid).items():
        lately = [one for one in paid if (view.day - one.on).days < LATELY]
        before = [one for one in paid if (view.day - one.on).days >= LATELY]
        if _is_enough(lately) and _is_enough(before):
            was, now = (median_low(one.late for one in part) for part in (before, lately))
            if now - was >= SLOWER:
                later[whose] = (was, now)
    for currency, items in by_currency(item for item in view.debits if (item.customer, item.currency) in later).items():
        found = tuple(of_item(item, _moved_to(*later[item.customer, currency])) for item in items)
        who = f"{people(found)} paid {SLOWER} days or more later in the last {LATELY} days than before"
        yield Insight("slower", currency, f"{who}: they owe {total(found, currency)}", found)


def _moved_to(before: int, lately: int) -> str:
    return f"median {lately} days after the due date, {before} before"


def _by_customer(paid: Iterable[Paid]) -> dict[_Whose, list[Paid]]:
    groups: dict[_Whose, list[Paid]] = {}
    for one in paid:
        groups.setdefault((one.customer, one.currency), []).append(one)
    return groups


def paid_twice(view: View) -> Iterable[Insight]:
    """Name receipts that lie on account whole while the same customer paid the same amount up to 60 days before."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    days = {}
    for move in view.moved:
        if move.doc_type == names.RECEIPT and move.doc_id not in view.undone:
            one = (names.customer_of(move.movement.account), move.movement.currency, move.doc_id)
            sums[one] = sums.get(one, ZERO) - move.movement.amount
            days[move.doc_id] = move.date
    same: dict[tuple[str, str, Decimal], list[str]] = {}
    for (customer, currency, receipt), amount in sums.items():
        same.setdefault((customer, currency, amount), []).append(receipt)
    for currency, credits_ in by_currency(item for item in view.credits if item.doc_type == names.RECEIPT).items():
        found = []
        for item in credits_:
            others = same.get((item.customer, currency, -item.open), [])
            near = [one for one in others if one != item.doc_id and 0 <= (item.date - days[one]).days <= TWICE]
            if near and item.doc_id in others:
                found.append(of_item(item, f"same amount as {near[-1]} of {days[near[-1]]}"))
        if found:
            said = f"{count(len(found), 'receipt')} on account may be paid twice: {total(found, currency)}"
            yield Insight("paid-twice", currency, f"{said}, the same amounts as earlier receipts", tuple(found))
