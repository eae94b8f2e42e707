"""What happens to orders by decision, each a note in the books: confirmed, held, released, cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import Refused
from o2c.model import names
from o2c.model import progress
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.progress import Progress
from o2c.sales.completeness import missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from beancount.core.amount import Amount

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Value


def confirm(books: Books, act: Act, day: date, doc_ids: Sequence[str], *, accept_prices: bool = False) -> list[Event]:
    """Confirm orders; one that is confirmed already is left out. Raises Refused with all that is missing."""
    faults: list[str] = []
    events: list[Event] = []
    for doc_id in dict.fromkeys(doc_ids):
        order = books.facts.document(doc_id, names.ORDER)
        said = progress.state(order, books.facts.events[doc_id])
        if said == progress.CONFIRMED:
            continue
        if said in {progress.HELD, progress.CANCELLED}:
            faults.append(f"{doc_id} is {said}; {way_out(said, books.facts.events[doc_id])}")
            continue
        faults += [f"{doc_id}: {what}" for what in missing(books, order, accept_prices=accept_prices)]
        accepted = {"prices_accepted": True} if accept_prices else {}
        events.append(noted("order-confirmed", order, act, max(day, order.date), **accepted))
    if faults:
        raise BadInput(faults)
    return events


def confirm_complete(books: Books, act: Act, day: date, incomplete: list[str]) -> list[Event]:
    """Confirm every draft that lacks nothing; what the others lack is added to `incomplete`."""
    events = []
    for order in drafts(books):
        lacks = missing(books, order)
        incomplete += [f"{order.doc_id}: {what}" for what in lacks]
        if not lacks:
            events.append(noted("order-confirmed", order, act, max(day, order.date)))
    return events


def way_out(said: str, events: Sequence[Event]) -> str:
    """Say what a person can do about an order that is held (and why it is) or cancelled."""
    if said != progress.HELD:
        return "take in a new order"
    held = next(event for event in reversed(events) if event.kind == "order-held")
    credit = dict(held.extra).get("reason") == "credit"
    command = f"o2c {'credit' if credit else 'order'} release {held.subject} --reason ..."
    return f"release it first: `{command}`" + (f" (held because: {held.act.why})" if held.act.why else "")


def to_confirm(doc_id: str, said: str, events: Sequence[Event]) -> str:
    """Say what makes a confirmed order of one that is not: a draft is confirmed, a held one is released before."""
    return f"`o2c order confirm {doc_id}`" if said == progress.DRAFT else way_out(said, events)


def drafts(books: Books) -> list[Document]:
    """List the orders that wait to be confirmed."""
    facts = books.facts
    return [
        doc for doc in facts.documents(names.ORDER) if progress.state(doc, facts.events[doc.doc_id]) == progress.DRAFT
    ]


def hold(books: Books, act: Act, day: date, doc_id: str, reason: str = "") -> list[Event]:
    """Hold an order: nothing of it is confirmed, delivered or invoiced until it is released.

    `reason` is `credit` where credit holds it: then the release is good for an amount and some days only.
    """
    order = _living(books, doc_id)
    if progress.state(order, books.facts.events[doc_id]) == progress.HELD:
        return []
    return [noted("order-held", order, act, day, reason=reason)]


def release(
    books: Books, act: Act, day: date, doc_id: str, amount: Amount | None = None, until: date | None = None
) -> list[Event]:
    """Release a held order; it is a draft again and must be confirmed, which checks it again.

    For credit it may pass with `amount` (in the currency of the limit) at most, and up to and with the day `until`.
    """
    order = _living(books, doc_id)
    if progress.state(order, books.facts.events[doc_id]) != progress.HELD:
        raise Refused(f"{doc_id} is not held")
    return [noted("order-released", order, act, day, amount=amount or "", until=until or "")]


def cancel(books: Books, act: Act, day: date, doc_id: str) -> list[Event]:
    """Cancel what is not delivered of an order; refused while delivered goods are not invoiced."""
    order = books.facts.document(doc_id, names.ORDER)
    if progress.state(order, books.facts.events[doc_id]) == progress.CANCELLED:
        return []
    done = Progress(books.facts)
    for line in order.lines:
        if done.delivered[doc_id, line.number] > done.invoiced[doc_id, line.number]:
            raise Refused(
                f"line {line.number} of {doc_id} is delivered, not invoiced; invoice it or reverse the delivery first"
            )
    return [noted("order-cancelled", order, act, day)]


def _living(books: Books, doc_id: str) -> Document:
    order = books.facts.document(doc_id, names.ORDER)
    if progress.state(order, books.facts.events[doc_id]) == progress.CANCELLED:
        raise Refused(f"{doc_id} is cancelled")
    return order


def noted(kind: str, order: Document, act: Act, day: date, **facts: Value) -> Event:
    """Make the note that says what happened to an order in its present version."""
    return Event(
        kind=kind,
        date=day,
        subject=order.doc_id,
        customer=order.customer,
        act=act,
        account=names.receivable(order.customer),
        comment=f"{kind.replace('-', ' ').capitalize()}",
        links=frozenset({order.doc_id}),
        extra=extra(version=Decimal(order.version), **facts),
    )
