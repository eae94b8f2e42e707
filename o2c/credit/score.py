"""A score of how a customer pays, out of the ledger's own history, with its arithmetic; and a limit it would bear.

It proposes; a person sets the limit.
"""

from __future__ import annotations

from calendar import monthrange
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.model import names
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date

    from o2c.credit.behaviour import Worth
    from o2c.master.credit_policy import ScorePolicy
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.model.items import ItemKey

ONE, HALF = Decimal(1), Decimal("0.5")
#: Where each part earns nothing any more: days late, days worse than before, shares of disputes and returned payments.
WORST_DAYS: Final = Decimal(60)
WORST_DISPUTES: Final = Decimal("0.20")
WORST_RETURNS: Final = Decimal("0.10")
#: A limit is used well up to this part of it; from here on points are lost, and at all of it none are left.
EASY_USE: Final = HALF
#: Payments are documents of these types; what they take off an item was paid on their day.
_PAYS = frozenset({names.RECEIPT, names.ALLOCATION})


class Part(NamedTuple):
    """One part of the score: its weight in points, what share of it is earned (0 to 1), and how that comes about."""

    name: str
    weight: int
    share: Decimal
    said: str

    @property
    def points(self) -> Decimal:
        """The points earned, to one decimal."""
        return (self.weight * self.share).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Score(NamedTuple):
    """A score from 0 to 100, its parts, and the proposed limit in the currency of the books (None: no history)."""

    parts: tuple[Part, ...]
    proposal: Decimal | None
    proposal_said: str

    @property
    def total(self) -> Decimal:
        """The sum of the points."""
        return sum((part.points for part in self.parts), ZERO)


class Use(NamedTuple):
    """How much of a limit is used; `limit` None: there is none."""

    exposure: Decimal
    limit: Decimal | None
    currency: str


class Paid(NamedTuple):
    """A payment, or what is overdue on the day: how much (currency of the books), how many days late, and when."""

    amount: Decimal
    days: int
    date: date


