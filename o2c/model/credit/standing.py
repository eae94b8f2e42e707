"""What a customer has open, carried forward from day to day: the sums of an exposure without its documents.

It says the same as `o2c.model.credit.exposure` (a test compares them on random books), at a cost that does not grow
with the history: the plugin asks it on every day on which something was sold.
"""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import reading
from o2c.model.credit import orders
from o2c.model.credit.diary import History
from o2c.model.credit.diary import is_line
from o2c.model.credit.diary import number
from o2c.model.credit.diary import whole
from o2c.model.integrity.sheet import postings
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.progress import CONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Transaction

    from o2c.model.credit.conversion import Rate
    from o2c.model.credit.diary import Change
    from o2c.model.credit.diary import Day
    from o2c.model.credit.in_force import Limit
    from o2c.model.integrity.sheet import Booked

_NOTHING = (ZERO, ZERO)
_CONFIRMED = frozenset({"order-confirmed"})
#: Account, name and currency of an item.
ItemKey = tuple[str, str, str]


class Open(NamedTuple):
    """A part of an order line that uses credit: as ordered (`due` is the day promised), or as delivered."""

    is_ordered: bool
    amount: Decimal
    currency: str
    due: Date | None


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

    def advance(self, day: Day, date: Date, histories: dict[str, History]) -> bool:
        """Take in what happened on a day; tell whether it may have raised the exposure: by an order, or a debit."""
        may_raise = bool(day.orders)
        for _, account, _, item, amount, currency, _ in day.moves:
            self._move((account, item, currency), amount)
            may_raise = may_raise or amount > ZERO
        for doc_id in day.orders:
            parts = parts_of(histories[doc_id], date)
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

    def is_within(self, limit: Limit) -> bool:
        """Tell quickly whether a limit surely holds: nothing ordered or delivered, and all in its currency."""
        currency = limit.currency
        if self.orders or limit.total is None:
            return False
        if not (_only(currency, self._debits) and _only(currency, self._credits)):
            return False
        used = self._debits.get(currency, ZERO)
        return used + (self._credits.get(currency, ZERO) if limit.deduct else ZERO) <= limit.total

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


def _only(currency: str, sums: dict[str, Decimal]) -> bool:
    """Tell whether there is nothing in another currency."""
    return not sums or (len(sums) == 1 and currency in sums)


def worth(amount: Decimal, currency: str, limit: Limit, rate: Rate, date: Date) -> Decimal:
    """Convert an amount into the currency of the limit, rounded."""
    if currency == limit.currency:
        return amount
    return rounded(amount * rate(currency, date), limit.currency)


def parts_of(history: History, day: Date) -> tuple[Open, ...]:
    """Give what of an order uses credit at the end of a day."""
    order = version_on(history, day)
    if order is None:
        return ()
    done = _done(history.changes, day)
    found: list[Open] = []
    confirmed: bool | None = None
    for line in postings(order):
        meta = line.meta
        if meta and "line" in meta:
            delivered, invoiced = done.get(meta["line"], _NOTHING)
            ordered = meta.get("qty")
            if not (isinstance(ordered, Decimal) and ordered <= invoiced >= delivered) and is_line(line):
                if confirmed is None:
                    confirmed = is_confirmed(history, order, day)
                found += _parts(order, line, delivered, invoiced, confirmed=confirmed)
    return tuple(found)


def _done(changes: list[Change], day: Date) -> dict[object, tuple[Decimal, Decimal]]:
    """Sum what is delivered and invoiced, by the number of the line as it is written."""
    done: dict[object, tuple[Decimal, Decimal]] = {}
    for entry, posting, sign in changes:
        if entry.date <= day:
            meta = posting.meta
            line, quantity = meta.get("order-line"), meta.get("qty")
            if isinstance(quantity, Decimal):
                delivered, invoiced = done.get(line, _NOTHING)
                done[line] = (delivered + sign * quantity, invoiced) if sign else (delivered, invoiced + quantity)
    return done


def _parts(
    order: Transaction, line: Booked, delivered: Decimal, invoiced: Decimal, *, confirmed: bool
) -> Iterator[Open]:
    ordered = number(line.meta, "qty")
    waits = orders.open_quantity(ordered, delivered, invoiced) if confirmed else ZERO
    for is_ordered, quantity in ((True, waits), (False, orders.unbilled_quantity(delivered, invoiced))):
        if quantity:
            net, currency = _net(line)
            amount = orders.gross(quantity, ordered, net, number(line.meta, "tax-rate"), currency)
            yield Open(is_ordered, amount, currency, _promised(order, line))


def _promised(order: Transaction, line: Booked) -> Date | None:
    said = (line.meta.get("promised"), order.meta.get("requested-date"))
    return next((day for day in said if isinstance(day, Date)), None)


def version_on(history: History, day: Date) -> Transaction | None:
    """Give the version of an order on a day: the highest one of all dated up to it."""
    if len(history.versions) == 1:
        return history.versions[0] if history.versions[0].date <= day else None
    known = [entry for entry in history.versions if entry.date <= day]
    return max(known, key=version, default=None) if len(known) != 1 else known[0]


def version(order: Transaction) -> int:
    """Give the version that an order's entry is."""
    return whole(order.meta, "version", 1)


def is_confirmed(history: History, order: Transaction, day: Date) -> bool:
    """Tell whether an order is confirmed, in this version, at the end of a day."""
    notes = [note for note in history.notes if note.date <= day]
    if not notes:
        return False
    if len(notes) == 1 and notes[0].tags == _CONFIRMED:
        return whole(notes[0].meta, "version", 1) == version(order)
    events = [event for event in map(reading.event, notes) if event is not None]
    return orders.state(reading.document(order), events, day) == CONFIRMED


def _net(posting: Booked) -> tuple[Decimal, str]:
    net = posting.meta.get("net")
    if isinstance(net, Amount) and isinstance(net.number, Decimal):
        return net.number, net.currency
    return ZERO, posting.units.currency
