"""What a customer has open, carried forward from day to day: the sums of an exposure without its documents.

It says the same as `o2c.model.credit.exposure` (a test compares them on random books), at a cost that does not grow
with the history: the plugin asks it on every day on which something was sold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.credit import orders
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.credit.conversion import Rate
    from o2c.model.credit.diary import Day
    from o2c.model.credit.in_force import Limit
    from o2c.model.credit.order_parts import Open

#: Account, name and currency of an item.
ItemKey = tuple[str, str, str]


class Sums(NamedTuple):
    """The four sums of an exposure, in the currency of the limit."""

    open_items: Decimal = ZERO
    unapplied: Decimal = ZERO
    unbilled: Decimal = ZERO
    open_orders: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The exposure."""
        return self.open_items + self.unapplied + self.unbilled + self.open_orders

    def plus(self, other: Sums) -> Sums:
        """Add another customer's sums."""
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Standing:
    """The open items and open orders of one customer at the end of a day."""

    def __init__(self) -> None:
        """Begin without anything."""
        self.items: dict[ItemKey, Decimal] = {}
        self.orders: dict[str, tuple[Open, ...]] = {}
        self._debits: dict[str, Decimal] = {}
        self._credits: dict[str, Decimal] = {}

    def advance(self, day: Day) -> bool:
        """Take in what happened on a day; tell whether it may have raised the exposure: by an order, or a debit."""
        may_raise = bool(day.orders)
        for _, _, account, _, item, amount, currency, _ in day.moves:
            self._move((account, item, currency), amount)
            may_raise = may_raise or amount > ZERO
        for doc_id, parts in day.orders.items():
            if parts:
                self.orders[doc_id] = parts
            else:
                self.orders.pop(doc_id, None)
        return may_raise

    def _move(self, key: ItemKey, amount: Decimal) -> None:
        """Carry an item forward, and the sums of debits and credits; an item may turn from one into the other."""
        before = self.items.pop(key, None)
        if before is None:
            before, after = ZERO, amount
        else:
            after = before + amount
        if after:
            self.items[key] = after
        if before >= ZERO and after >= ZERO:
            _add(self._debits, key, amount)
        elif before <= ZERO and after <= ZERO:
            _add(self._credits, key, amount)
        else:
            _add(self._debits, key, max(after, ZERO) - max(before, ZERO))
            _add(self._credits, key, min(after, ZERO) - min(before, ZERO))

    def sums(self, limit: Limit, rate: Rate, date: Date) -> Sums:
        """Give the sums of the exposure on a day; passes on what the rate raises."""
        opens = self._items(self._debits, limit, rate, date, 1)
        unapplied = self._items(self._credits, limit, rate, date, -1) if limit.deduct else ZERO
        if not self.orders:
            return Sums(opens, unapplied)
        ordered, unbilled = ZERO, ZERO
        last = orders.last_day(date, limit.horizon)
        for parts in self.orders.values():
            for part in parts:
                if not part.is_ordered:
                    unbilled += worth(part.amount, part.currency, limit, rate, date)
                elif orders.counts(part.due, last):
                    ordered += worth(part.amount, part.currency, limit, rate, date)
        return Sums(opens, unapplied, unbilled, ordered)

    def _items(self, sums: dict[str, Decimal], limit: Limit, rate: Rate, date: Date, sign: int) -> Decimal:
        """Sum debits or credits; each item in another currency is converted by itself, as a person would check it."""
        total = ZERO
        for currency, amount in sums.items():
            if currency == limit.currency:
                total += amount
            elif amount:
                opens = (left for (_, _, own), left in self.items.items() if own == currency and left * sign > 0)
                total += sum((worth(left, currency, limit, rate, date) for left in opens), ZERO)
        return total


def _add(sums: dict[str, Decimal], key: ItemKey, amount: Decimal) -> None:
    currency = key[2]
    sums[currency] = sums.get(currency, ZERO) + amount


def worth(amount: Decimal, currency: str, limit: Limit, rate: Rate, date: Date) -> Decimal:
    """Convert an amount into the currency of the limit, rounded."""
    if currency == limit.currency:
        return amount
    return rounded(amount * rate(currency, date), limit.currency)
