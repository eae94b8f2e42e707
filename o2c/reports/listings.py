"""Lists of documents, as the `list` commands show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model import progress
from o2c.model.money import ZERO
from o2c.model.progress import Progress
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals
from o2c.sales.completeness import missing
from o2c.sales.orders import total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.table import Row

_ORDER = (
    Column("order", "code"),
    Column("date", "date"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("reference", "text"),
    Column("state", "code"),
    Column("progress", "text"),
    Column("currency", "code"),
    Column("net", "money"),
    Column("missing", "text"),
    Column("why", "text"),
)
#: Columns that only some lists of orders have.
_ONLY = {"missing": "incomplete", "why": "held"}
_DELIVERY = (
    Column("delivery", "code"),
    Column("date", "date"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("order", "code"),
    Column("lines", "count"),
)
_SALES = (
    Column("document", "code"),
    Column("doc_type", "code"),
    Column("date", "date"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("refers", "code"),
    Column("due", "date"),
    Column("days_past_due", "count"),
    Column("currency", "code"),
    Column("gross", "money"),
    Column("open", "money"),
    Column("state", "code"),
)


def orders(books: Books, as_of: date, *, only: str = "", customer: str = "") -> Table:
    """List orders with state and progress; `only`: open, held (then why), or incomplete (then what is missing)."""
    rows = [
        row
        for part, numbers in books.in_parts(as_of, only, customer)
        for row in _order_rows(part, as_of, set(numbers), only, customer)
    ]
    title = f"Orders{' ' + only if only else ''}"
    columns = tuple(column for column in _ORDER if _ONLY.get(column.name, only) == only)
    kept = tuple({column.name: row[column.name] for column in columns} for row in rows)
    return Table("orders", title, as_of, "net of tax", columns, kept, totals(rows, "net"))


def _order_rows(books: Books, as_of: date, numbers: set[str], only: str, customer: str) -> Iterator[Row]:
    done = Progress(books.facts, as_of)
    for order in books.facts.documents(names.ORDER, as_of=as_of):
        if order.doc_id not in numbers or (customer and order.customer != customer):
            continue
        events = [event for event in books.facts.events[order.doc_id] if event.date <= as_of]
        state = progress.state(order, events)
        lacks = missing(books, order) if state == progress.DRAFT else []
        step = _step(done, order)
        if _wanted(only, state, step, lacks):
            yield _order_row(order, state, step, lacks, _held_because(events) if state == progress.HELD else "")


def _held_because(events: Sequence[Event]) -> str:
    return next((event.act.why for event in reversed(events) if event.kind == "order-held"), "")


def _order_row(order: Document, state: str, step: str, lacks: list[str], why: str) -> Row:
    return {
        "order": order.doc_id,
        "date": order.date,
        "customer": order.customer,
        "name": order.payee,
        "reference": order.reference,
        "state": state,
        "progress": step,
        "currency": order.currency,
        "net": total(order.lines),
        "missing": "; ".join(lacks),
        "why": why,
    }


def _wanted(only: str, state: str, step: str, lacks: list[str]) -> bool:
    if only == "open":
        return state != progress.CANCELLED and step != "invoiced"
    if only == "held":
        return state == progress.HELD
    return bool(lacks) if only == "incomplete" else True


def _step(done: Progress, order: Document) -> str:
    """Say how far an order has come: nothing, part or all delivered, part or all invoiced."""
    ordered = sum((line.quantity for line in order.lines), ZERO)
    for name, counted in (("invoiced", done.invoiced), ("delivered", done.delivered)):
        quantity = sum((min(counted[order.doc_id, line.number], line.quantity) for line in order.lines), ZERO)
        if quantity >= ordered:
            return name
        if quantity:
            return f"partly {name}"
    return ""


def deliveries(books: Books, as_of: date, *, customer: str = "") -> Table:
    """List deliveries."""
    rows: tuple[Row, ...] = tuple(
        {
            "delivery": doc.doc_id,
            "date": doc.date,
            "customer": doc.customer,
            "name": doc.payee,
            "order": doc.refers,
            "lines": len(doc.lines),
        }
        for doc in books.documents(names.DELIVERY, as_of=as_of, customer=customer)
    )
    return Table("deliveries", "Deliveries", as_of, "all", _DELIVERY, rows)


def sales_documents(books: Books, as_of: date, doc_type: str, *, only: str = "", customer: str = "") -> Table:
    """List invoices or credit notes with what is open of them; `only`: open or overdue.

    `gross` is positive for invoices and negative for credit notes; a credit note's `open` is what is left of it as a
    credit of its own.
    """
    open_by_doc: dict[str, list[Item]] = {}
    for item in books.open_items(as_of, customer):
        open_by_doc.setdefault(item.doc_id, []).append(item)
    undone = {doc.refers for doc in books.documents(names.REVERSAL, as_of=as_of, customer=customer)}
    rows = []
    for doc in books.documents(doc_type, as_of=as_of, customer=customer, among=open_by_doc if only else None):
        row = _sales_row(doc, open_by_doc.get(doc.doc_id, []), as_of, reversed_=doc.doc_id in undone)
        late = isinstance(row["days_past_due"], int) and row["days_past_due"] > 0
        if only == "overdue" and not late:
            continue
        if only == "open" and not row["open"]:
            continue
        rows.append(row)
    title = f"{doc_type.capitalize().replace('-', ' ')}s{' ' + only if only else ''}"
    return Table(f"{doc_type}s", title, as_of, "gross of tax", _SALES, tuple(rows), totals(rows, "gross", "open"))


def _sales_row(doc: Document, mine: list[Item], as_of: date, *, reversed_: bool) -> Row:
    still: Decimal = sum((item.open for item in mine), ZERO)
    dues = [item.due for item in mine if item.open > 0]
    due = min(dues, default=doc.due or doc.date)
    gross = sum((movement.amount for movement in doc.movements), ZERO)
    return {
        "document": doc.doc_id,
        "doc_type": doc.doc_type,
        "date": doc.date,
        "customer": doc.customer,
        "name": doc.payee,
        "refers": doc.refers,
        "due": due,
        "days_past_due": (as_of - due).days if dues else "",
        "currency": doc.currency,
        "gross": gross,
        "open": still,
        "state": _state(gross, still, reversed_=reversed_),
    }


def _state(gross: Decimal, still: Decimal, *, reversed_: bool) -> str:
    if reversed_:
        return "reversed"
    if not still:
        return "settled"
    return "open" if still == gross else "partly settled"
