"""What was seen of each customer's way to pay, as it was known on a day: days from the due date to the money."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.survival import ONE
from o2c.model.survival import Curve
from o2c.model.survival import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.model.items import Item
    from o2c.reports.forecasting.lives import Life

#: So many items of a customer must have been seen for its own curve to speak; chosen on the first half of a history.
OWN_FROM = 20
#: So many days up to and with the day are looked at: each season once, and habits may change.
WINDOW = 365
OWN, POOLED, NONE = "own", "all customers", "none"


class Source(NamedTuple):
    """A curve, whose it is (own, all customers, none), and how many items it is made of."""

    whose: str
    curve: Curve
    items: int


class Curves:
    """The curves of a day, one for each customer and one of all together, from the days of `WINDOW` before it."""

    def __init__(self, lives: Iterable[Life], day: date) -> None:
        """See everything that is known at the end of a day."""
        self.day = day
        first = day.toordinal() - WINDOW + 1
        tallies: dict[str, Tally] = defaultdict(Tally)
        for life in lives:
            if life.item.date <= day and life.over.toordinal() >= first:
                _see(tallies[life.item.customer], life, day, first)
        pooled = Tally()
        for tally in tallies.values():
            pooled.add(tally)
        self._pooled = Source(POOLED, Curve(pooled), pooled.items)
        self._none = Source(NONE, Curve(Tally()), 0)
        self._tallies = tallies
        self._own: dict[str, Source] = {}

    @property
    def paid(self) -> Decimal:
        """Tell how many items were paid in these days, counting parts as parts."""
        return sum((step.paid * step.at_risk for step in self._pooled.curve.steps), ZERO)

    def of(self, item: Item) -> Source:
        """Choose the curve for an item: its customer's own if that saw enough and some as late, else that of all."""
        age = (self.day - item.due).days
        own = self._of_customer(item.customer)
        if own.curve.seen_after(age) > 0:
            return own
        return self._pooled if self._pooled.curve.seen_after(age) > 0 else self._none

    def _of_customer(self, customer: str) -> Source:
        if customer not in self._own:
            tally = self._tallies.get(customer, Tally())
            self._own[customer] = Source(OWN, Curve(tally), tally.items) if tally.items >= OWN_FROM else self._none
        return self._own[customer]


def _see(tally: Tally, life: Life, day: date, first: int) -> None:
    """See one item from day `first` on: what of it was settled, by the day of its end, and what is still open."""
    item, due = life.item, life.item.due.toordinal()
    start = max(item.date.toordinal(), first)
    whole, rest = item.original, item.original
    for is_paid, ended, amount in _ends(life, day):
        rest -= amount
        if start <= ended or start == item.date.toordinal():
            share = ONE if amount >= whole else amount / whole
            tally.watch(start - due, ended - due, share, is_paid=is_paid, is_over=not is_paid)
    if rest > 0:
        tally.watch(start - due, day.toordinal() - due, ONE if rest == whole else rest / whole)
    tally.items += 1


def _ends(life: Life, day: date) -> list[tuple[bool, int, Decimal]]:
    """Net what is known by the day it ended on, so that what was taken back ended nothing: is it paid, day, amount."""
    known = life.known(day)
    if len(known) == 1:
        ends = [(known[0].is_paid, known[0].ended.toordinal(), known[0].amount)]
    else:
        sums: dict[tuple[bool, date], Decimal] = {}
        for part in known:
            sums[part.is_paid, part.ended] = sums.get((part.is_paid, part.ended), ZERO) + part.amount
        ends = [(is_paid, ended.toordinal(), amount) for (is_paid, ended), amount in sums.items()]
    return [end for end in ends if end[2] > 0]
