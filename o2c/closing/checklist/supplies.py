"""Checks of the close over deliveries and invoices: each sale counts in the month in which it was supplied."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.closing.accruals import accrued
from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.model import names
from o2c.model import progress
from o2c.model.findings import NOWHERE
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.closing.at_end import AtEnd
    from o2c.model.documents import Document
    from o2c.model.unbilled import Gap


def delivered_not_invoiced(at_end: AtEnd) -> Found:
    """Compare what was delivered and not invoiced with the accrual that is posted, order line by order line."""
    lines = accrued(at_end)
    wrong = [line for line in lines if line.missing]
    rows = tuple(
        Seen(
            f"{line.key[0]} line {line.key[1]}",
            f"to accrue {text(line.due, at_end.currency)}, posted {text(line.posted, at_end.currency)}",
            line.gap.order.source if line.gap else NOWHERE,
        )
        for line in lines
    )
    total = text(sum((line.due for line in lines), ZERO), at_end.currency)
    if wrong:
        remedy = f"`o2c close propose {at_end.month.name} accruals`"
        said = f"{total} to accrue; {count(len(wrong), 'line is', 'lines are')} not posted so: {remedy}"
        return Found(said, is_red=True, seen=rows)
    return Found(f"{total} accrued" if lines else "everything delivered is invoiced", seen=rows)


def invoiced_not_delivered(at_end: AtEnd) -> Found:
    """Find goods that were invoiced and not delivered: the right to the money may still depend on it (IFRS 15.106)."""
    found = [gap for gap in at_end.gaps if gap.quantity < 0 and not _is_service(at_end, gap)]
    invoices = _invoices(at_end) if found else {}
    rows = tuple(
        Seen(
            ", ".join(doc.doc_id for doc in invoices.get((gap.order.doc_id, gap.line.number), ())),
            f"{-gap.quantity:f} {gap.line.text or gap.line.sku} of {gap.order.doc_id} line {gap.line.number} "
            f"not delivered at the end of {at_end.month.last}",
            gap.order.source,
        )
        for gap in found
    )
    if rows:
        return Found(f"{len(rows)} order lines are invoiced and not delivered", is_red=True, seen=rows)
    return Found("nothing is invoiced before its delivery")


def _is_service(at_end: AtEnd, gap: Gap) -> bool:
    product = at_end.books.master.products.get(gap.line.sku)
    return product is not None and product.kind == "service"


def _invoices(at_end: AtEnd) -> dict[tuple[str, int], list[Document]]:
    found: dict[tuple[str, int], list[Document]] = {}
    for doc in at_end.facts.documents(names.INVOICE, as_of=at_end.month.last):
        for line in doc.lines:
            if line.order:
                found.setdefault((line.order, line.order_line), []).append(doc)
    return found


def cut_off(at_end: AtEnd) -> Found:
    """Find invoices whose day of supply lies in another month than their date, and that no accrual has put right.

    Supplied later than invoiced is revenue too early; supplied in an earlier month is revenue too late, unless that
    month's close had accrued the order.
    """
    accrued_orders = {
        (str(one.facts.get("order") or ""), one.date)
        for one in at_end.postings.get(at_end.accounts.accrued_revenue, ())
    }
    undone = {str(doc.refers) for doc in at_end.facts.documents(names.REVERSAL)}
    rows = tuple(
        seen
        for doc in at_end.facts.documents(names.INVOICE)
        if doc.doc_id not in undone
        for seen in _misplaced(at_end, doc, accrued_orders)
    )
    apart = count(len(rows), "invoice counts in another month than its", "invoices count in another month than their")
    said = f"{apart} supply" if rows else "supply and invoice agree"
    return Found(said, bool(rows), rows)


def _misplaced(at_end: AtEnd, doc: Document, accrued_orders: set[tuple[str, Date]]) -> Iterator[Seen]:
    supplied = doc.fact("supplied")
    first, last = at_end.month.first, at_end.month.last
    if not isinstance(supplied, Date):
        return
    said = f"dated {doc.date}, supplied {supplied}"
    orders = {line.order for line in doc.lines if line.order}
    in_month = first <= doc.date <= last
    if in_month and supplied > last:
        yield Seen(doc.doc_id, f"{said}: the revenue is too early", doc.source)
    elif in_month and supplied < first and not _was_accrued(orders, accrued_orders, first):
        yield Seen(doc.doc_id, f"{said}: the revenue is too late, no accrual was posted", doc.source)
    elif doc.date > last and first <= supplied <= last and not _is_accrued(orders, accrued_orders, last):
        yield Seen(doc.doc_id, f"{said}: the revenue belongs to {at_end.month.name}, nothing is accrued", doc.source)


def _was_accrued(orders: set[str], accrued_orders: set[tuple[str, Date]], first: Date) -> bool:
    return any(order in orders and day < first for order, day in accrued_orders)


def _is_accrued(orders: set[str], accrued_orders: set[tuple[str, Date]], last: Date) -> bool:
    return any(order in orders and day == last for order, day in accrued_orders)


def left_over(at_end: AtEnd) -> Found:
    """Find orders of the month, or older, that nobody confirmed, and those that are held."""
    rows = []
    for order in at_end.facts.documents(names.ORDER, as_of=at_end.month.last):
        state = progress.state(order, at_end.facts.events.get(order.doc_id, []))
        if state in {progress.DRAFT, progress.HELD}:
            rows.append(Seen(order.doc_id, f"{order.customer}: {state} since {order.date}", order.source))
    if rows:
        said = f"{count(len(rows), 'order is a draft', 'orders are drafts')} or held: confirm, cancel, or say why"
        return Found(said, is_red=True, seen=tuple(rows))
    return Found("no draft, no held order")
