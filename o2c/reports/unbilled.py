"""What was delivered and is not invoiced yet, by order line, with its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import progress
from o2c.model.credit import orders
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.progress import Progress
from o2c.model.unbilled import gaps
from o2c.reports.backlog import counted
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.model.unbilled import Gap
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row

COLUMNS = (
    Column("order", "code"),
    Column("line", "count"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("deliveries", "text"),
    Column("delivered_on", "date"),
    Column("days", "count"),
    Column("sku", "code"),
    Column("text", "text"),
    Column("unit", "code"),
    Column("delivered", "number"),
    Column("invoiced", "number"),
    Column("unbilled", "number"),
    Column("currency", "code"),
    Column("net", "money"),
    Column("gross", "money"),
    Column("state", "code"),
)


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """List the order lines of which more is delivered than invoiced at the end of the day, in the order of the books.

    `net` is the share of the line at the price of the order, rounded once: what the close accrues. `gross` adds the tax
    rate of the order line: what the credit exposure counts as delivered. `delivered_on` is the day of the newest
    delivery of the line and `days` how long ago that was. Cancelled orders stay in, for what was handed over.
    Raises NotFound for an unknown customer.
    """
    chosen = select(books, customer, currency, group)
    rows = tuple(
        row
        for part, numbers in books.in_parts(as_of, "unfinished", customer)
        for row in _rows(chosen, part, as_of, set(numbers))
    )
    basis = "delivered less invoiced, at the prices of the order"
    return Table("unbilled", "Delivered, not invoiced", as_of, basis, COLUMNS, rows, totals(rows, "net", "gross"))


def _rows(chosen: Selection, part: Books, as_of: date, numbers: set[str]) -> Iterator[Row]:
    done = Progress(part.facts, as_of)
    for gap in gaps(part.facts, as_of):
        order = gap.order
        if gap.quantity > 0 and order.doc_id in numbers and chosen.takes(order.customer, order.currency):
            events = part.facts.events.get(order.doc_id, ())
            yield _row(gap, done, as_of, orders.state(order, events, as_of))


def _row(gap: Gap, done: Progress, as_of: date, state: str) -> Row:
    order, line = gap.order, gap.line
    delivered, invoiced = counted(done, order, line)
    notes = done.deliveries.get((order.doc_id, line.number), [])
    newest = max((note.date for note in notes), default=None)
    return {
        "order": order.doc_id,
        "line": line.number,
        "customer": order.customer,
        "name": order.payee,
        "deliveries": ", ".join(dict.fromkeys(note.doc_id for note in notes)),
        "delivered_on": newest or "",
        "days": (as_of - newest).days if newest else "",
        "sku": line.sku,
        "text": line.text,
        "unit": line.unit,
        "delivered": delivered,
        "invoiced": invoiced,
        "unbilled": gap.quantity,
        "currency": order.currency,
        "net": rounded(gap.net, order.currency),
        "gross": orders.line_value(line, gap.quantity).number or ZERO,
        "state": "" if state == progress.CONFIRMED else state,
    }
