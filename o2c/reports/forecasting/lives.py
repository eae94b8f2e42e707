"""The life of each debit item: invoiced, due, and by which parts it came to its end, in money or otherwise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index.movements import movements
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.reports.payments import payments
from o2c.reports.selection import Selection
from o2c.reports.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.facts import Moved
    from o2c.model.findings import Source
    from o2c.model.items import Item
    from o2c.model.items import ItemKey

    #: Day and amount of the money, by document, customer, item and currency.
    _Money = dict[tuple[str, str, str, str], list[tuple[date, Decimal]]]


class Part(NamedTuple):
    """A part of an item that a document settled, or, below zero, opened again.

    `posted` is the day of the document: from its end on it is known. `ended` is the day on which the money came, and of
    what is no money (`is_paid` false: credit notes, write-offs) the day of the document.
    """

    posted: date
    ended: date
    is_paid: bool
    amount: Decimal


class Life(NamedTuple):
    """A debit item with everything that settled it, in the order of the books; amounts in its currency.

    `over` is the day from whose end on it stays settled; the last of the calendar where it is open.
    """

    item: Item
    parts: tuple[Part, ...]
    over: date

    def known(self, day: date) -> list[Part]:
        """List the parts that are known at the end of a day."""
        return [part for part in self.parts if part.posted <= day]

    def open(self, day: date) -> Decimal:
        """Give what is open at the end of a day; zero before the item was there."""
        if not self.item.date <= day < self.over:
            return ZERO
        return self.item.original - sum((part.amount for part in self.known(day)), ZERO)

    def money(self, period: Span, open_on: date) -> list[Part]:
        """List the money that came in a period, as it was posted after a day on which the item was open."""
        return [part for part in self.parts if part.is_paid and part.posted > open_on and period.holds(part.ended)]

    def came(self, period: Span, open_on: date) -> Decimal:
        """Sum the money that came in a period, as it was posted after a day on which the item was open."""
        return sum((part.amount for part in self.money(period, open_on)), ZERO)


def lives(books: Books, as_of: date) -> list[Life]:
    """List the lives of all debit items that there were up to the end of a day, settled ones included.

    Payments are those of days-to-pay: receipts, and allocations of receipts, on the day the money came.
    """
    return lives_of(movements(books, as_of), as_of)


def lives_of(light: Books, as_of: date) -> list[Life]:
    """List the lives of the debit items in books whose movements are known; see `books.index.movements`."""
    moved = [move for move in light.facts.moved if move.date <= as_of]
    money: _Money = {}
    for one in payments(Selection(light), Span(as_of.min, as_of)):
        money.setdefault((one.doc_id, one.customer, one.item, one.currency), []).append((one.paid, one.amount))
    debits = {key: item for key, item in items(moved).items() if item.original > 0}
    parts = _parts(moved, debits, money)
    return [_life(item, tuple(parts.get(key, ()))) for key, item in debits.items()]


def _life(item: Item, parts: tuple[Part, ...]) -> Life:
    return Life(item, parts, date.max if item.open or not parts else max(part.posted for part in parts))


def _parts(moved: Iterable[Moved], debits: Mapping[ItemKey, Item], money: _Money) -> dict[ItemKey, list[Part]]:
    """Net what each document took off each item; a lot is taken out whole, and its rest put back."""
    sums: dict[tuple[ItemKey, str, Source], tuple[date, Decimal]] = {}
    for move in moved:
        key = (move.movement.account, move.movement.item, move.movement.currency)
        if key in debits and not (move.doc_id == debits[key].doc_id and move.source == debits[key].source):
            one = (key, move.doc_id, move.source)
            sums[one] = (move.date, (sums[one][1] if one in sums else ZERO) - move.movement.amount)
    found: dict[ItemKey, list[Part]] = {}
    for (key, doc_id, _), (day, amount) in sums.items():
        if amount:
            paid = money.pop((doc_id, debits[key].customer, key[1], key[2]), ())
            found.setdefault(key, []).extend(_split(day, amount, paid))
    return found


def _split(day: date, amount: Decimal, paid: Sequence[tuple[date, Decimal]]) -> Iterable[Part]:
    """Split what a document took off an item into the money in it, and the rest, which is none."""
    yield from (Part(day, came, is_paid=True, amount=part) for came, part in paid)
    rest = amount - sum((part for _, part in paid), ZERO)
    if rest:
        yield Part(day, day, is_paid=False, amount=rest)
