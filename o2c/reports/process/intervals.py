"""What lies between two steps of the process: from when to when an order, delivery or invoice waited for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date as Date

    from o2c.reports.process.cases import Bill
    from o2c.reports.process.cases import Case
    from o2c.reports.process.cases import Delivery

#: The steps in their order, and of what each is measured.
INTERVALS = {
    "order-to-confirmation": "order",
    "confirmation-to-delivery": "order",
    "delivery-to-invoice": "delivery",
    "invoice-to-sending": "invoice",
    "sending-to-payment": "invoice",
    "invoice-to-payment": "invoice",
    "order-to-invoice": "order",
    "order-to-payment": "order",
}


class Interval(NamedTuple):
    """How long a document waited for a step; `ended` None: it still waits."""

    step: str
    document: str
    began: Date
    ended: Date | None

    def days(self, last: Date) -> int:
        """Give its whole days, up to the last day where it still waits."""
        return ((self.ended or last) - self.began).days


def intervals(case: Case) -> Iterator[Interval]:
    """Give what a case waited for. What was cancelled, reversed, or settled without a payment waits for nothing."""
    if case.is_order:
        yield from _of_order(case)
    for delivery in case.deliveries:
        if one := _of_delivery(case, delivery):
            yield one
    for bill in case.standing_bills:
        yield from _of_bill(bill)


def _of_order(case: Case) -> Iterator[Interval]:
    confirmed, delivered = case.first("order-confirmed"), case.first("delivered")
    invoiced = min((bill.date for bill in _invoices(case)), default=None)
    is_over = case.first("order-cancelled") is not None
    is_paid = case.is_settled and all(bill.settled for bill in case.standing_bills) and _was_paid(case)
    settled = max((bill.settled for bill in case.standing_bills if bill.settled), default=None)
    if confirmed or invoiced or not is_over:
        yield from _unless_passed("order-to-confirmation", case, case.begun, confirmed, is_over or bool(invoiced))
    if confirmed:
        yield from _unless_passed("confirmation-to-delivery", case, confirmed, delivered, is_over or bool(invoiced))
    yield from _unless_passed("order-to-invoice", case, case.begun, invoiced, is_over)
    is_done = is_over or (case.is_settled and not is_paid)
    yield from _unless_passed("order-to-payment", case, case.begun, settled if is_paid else None, is_done)


def _was_paid(case: Case) -> bool:
    return any(bill.was_paid for bill in case.standing_bills)


def _unless_passed(step: str, case: Case, began: Date, ended: Date | None, is_passed: bool) -> Iterator[Interval]:  # noqa: FBT001 - as the others
    """Give an interval that ended, or that still waits; not what the case passed by."""
    if ended is not None and ended >= began:
        yield Interval(step, case.head, began, ended)
    elif ended is None and not is_passed:
        yield Interval(step, case.head, began, None)


def _of_delivery(case: Case, delivery: Delivery) -> Interval | None:
    """Measure from a delivery to the invoice that names it, else to the next invoice of the order."""
    own = [bill.date for bill in _invoices(case) if delivery.doc_id in bill.delivered_by]
    unnamed = [bill.date for bill in _invoices(case) if not bill.delivered_by]
    later = [day for day in unnamed if day >= delivery.date]
    ended = min(own or later, default=None)
    if ended is None:
        is_passed = delivery.left <= 0 or bool(unnamed)
        return None if is_passed else Interval("delivery-to-invoice", delivery.doc_id, delivery.date, None)
    return Interval("delivery-to-invoice", delivery.doc_id, delivery.date, ended) if ended >= delivery.date else None


def _invoices(case: Case) -> list[Bill]:
    return [bill for bill in case.standing_bills if not bill.is_deposit]


def _of_bill(bill: Bill) -> Iterator[Interval]:
    if bill.sent or bill.is_open:
        yield Interval("invoice-to-sending", bill.doc_id, bill.date, bill.sent)
    if not bill.is_open and not (bill.settled and bill.was_paid):
        return
    if bill.sent and (bill.settled is None or bill.settled >= bill.sent):
        yield Interval("sending-to-payment", bill.doc_id, bill.sent, bill.settled)
    yield Interval("invoice-to-payment", bill.doc_id, bill.date, bill.settled)
