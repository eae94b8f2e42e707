"""The event log as a table: every step from order to cash, with its moment, its document, and what else it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.documents import Document
from o2c.model.money import ZERO
from o2c.reports import places
from o2c.reports.acts import amount_of
from o2c.reports.process.steps import steps
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.process.steps import Step
    from o2c.reports.table import Row

COLUMNS = (
    Column("event", "code"),
    Column("time", "code"),
    Column("date", "date"),
    Column("activity", "code"),
    Column("subject", "code"),
    Column("doc_type", "code"),
    Column("customer", "code"),
    Column("about", "text"),
    Column("currency", "code"),
    Column("amount", "money"),
    Column("by", "text"),
    Column("by_hand", "flag"),
)
BASIS = "times in UTC, the beginning of the day where the entry has no moment of its day; debit positive"


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Table:
    """List the steps dated from `since` (the beginning) up to and with `until` (the day), in the order they happened.

    `event` is the place of the entry in the ledger. `about` names other documents that it is about. `amount` is what it
    moved on the customer's items, debit positive (an order: its net). The same steps as OCEL 2.0 are written by
    `event_log_ocel`. Raises NotFound for an unknown customer or group, WrongUsage for days turned round.
    """
    chosen = select(books, customer, currency, group)
    last = span(as_of, since, until, None if since else 1).last
    rows = tuple(row(books, one) for one in steps(chosen, last) if since is None or one.entry.date >= since)
    when = f"{since} to {last}" if since else f"up to {last}"
    return Table("event-log", "Event log", last, f"{when}; {BASIS}", COLUMNS, rows)


def row(books: Books, step: Step) -> Row:
    """Write a step as a row of `COLUMNS`."""
    entry, amount = step.entry, amount_of(step.entry)
    subject = entry.doc_id if isinstance(entry, Document) else entry.subject
    return {
        "event": places.place(books, entry.source),
        "time": step.time,
        "date": entry.date,
        "activity": step.activity,
        "subject": subject,
        "doc_type": entry.doc_type if isinstance(entry, Document) else "",
        "customer": entry.customer,
        "about": " ".join(touch.doc_id for touch in step.touches if touch.doc_id != subject),
        "currency": amount.currency if amount else "",
        "amount": amount.number or ZERO if amount else "",
        "by": entry.act.by,
        "by_hand": step.is_by_hand,
    }
