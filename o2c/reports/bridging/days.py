"""Why the days sales outstanding moved: by what changed the receivables, and by what came into and left the sales.

All is exact: with receivables R, sales S and the same number of days D on both days, the difference

    R1 x D / S1 - R0 x D / S0  =  (R1 - R0) x D / S0  -  (S1 - S0) x R1 x D / (S0 x S1)

is linear in each document's share of R1 - R0 and of S1 - S0. So every document has its days.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports.bridging.changes import Change
from o2c.reports.bridging.changes import cause
from o2c.reports.bridging.changes import changed
from o2c.reports.sold import sold_as
from o2c.reports.span import Span
from o2c.reports.span import span

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.model.facts import Moved
    from o2c.reports.selection import Selection

SALES_NEW = "sales-new"
SALES_GONE = "sales-gone"


class Ratio(NamedTuple):
    """Receivables and sales of one currency on both days, and over how many days the sales are counted."""

    receivables: Decimal
    sales: Decimal
    receivables_after: Decimal
    sales_after: Decimal
    days: int

    @property
    def is_known(self) -> bool:
        """Tell whether there are sales on both days, so that there is something to compare."""
        return self.sales > 0 and self.sales_after > 0

    @property
    def before(self) -> Fraction:
        """Give the days at the beginning."""
        return Fraction(self.receivables) * self.days / Fraction(self.sales)

    @property
    def after(self) -> Fraction:
        """Give the days at the end."""
        return Fraction(self.receivables_after) * self.days / Fraction(self.sales_after)

    def of(self, change: Change) -> Fraction:
        """Give the days of a change of the receivables, or of the sales."""
        amount = Fraction(change.amount)
        if change.part in {SALES_NEW, SALES_GONE}:
            both = Fraction(self.sales) * Fraction(self.sales_after)
            return -amount * Fraction(self.receivables_after) * self.days / both
        return amount * self.days / Fraction(self.sales)


def windows(period: Span, days: int | None) -> tuple[Span, Span]:
    """Give the days whose sales count at the beginning and at the end; 90 where nothing else is said."""
    return span(period.before, days=days), span(period.last, days=days)


def ratios(chosen: Selection, period: Span, days: int | None) -> dict[str, Ratio]:
    """Give receivables and sales by currency; currencies in which neither is are left out."""
    first, last = windows(period, days)
    before, after = chosen.balances(first.last), chosen.balances(last.last)
    sold, sold_after = chosen.sales(first.before, first.last), chosen.sales(last.before, last.last)
    found = {
        currency: Ratio(
            before.get(currency, ZERO),
            sold.get(currency, ZERO),
            after.get(currency, ZERO),
            sold_after.get(currency, ZERO),
            last.days,
        )
        for currency in after.keys() | before.keys()
    }
    return {currency: one for currency, one in found.items() if any(one[:4])}


def changes(chosen: Selection, period: Span, days: int | None) -> Iterator[Change]:
    """Give what changed the receivables in the period, then what came into and left the sales; amounts are money."""
    within = chosen.during(period, with_items=True)
    moved = (move for move in within.moved(period.last) if period.holds(move.date))
    yield from _by_entry(moved, lambda move: cause(within.books.facts, move))
    first, last = windows(period, days)
    sold = _sold(chosen, Span(first.first, last.last))
    came = (move for move in sold if last.holds(move.date) and not first.holds(move.date))
    gone = (move for move in sold if first.holds(move.date) and not last.holds(move.date))
    yield from _by_entry(came, lambda _move: SALES_NEW)
    yield from (one._replace(amount=-one.amount) for one in _by_entry(gone, lambda _move: SALES_GONE))


def _sold(chosen: Selection, both: Span) -> list[Moved]:
    """List what was sold in the days of both windows."""
    selling = chosen.during(both, doc_types=(*names.SALES_TYPES, names.REVERSAL))
    return [move for move in selling.moved(both.last) if both.holds(move.date) and sold_as(selling.books.facts, move)]


def _by_entry(moves: Iterable[Moved], part: Callable[[Moved], str]) -> Iterator[Change]:
    """Net what each entry moved for each customer and currency; what sums to zero changes nothing."""
    found: dict[tuple[object, ...], Change] = {}
    for move in moves:
        one = changed("", move, move.movement.amount)._replace(item="")
        key = (one.source, one.doc_id, one.customer, one.currency)
        known = found.get(key)
        found[key] = known._replace(amount=known.amount + one.amount) if known else one._replace(part=part(move))
    yield from (one for one in found.values() if one.amount)
