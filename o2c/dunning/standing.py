"""How each overdue item stands on a day: how far it was reminded, what is asked for, what comes next, or why not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.dunning import blocks
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.model.promises import PROMISE
from o2c.model.promises import promised
from o2c.model.reminders import REMINDER
from o2c.model.reminders import reminded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.master.dunning_policy import DunningPolicy
    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.model.reminders import Reminded

#: All notes that say something about reminding.
KINDS: Final = (REMINDER, OPENED, RESOLVED, PROMISE, blocks.BLOCKED, blocks.UNBLOCKED)

#: Why an item is not reminded on a day, in the order in which the reasons count.
BLOCKED, DISPUTED, PROMISED, CREDIT, MINIMUM = "blocked", "disputed", "promised", "credit", "minimum"
NO_LEVELS, LAST_LEVEL, NOT_YET, LATER, WAITING = "no-levels", "last-level", "not-yet", "later", "waiting"
#: Reasons for which a reminder that waits must not be posted.
STOPS: Final = frozenset({BLOCKED, DISPUTED, PROMISED, CREDIT})


class Standing(NamedTuple):
    """An overdue item on a day. `asked` is its open amount less what is disputed or promised, never below zero.

    `next` is the level that follows the one reached (0: none does), `since` the first day on which it may be sent by
    its days past due and the interval. `reason` is a word of this module and empty where it may be sent on the day;
    `why` says it in words. `credit` is what the customer paid in the currency and nobody applied yet, above zero.
    """

    item: Item
    asked: Decimal
    disputed: Decimal
    promised: Decimal
    reached: Reminded
    next: int = 0
    name: str = ""
    since: Date | None = None
    reason: str = ""
    why: str = ""
    credit: Decimal = ZERO


def standings(books: Books, day: Date, customer: str = "") -> list[Standing]:
    """Tell how each debit item past its due date stands at the end of a day, the oldest due first; of one customer."""
    open_ = books.open_items(day, customer)
    return judged(open_, books.events(*KINDS), books.master.policies.dunning, day)


def judged(
    open_: Sequence[Item], events: Mapping[str, Sequence[Event]], policy: DunningPolicy, day: Date
) -> list[Standing]:
    """Judge the overdue ones among all open items of customers, by the notes about them."""
    debits = [item for item in open_ if item.open > 0]
    claims = zip(debits, disputed(debits, events, day), promised(debits, events, day), strict=True)
    late = [_plain(*claim, events, policy, day) for claim in claims if claim[0].due < day]
    return _of_customers(late, _credits(open_), policy)


def _plain(
    item: Item,
    claim: Decimal,
    promise: Decimal,
    events: Mapping[str, Sequence[Event]],
    policy: DunningPolicy,
    day: Date,
) -> Standing:
    """Judge an item by itself, without what else its customer owes or has paid."""
    reached = reminded(item, events, day)
    asked = max(ZERO, item.open - claim - promise)
    found = _with_next(Standing(item, asked, claim, promise, reached), policy)
    if block := blocks.blocked(item, events, day):
        return found._replace(reason=BLOCKED, why=_said_block(block))
    if not asked:
        why = "all of it is promised, and the day is not past" if promise else "all of it is disputed"
        return found._replace(reason=PROMISED if promise else DISPUTED, why=why)
    if not found.next:
        return _without_next(found, policy)
    if found.since and found.since > day:
        return found._replace(reason=NOT_YET, why=f"not before {found.since}")
    return found


def _with_next(found: Standing, policy: DunningPolicy) -> Standing:
    """Add the level that follows the one reached, and the day from which it may be sent."""
    reached = found.reached
    if reached.level >= len(policy.levels):
        return found
    level = policy.levels[reached.level]
    days = [found.item.due + timedelta(days=level.after)]
    if reached.run and reached.posted:
        days += [reached.run + timedelta(days=1), reached.posted + timedelta(days=policy.interval)]
    return found._replace(next=reached.level + 1, name=level.name, since=max(days))


def _without_next(found: Standing, policy: DunningPolicy) -> Standing:
    if not policy.levels:
        return found._replace(reason=NO_LEVELS, why="master/policies.yaml has no `dunning` levels")
    return found._replace(reason=LAST_LEVEL, why="the last level is reached")


def _said_block(block: Event) -> str:
    until, whose = blocks.last_day(block), block.subject
    return f"{whose} is blocked{f' until {until}' if until else ''}: {block.act.why or 'no reason given'}"


def _credits(open_: Iterable[Item]) -> dict[tuple[str, str], Decimal]:
    """Sum what customers paid or were credited and nobody used yet, by customer and currency, above zero."""
    sums: dict[tuple[str, str], Decimal] = {}
    for item in open_:
        if item.open < 0:
            key = (item.customer, item.currency)
            sums[key] = sums.get(key, ZERO) - item.open
    return sums


def _of_customers(
    late: Sequence[Standing], credits_: Mapping[tuple[str, str], Decimal], policy: DunningPolicy
) -> list[Standing]:
    """Leave out what a customer's unused credits cover, and what is too little to ask for."""
    sums = asked_in_all(late)
    return [_of_customer(one, sums, credits_, policy) for one in late]


def asked_in_all(late: Iterable[Standing]) -> dict[tuple[str, str], Decimal]:
    """Sum what each customer could be asked for in a currency: all that is overdue, less claims and what is blocked."""
    sums: dict[tuple[str, str], Decimal] = {}
    for one in late:
        if one.reason != BLOCKED:
            key = (one.item.customer, one.item.currency)
            sums[key] = sums.get(key, ZERO) + one.asked
    return sums


def _of_customer(
    one: Standing,
    sums: Mapping[tuple[str, str], Decimal],
    credits_: Mapping[tuple[str, str], Decimal],
    policy: DunningPolicy,
) -> Standing:
    key, currency = (one.item.customer, one.item.currency), one.item.currency
    if one.reason in {BLOCKED, DISPUTED, PROMISED}:
        return one
    credit, all_, least = credits_.get(key, ZERO), sums[key], policy.minimum.get(currency, ZERO)
    found = one._replace(credit=credit)
    if credit >= all_:
        why = f"an unapplied credit of {text(credit, currency)} covers what is overdue"
        return found._replace(reason=CREDIT, why=why)
    if all_ - credit < least:
        why = f"{text(all_ - credit, currency)} in all is less than the minimum of {text(least, currency)}"
        return found._replace(reason=MINIMUM, why=why)
    return found