def score(
    facts: Facts, day: date, policy: ScorePolicy, worth: Worth, use: Use, turnover: Decimal, currency: str
) -> Score:
    """Score a customer at the end of a day over the months before it.

    `facts` hold its movements of that time; `turnover` is what was invoiced less credited in it, gross, in the currency
    of the books.
    """
    start = months_before(day, policy.months)
    known = items(facts.moved, day)
    paid = payments(facts.moved, known.values(), start, day, worth)
    shares = {
        "days_late": _days_late(paid),
        "trend": _trend(paid, months_before(day, policy.months // 2 or 1)),
        "disputes": _disputes(facts, start, day),
        "returned_payments": _returned(facts, start, day),
        "utilisation": _utilisation(use),
    }
    parts = tuple(Part(name, weight, *shares[name]) for name, weight in policy.weights.items())
    total = sum((part.points for part in parts), ZERO)
    if not paid and not turnover:
        return Score(parts, None, f"nothing was bought or paid since {start}: there is nothing to propose from")
    return Score(parts, *_proposal(turnover, total, policy, _months(facts, start, day, policy.months), currency))


def months_before(day: date, months: int) -> date:
    """Give the same day some months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def payments(moved: Sequence[Moved], known: Iterable[Item], start: date, day: date, worth: Worth) -> list[Paid]:
    """List what was paid on debit items after a day and through another, and what is overdue at its end.

    What a receipt takes off an item counts net: a lot is taken out whole and its rest put back.
    """
    due = {(item.account, item.item, item.currency): item for item in known if item.original > 0}
    paid: dict[tuple[date, str, ItemKey], Decimal] = {}
    for move in moved:
        key = (move.movement.account, move.movement.item, move.movement.currency)
        if key in due and move.doc_type in _PAYS and start < move.date <= day:
            paid[move.date, move.doc_id, key] = paid.get((move.date, move.doc_id, key), ZERO) - move.movement.amount
    found = [
        Paid(worth(amount, due[key].currency), max(0, (on - due[key].due).days), on)
        for (on, _, key), amount in paid.items()
        if amount > 0
    ]
    late = [item for item in due.values() if item.open > 0 and item.due < day]
    return [*found, *(Paid(worth(item.open, item.currency), (day - item.due).days, day) for item in late)]


def _average(paid: Sequence[Paid]) -> Decimal | None:
    total = sum((one.amount for one in paid), ZERO)
    return sum((one.amount * one.days for one in paid), ZERO) / total if total else None


def _days_late(paid: Sequence[Paid]) -> tuple[Decimal, str]:
    average = _average(paid)
    if average is None:
        return HALF, "nothing was paid or due: half"
    share = _within(ONE - average / WORST_DAYS)
    return share, f"{_one(average)} days late, weighted by amount; 0 days: all, {WORST_DAYS} days: nothing"


def _trend(paid: Sequence[Paid], middle: date) -> tuple[Decimal, str]:
    before, after = (
        _average([one for one in paid if one.date <= middle]),
        _average([one for one in paid if one.date > middle]),
    )
    if before is None or after is None:
        return HALF, f"nothing to compare before and after {middle}: half"
    share = _within(HALF - (after - before) / WORST_DAYS)
    return (
        share,
        f"{_one(before)} days late until {middle}, {_one(after)} after; the same: half, 30 days worse: nothing",
    )


def _disputes(facts: Facts, start: date, day: date) -> tuple[Decimal, str]:
    invoices = [doc for doc in facts.documents(names.INVOICE, as_of=day) if doc.date > start]
    count = sum(
        1
        for events in facts.events.values()
        for event in events
        if event.kind == "dispute-opened" and start < event.date <= day
    )
    return _part_of(count, len(invoices), WORST_DISPUTES, "disputes", "invoices")


def _returned(facts: Facts, start: date, day: date) -> tuple[Decimal, str]:
    receipts = [doc for doc in facts.documents(names.RECEIPT, as_of=day) if doc.date > start]
    count = sum(
        1
        for doc in facts.documents(names.REVERSAL, as_of=day)
        if doc.date > start and doc.fact("reverses") == names.RECEIPT
    )
    return _part_of(count, len(receipts), WORST_RETURNS, "payments returned", "receipts")


def _part_of(count: int, total: int, worst: Decimal, what: str, of: str) -> tuple[Decimal, str]:
    if not total:
        return (ONE if not count else ZERO), f"{count} {what}, no {of}"
    part = Decimal(count) / total
    return _within(ONE - part / worst), f"{count} {what} of {total} {of}; {worst * 100:.0f} % or more: nothing"


def _utilisation(use: Use) -> tuple[Decimal, str]:
    if use.limit is None or use.limit <= 0:
        return HALF, "no limit is set: half"
    part = use.exposure / use.limit
    share = _within((ONE - part) / (ONE - EASY_USE))
    said = f"{text(use.exposure, use.currency)} of {text(use.limit, use.currency)} is {_one(part * 100)} %"
    return share, f"{said}; up to 50 %: all, 100 %: nothing"


def _months(facts: Facts, start: date, day: date, most: int) -> int:
    """Count the months in which the customer bought, from its first invoice in the time we look back to."""
    first = min((doc.date for doc in facts.documents(names.INVOICE, as_of=day) if doc.date > start), default=start)
    return min(most, day.year * 12 + day.month - first.year * 12 - first.month + 1)


def _proposal(
    turnover: Decimal, total: Decimal, policy: ScorePolicy, months: int, currency: str
) -> tuple[Decimal, str]:
    monthly = turnover / months
    bare = max(ZERO, monthly * policy.turnover_months * total / 100)
    proposed = rounded(bare - bare % 100, currency)
    said = (
        f"turnover {text(turnover, currency)} / {months} months x {policy.turnover_months} x {total} / 100, "
        "down to whole hundreds"
    )
    return proposed, said


def _within(share: Decimal) -> Decimal:
    return min(ONE, max(ZERO, share))


def _one(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)
