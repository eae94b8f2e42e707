"""Watches one limit, of a customer or of a credit group, day by day."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date as Date
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model.credit import orders
from o2c.model.credit.adding import Added
from o2c.model.credit.adding import findings
from o2c.model.credit.adding import rounding
from o2c.model.credit.chains import chains
from o2c.model.credit.conversion import into
from o2c.model.credit.faults import NAME
from o2c.model.credit.in_force import in_force
from o2c.model.credit.in_force import turns
from o2c.model.credit.order_parts import parts_of
from o2c.model.credit.order_parts import version
from o2c.model.credit.order_parts import version_on
from o2c.model.credit.standing import Standing
from o2c.model.credit.standing import Sums
from o2c.model.credit.standing import worth
from o2c.model.findings import Finding
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.model.credit.chains import Chain
    from o2c.model.credit.conversion import Rate
    from o2c.model.credit.diary import Day
    from o2c.model.credit.diary import Diary
    from o2c.model.credit.histories import History
    from o2c.model.credit.in_force import Limit
    from o2c.model.credit.limits import LimitEntry
    from o2c.model.credit.order_parts import Open
    from o2c.model.credit.releases import Release

_DATE = itemgetter(0)


class Watch:
    """The limit that entries about one name make, and what its customers have open as the days go by."""

    def __init__(
        self,
        entries: Sequence[LimitEntry],
        diary: Diary,
        releases: Mapping[str, Sequence[Release]],
        rate: Rate,
        books_currency: str,
    ) -> None:
        """Begin before the first day; the entries come in the order in which they count."""
        self._entries = entries
        self._diary = diary
        self._releases = releases
        self._rate = rate
        self._books_currency = books_currency
        self._used: dict[Release, Decimal] = {}
        members = {member for entry in entries for member in entry.members}
        self._standings = {customer: Standing() for customer in members or {entries[0].name}}
        self._turns = turns(entries)
        self._changes = {entry.date for entry in entries}
        self._limits: dict[int, list[tuple[Limit | None, Rate]]] = {}
        self._unrated: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """Find the documents that broke the limit; a rate that is missing is found once, at the limit."""
        for date, today in self._days():
            may_raise = False
            for customer, day in today.items():
                may_raise |= self._standings[customer].advance(day)
            if may_raise:
                yield from self._of_day(date, today)

    def _of_day(self, date: Date, today: dict[str, Day]) -> list[Finding]:
        """Judge a day by the limit at its end, and where that changed on the day, by each limit that the day knew.

        The books do not say what came first: what one of them allows may have been right when it was made. So a
        customer can be blocked, and a limit lowered, on a day on which he ordered.
        """
        at_end: tuple[list[Finding], dict[Release, Decimal]] | None = None
        for limit, rate in self._limits_of(date):
            used = dict(self._used)
            try:
                found = list(self._judge(limit, rate, date, today)) if limit is not None and _limits(limit) else []
            except Refused as refusal:
                return self._not_rated(limit, refusal) if limit is not None else []
            if not found:
                return []
            at_end, self._used = at_end or (found, self._used), used
        assert at_end is not None, "there is a limit, or none, at the end of each day"
        self._used = at_end[1]
        return at_end[0]

    def _not_rated(self, limit: Limit, refusal: Refused) -> list[Finding]:
        if limit.currency in self._unrated:
            return []
        self._unrated.add(limit.currency)
        said = f"the limit of {limit.name} cannot be checked: {refusal}"
        return [Finding(NAME, limit.entries[-1].source, said)]

    def _days(self) -> list[tuple[Date, dict[str, Day]]]:
        """List what happened on each day, by customer."""
        if len(self._standings) == 1:
            only = next(iter(self._standings))
            return [(date, {only: day}) for date, day in sorted(self._diary.days.get(only, {}).items(), key=_DATE)]
        found: dict[Date, dict[str, Day]] = {}
        for customer in self._standings:
            for date, day in self._diary.days.get(customer, {}).items():
                found.setdefault(date, {})[customer] = day
        return sorted(found.items(), key=_DATE)

    def _limits_of(self, date: Date) -> list[tuple[Limit | None, Rate]]:
        """Give the limit at the end of a day, then those that the day knew before it; each with the rate into it."""
        turn = bisect_right(self._turns, date)
        if turn not in self._limits:
            before = [entry for entry in self._entries if entry.date < date]
            today = [entry for entry in self._entries if entry.date == date]
            known = [in_force([*before, *today[:count]], date) for count in range(len(today), -1, -1)]
            self._limits[turn] = [self._rated(limit) for limit in known]
        return self._limits[turn] if date in self._changes else self._limits[turn][:1]

    def _rated(self, limit: Limit | None) -> tuple[Limit | None, Rate]:
        currency = limit.currency if limit else self._books_currency
        return limit, into(currency, self._books_currency, self._rate)

    def _judge(self, limit: Limit, rate: Rate, date: Date, today: dict[str, Day]) -> Iterator[Finding]:
        counted = limit.members or self._standings
        sums = _total([self._standings[customer].sums(limit, rate, date) for customer in counted])
        too_much = limit.total is not None and sums.total > limit.total
        days = [day for customer, day in today.items() if not limit.members or customer in limit.members]
        if not (too_much or limit.blocked):
            return  # what the limit allows uses up no release
        added = [
            made
            for chain in chains(days, self._diary.orders, date)
            if (made := self._added(chain, limit, rate, date, days))
        ]
        rest = sums.total - sum((made.covered for made in added), ZERO)
        if limit.blocked or (limit.total is not None and rest > limit.total):
            for made in added:
                if made.amount - made.covered > rounding(made.chain, limit):
                    yield from findings(made, limit, sums, date)

    def _added(self, chain: Chain, limit: Limit, rate: Rate, date: Date, days: Iterable[Day]) -> Added | None:
        entries = chain.raising()
        if not entries:
            return None
        amount = self._of_orders(chain, limit, rate, date) + self._of_items(chain, limit, rate, date, days)
        if amount <= rounding(chain, limit):
            return None
        return Added(chain, amount, self._covered(chain, amount, limit, rate, date), entries)

    def _of_orders(self, chain: Chain, limit: Limit, rate: Rate, date: Date) -> Decimal:
        yesterday = date - timedelta(days=1)
        added = ZERO
        for doc_id in chain.orders:
            history = self._diary.orders[doc_id]
            before = _last_weighed(history, limit, yesterday)
            added += _value(parts_of(history, date), limit, rate, date, orders.last_day(date, limit.horizon))
            added -= _value(parts_of(history, yesterday), limit, rate, date, before)
        return added

    def _of_items(self, chain: Chain, limit: Limit, rate: Rate, date: Date, days: Iterable[Day]) -> Decimal:
        moved: dict[tuple[str, str, str], Decimal] = {}
        for day in days:
            for move in day.moves:
                key = (move.account, move.item, move.currency)
                if key in chain.items:
                    moved[key] = moved.get(key, ZERO) + move.number
        added = ZERO
        for key, change in moved.items():
            after = sum((standing.items.get(key, ZERO) for standing in self._standings.values()), ZERO)
            for amount, sign in ((after, 1), (after - change, -1)):
                if amount > 0 or limit.deduct:
                    added += sign * worth(amount, key[2], limit, rate, date)
        return added

    def _covered(self, chain: Chain, amount: Decimal, limit: Limit, rate: Rate, date: Date) -> Decimal:
        """Give what releases of the chain's documents let it add, and note that it is used up."""
        left = amount
        for subject in sorted(chain.subjects() & self._releases.keys()):
            order = version_on(self._diary.orders[subject], date) if subject in self._diary.orders else None
            for release in self._releases[subject]:
                if left > ZERO and release.counts_on(date, version(order) if order else None):
                    left -= self._use(release, left, limit, rate, date)
        return amount - left

    def _use(self, release: Release, wanted: Decimal, limit: Limit, rate: Rate, date: Date) -> Decimal:
        if release.amount is None or release.amount.number is None:
            return wanted
        good = worth(release.amount.number, release.amount.currency, limit, rate, date)
        taken = max(ZERO, min(wanted, good - self._used.get(release, ZERO)))
        self._used[release] = self._used.get(release, ZERO) + taken
        return taken


def _limits(limit: Limit) -> bool:
    """Tell whether a limit forbids anything; one that only expired parts made of does not."""
    return limit.blocked or limit.total is not None


def _total(sums: Sequence[Sums]) -> Sums:
    total = sums[0]
    for each in sums[1:]:
        total = total.plus(each)
    return total


def _last_weighed(history: History, limit: Limit, day: Date) -> Date:
    """Give the last promised day that counted when an order was last held against the limit, up to a day.

    What lay beyond the horizon then was never weighed: it counts as added when it is delivered or invoiced.
    """
    if limit.horizon is None:
        return Date.max
    days = [entry.date for entry in history.versions] + [change.date for change in history.changes]
    days += [note.date for note in history.notes if note.tags and "order-confirmed" in note.tags]
    return orders.last_day(max((each for each in days if each <= day), default=day), limit.horizon)


def _value(parts: Iterable[Open], limit: Limit, rate: Rate, date: Date, last: Date) -> Decimal:
    kept = (part for part in parts if not part.is_ordered or orders.counts(part.due, last))
    return sum((worth(part.amount, part.currency, limit, rate, date) for part in kept), ZERO)
