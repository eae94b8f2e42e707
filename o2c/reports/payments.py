"""What was paid on debit items in some days: how much, when the money came, when it was invoiced and due."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.reports.applied_credits import came

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.model.facts import Moved
    from o2c.model.findings import Source
    from o2c.model.items import Item
    from o2c.model.items import ItemKey
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span

#: Documents that can apply money to an item, or take it off again.
_APPLY = frozenset({names.RECEIPT, names.ALLOCATION, names.REVERSAL})


class Payment(NamedTuple):
    """Money applied to a debit item.

    `amount` in `currency`, positive; negative where an earlier payment was taken back. `applied` is the day of the
    document `doc_id` that did it, `paid` the day on which the money came: the day of the receipt, also where it lay on
    account first. `invoiced` and `due` are the days of the item.
    """

    customer: str
    currency: str
    item: str
    doc_id: str
    amount: Decimal
    applied: date
    paid: date
    invoiced: date
    due: date
    source: Source

    @property
    def days_to_pay(self) -> int:
        """Days from the invoice to the money; below zero where it came first."""
        return (self.paid - self.invoiced).days

    @property
    def terms(self) -> int:
        """Days from the invoice to the due date."""
        return (self.due - self.invoiced).days

    @property
    def is_late(self) -> bool:
        """Tell whether the money came after the due date."""
        return self.paid > self.due


def payments(chosen: Selection, period: Span) -> list[Payment]:
    """List what was applied in the days of a period, in the order of the books.

    Receipts and allocations of receipts count, whatever they settle: invoices, instalments, opening items, fees. Credit
    notes, allocations of them, and write-offs are no payments; of an allocation of both the receipt's part is one, see
    `applied_credits`. What is taken back (un-allocated, bounced) counts below
    zero on the day of the document that takes it back, with the days of the payment itself: so the sums of the months
    are the sum of the year, and later documents change nothing.
    """
    chosen = chosen.during(period, with_items=True)
    facts, moved = chosen.books.facts, chosen.moved(period.last)
    applied = _applied(moved, period)
    wanted = {key for _, key in applied}
    debits = items(move for move in moved if _key(move) in wanted)
    found = []
    for (doc_id, key), (move, amount) in applied.items():
        if debits[key].original > 0 and amount:
            found += [_payment(debits[key], move, part, day) for day, part in came(facts, doc_id, key, amount)]
    return found


def _applied(moved: Iterable[Moved], period: Span) -> dict[tuple[str, ItemKey], tuple[Moved, Decimal]]:
    """Net what each document took off each item: a lot is taken out whole, and its rest put back."""
    sums: dict[tuple[str, ItemKey], tuple[Moved, Decimal]] = {}
    for move in moved:
        if move.doc_type in _APPLY and period.holds(move.date) and move.movement.item != move.doc_id:
            key = (move.doc_id, _key(move))
            before = sums[key][1] if key in sums else ZERO
            sums[key] = (move, before - move.movement.amount)
    return sums


def _key(move: Moved) -> ItemKey:
    return (move.movement.account, move.movement.item, move.movement.currency)


def _payment(item: Item, move: Moved, amount: Decimal, paid: date) -> Payment:
    return Payment(
        item.customer, item.currency, item.item, move.doc_id, amount, move.date, paid, item.date, item.due, move.source
    )


class Weighed(NamedTuple):
    """Sums over payments in one currency; the days are weighed by the amounts."""

    amount: Decimal = ZERO
    money_days: Decimal = ZERO
    terms_days: Decimal = ZERO
    late: Decimal = ZERO
    payments: int = 0

    @property
    def late_days(self) -> Decimal:
        """Money-days by which payments came later than due; earlier ones lower it."""
        return self.money_days - self.terms_days


def weighed(found: Iterable[Payment]) -> Weighed:
    """Sum payments of one currency. What was taken back lowers the sums, and is not counted as a payment."""
    total = Weighed()
    for one in found:
        total = Weighed(
            total.amount + one.amount,
            total.money_days + one.amount * one.days_to_pay,
            total.terms_days + one.amount * one.terms,
            total.late + (one.amount if one.is_late else ZERO),
            total.payments + (1 if one.amount > 0 else 0),
        )
    return total
