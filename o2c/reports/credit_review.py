"""Who is due for review, why, and what limit the score proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.credit import review
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.credit.review import Due
    from o2c.reports.table import Row

COLUMNS = (
    Column("name", "code"),
    Column("why", "text"),
    Column("currency", "code"),
    Column("limit", "money"),
    Column("exposure", "money"),
    Column("score", "number"),
    Column("proposed_limit", "number"),
)


def report(books: Books, as_of: date, days: int) -> Table:
    """List customers and credit groups whose limit somebody should look at on a day or within some days after it.

    `limit` and `exposure` in the currency of the limit, `proposed_limit` in that of the books: it is a proposal only.
    """
    rows = tuple(_row(one) for one in review.due(books, as_of, days))
    basis = f"limits that end or are due within {days} days; proposed limits in {books.master.company.currency}"
    return Table("credit-review", "Credit review", as_of, basis, COLUMNS, rows)


def _row(one: Due) -> Row:
    total = one.limit.total if one.limit else None
    return {
        "name": one.name,
        "why": "; ".join(one.why),
        "currency": one.exposure.currency,
        "limit": "" if total is None else total,
        "exposure": one.exposure.total,
        "score": "" if one.score is None else one.score,
        "proposed_limit": "" if one.proposed is None else one.proposed,
    }
