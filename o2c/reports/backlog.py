"""The order backlog: what was ordered and confirmed, and is neither delivered nor invoiced, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model import progress
from o2c.model.credit import orders
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.progress import Progress
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row

COLUMNS = (
    Column("order", "code"),
    Column("line", "count"),
    Column("date", "date"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("promised", "date"),
    Column("days_late", "count"),
    Column("sku", "code"),
    Column("text", "text"),
    Column("unit", "code"),
    Column("ordered", "number"),
    Column("delivered", "number"),
    Column("invoiced", "number"),
    Column("open", "number"),
    Column("currency", "code"),
    Column("net", "money"),
    Column("gross", "money"),
)


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """List the lines of confirmed orders of which something is open at the end of the day, oldest order first.

    `open` is what was ordered less the greater of delivered and invoiced. `net` and `gross` are its share of the line
    at the prices and tax rates of the order, each rounded once; `gross` is what the credit exposure counts as open
    orders. `promised` is the day of the line, else of the order; `days_late` is empty before it. Drafts, held and
    cancelled orders are left out. Raises NotFound for an unknown customer.
    """
    chosen = select(books, customer, currency, group)
    rows = tuple(
        row
        for part, numbers in books.in_parts(as_of, "open", customer)
        for row in _rows(chosen, part, as_of, set(numbers))
    )
    basis = "confirmed orders, neither delivered nor invoiced, at the prices of the order"
    return Table("backlog", "Order backlog", as_of, basis, COLUMNS, rows, totals(rows, "net", "gross"))


def _rows(chosen: Selection, part: Books, as_of: date, numbers: set[str]) -> Iterator[Row]:
    done = Progress(part.facts, as_of)
    for order in part.facts.documents(names.ORDER, as_of=as_of):
        if order.doc_id not in numbers or not chosen.takes(order.customer, order.currency):
            continue
        if orders.state(order, part.facts.events.get(order.doc_id, ()), as_of) == progress.CONFIRMED:
            for line in order.lines:
                waits = orders.open_quantity(line.quantity, *counted(done, order, line))
                if waits:
                    yield _row(order, line, done, waits, as_of)


def counted(done: Progress, order: Document, line: Line) -> tuple[Decimal, Decimal]:
    """Give what was delivered and what was invoiced of an order line."""
    key = (order.doc_id, line.number)
    return done.delivered.get(key, ZERO), done.invoiced.get(key, ZERO)


def _row(order: Document, line: Line, done: Progress, waits: Decimal, as_of: date) -> Row:
    delivered, invoiced = counted(done, order, line)
    promised = orders.promised(order, line)
    return {
        "order": order.doc_id,
        "line": line.number,
        "date": order.date,
        "customer": order.customer,
        "name": order.payee,
        "promised": promised or "",
        "days_late": (as_of - promised).days if promised and promised < as_of else "",
        "sku": line.sku,
        "text": line.text,
        "unit": line.unit,
        "ordered": line.quantity,
        "delivered": delivered,
        "invoiced": invoiced,
        "open": waits,
        "currency": order.currency,
        "net": rounded(_net(line) * waits / line.quantity, order.currency) if line.quantity else ZERO,
        "gross": orders.line_value(line, waits).number or ZERO,
    }


def _net(line: Line) -> Decimal:
    return ZERO if line.net is None or line.net.number is None else line.net.number
