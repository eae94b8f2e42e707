"""Cases: each order with everything that followed from it, and each invoice that no order stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.money import ZERO
from o2c.reports.process import activities
from o2c.reports.process.steps import steps
from o2c.sales.orders import total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from o2c.reports.process.steps import Step
    from o2c.reports.selection import Selection

#: What leads from an order to its invoices and back; everything else belongs to the cases whose items it moves.
_CHAIN = frozenset({names.ORDER, names.DELIVERY, names.RETURN, names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE})
_BILLS = frozenset({names.INVOICE, names.DEPOSIT_INVOICE})
_PAYMENTS = frozenset({"paid", "allocated"})
#: Between the steps of a path.
THEN = " > "


class Happened(NamedTuple):
    """A step of a case: on which day, what, and whether a person did it by itself."""

    date: Date
    activity: str
    by_hand: bool


@dataclass(slots=True)
class Bill:
    """An invoice or deposit invoice: what is open of it, and the days on which it was sent and settled.

    `settled` is the day of the last document that left nothing open, None while something is. `is_open` is what the
    books say, entries by hand without a number included: these settle on a day that is not known. `was_paid`: a receipt
    or allocation moved it, so that not credit notes and write-offs alone settled it.
    """

    doc_id: str
    date: Date
    is_deposit: bool
    delivered_by: frozenset[str]
    open: Decimal = ZERO
    sent: Date | None = None
    settled: Date | None = None
    was_paid: bool = False
    is_reversed: bool = False
    is_open: bool = False

    def move(self, step: Step, amount: Decimal) -> None:
        """Take note of an entry that moved its items."""
        self.open += amount
        self.settled = None if self.open else step.entry.date
        self.was_paid = self.was_paid or step.activity in _PAYMENTS
        self.is_reversed = self.is_reversed or step.activity in {"invoice-reversed", "deposit-invoice-reversed"}


@dataclass(slots=True)
class Delivery:
    """A delivery, and what is left of its quantities after returns and reversals."""

    doc_id: str
    date: Date
    left: Decimal


@dataclass(slots=True)
class Case:
    """What happened to one order, or to one invoice without an order, in its order.

    `net` is without tax: of the order as it was agreed last, or of the invoice.
    """

    head: str
    customer: str
    currency: str
    net: Decimal
    steps: list[Happened] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def is_order(self) -> bool:
        """Tell whether an order began it."""
        return self.steps[0].activity == "order-created"

    @property
    def begun(self) -> Date:
        """The day of its first step."""
        return self.steps[0].date

    @property
    def days(self) -> int:
        """Days from its first step to its last."""
        return (self.steps[-1].date - self.steps[0].date).days

    @property
    def standing_bills(self) -> list[Bill]:
        """Its invoices that were not reversed."""
        return [bill for bill in self.bills if not bill.is_reversed]

    @property
    def is_settled(self) -> bool:
        """Tell whether there are invoices and nothing is open of any."""
        return bool(self.standing_bills) and not any(bill.is_open for bill in self.standing_bills)

    def first(self, *wanted: str) -> Date | None:
        """Give the day of the first step of some kinds."""
        return next((step.date for step in self.steps if step.activity in wanted), None)

    def path(self) -> str:
        """Write the steps one after the other; `delivered x2`: twice without another step between."""
        said: list[tuple[str, int]] = []
        for step in self.steps:
            if said and said[-1][0] == step.activity:
                said[-1] = (step.activity, said[-1][1] + 1)
            else:
                said.append((step.activity, 1))
        return THEN.join(f"{name} x{times}" if times > 1 else name for name, times in said)


def cases(chosen: Selection, until: Date, since: Date | None = None) -> list[Case]:
    """Gather the cases that began from `since` on, with their steps up to and with `until`, the oldest first.

    A step that is about several orders, as the payment of two invoices, is a step of each.
    """
    gathering = _Gathering()
    for step in steps(chosen, until):
        gathering.take(step)
    gathering.look_up({item.doc_id for item in chosen.open_items(until)})
    return [case for case in gathering.cases.values() if since is None or case.begun >= since]


class _Gathering:
    """The cases while their steps come in, and which documents belong to which."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self._heads: dict[str, tuple[str, ...]] = {}
        self._bills: dict[str, Bill] = {}
        self._deliveries: dict[str, Delivery] = {}

    def take(self, step: Step) -> None:
        heads = self._found(step)
        if isinstance(step.entry, Document):
            heads = heads or self._begun(step.entry)
            self._follow(step, step.entry, heads)
        elif step.activity == "sent" and (bill := self._bills.get(step.entry.subject)) and not bill.sent:
            bill.sent = step.entry.date
        happened = Happened(step.entry.date, step.activity, step.is_by_hand)
        for head in heads:
            self.cases[head].steps.append(happened)

    def look_up(self, open_now: set[str]) -> None:
        """Take over from the books which invoices are open at the end of the last day."""
        for bill in self._bills.values():
            bill.is_open = bill.doc_id in open_now
            if bill.is_open:
                bill.settled = None

    def _found(self, step: Step) -> tuple[str, ...]:
        """Name the cases that a step belongs to, by the documents that it is about."""
        found = (head for touch in step.touches for head in self._heads.get(touch.doc_id, ()))
        return tuple(dict.fromkeys(found))

    def _begun(self, doc: Document) -> tuple[str, ...]:
        """Begin a case with an order, or with an invoice that none stands behind."""
        if doc.doc_type not in {names.ORDER, *_BILLS}:
            return ()
        self.cases[doc.doc_id] = Case(doc.doc_id, doc.customer, doc.currency, net(doc))
        return (doc.doc_id,)

    def _follow(self, step: Step, doc: Document, heads: tuple[str, ...]) -> None:
        if doc.doc_type in _CHAIN:
            self._heads[doc.doc_id] = heads
        if step.activity == activities.AMENDED:
            self.cases[doc.doc_id].net = net(doc)
        if doc.doc_type in _BILLS:
            self._bills[doc.doc_id] = _bill(step, doc)
            for head in heads:
                self.cases[head].bills.append(self._bills[doc.doc_id])
        self._deliver(step, doc, heads)
        for owner, amount in step.moved:
            if owner in self._bills:
                self._bills[owner].move(step, amount)

    def _deliver(self, step: Step, doc: Document, heads: tuple[str, ...]) -> None:
        moved = sum((line.quantity for line in doc.lines), ZERO)
        if doc.doc_type == names.DELIVERY:
            self._deliveries[doc.doc_id] = Delivery(doc.doc_id, doc.date, moved)
            for head in heads:
                self.cases[head].deliveries.append(self._deliveries[doc.doc_id])
        elif step.activity in {"returned", "delivery-reversed"} and doc.refers in self._deliveries:
            self._deliveries[doc.refers].left -= abs(moved)


def _bill(step: Step, doc: Document) -> Bill:
    is_deposit = doc.doc_type == names.DEPOSIT_INVOICE
    return Bill(doc.doc_id, doc.date, is_deposit, frozenset(step.documents("delivery")))


def net(doc: Document) -> Decimal:
    """Give what an order or invoice is worth without tax, in its currency; without tax codes, what it moves on items.

    The same for credit notes, as the customer reads them.
    """
    if doc.doc_type == names.ORDER:
        return total(doc.lines)
    if doc.taxes:
        return sum((tax.base.number or ZERO for tax in doc.taxes), ZERO)
    return sum((move.amount for move in doc.movements), ZERO)


def by_currency(found: list[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Give cases apart by their currencies."""
    groups: dict[str, list[Case]] = {}
    for case in found:
        groups.setdefault(case.currency, []).append(case)
    yield from sorted(groups.items())
