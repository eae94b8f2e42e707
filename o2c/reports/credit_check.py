"""One order held against every rule of credit, with the figures: what the command would do at a check point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.credit.standing import check
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.credit.standing import Side
    from o2c.credit.standing import Waiting
    from o2c.reports.table import Row

COLUMNS = (
    Column("of", "code"),
    Column("step", "code"),
    Column("what", "text"),
    Column("currency", "code"),
    Column("amount", "money"),
)


def report(books: Books, as_of: date, number: str, point: str) -> tuple[Table, str]:
    """Show what an order adds to each exposure it is held against, each rule that fails, and the verdict.

    The verdict (pass, warn, hold, refuse) comes beside the table. Raises NotFound for what is no order.
    """
    order, found = check(books.about(number), number, as_of, point)
    rows = [row for side in found.sides for row in _side(side, order)]
    rows += [_row(order, found.sides[0], one.action, f"{one}", None) for one in order.failed]
    rows.append(_row(order, found.sides[0], "verdict", order.verdict, None))
    title = f"Credit check of {number} at {point}: {order.verdict}"
    return Table("credit-check", title, as_of, "gross of tax", COLUMNS, tuple(rows)), order.verdict


def _side(side: Side, order: Waiting) -> Iterator[Row]:
    yield _row(order, side, "exposure", "as the books stand", side.exposure.total)
    yield _row(order, side, "order", f"{order.order.doc_id}, {order.state}, adds", _adds(side, order))
    yield _row(order, side, "limit", "in force" if side.available is not None else "no limit is set", _limit(side))


def _adds(side: Side, order: Waiting) -> Decimal:
    """Give what the order adds to what it uses already (nothing, once it is confirmed)."""
    used = [term.counted for term in side.exposure.terms if term.doc_id == order.order.doc_id]
    return max(order.adds - sum(used), order.adds * 0)


def _limit(side: Side) -> Decimal | None:
    return side.limit.total if side.limit else None


def _row(_: Waiting, side: Side, step: str, what: str, amount: Decimal | None) -> Row:
    return {
        "of": side.name,
        "step": step,
        "what": what,
        "currency": side.exposure.currency,
        "amount": "" if amount is None else amount,
    }
