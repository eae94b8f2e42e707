"""The score of a customer with its arithmetic, and the limit that it would bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.credit import history
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.table import Row

COLUMNS = (
    Column("part", "code"),
    Column("weight", "count"),
    Column("points", "number"),
    Column("arithmetic", "text"),
    Column("currency", "code"),
    Column("amount", "money"),
)


def report(books: Books, as_of: date, customer: str) -> Table:
    """Show each part of the score with its points and how they come about, their sum, and the proposed limit."""
    found = history.score(books, customer, as_of)
    currency = books.master.company.currency
    rows: list[Row] = [
        {"part": part.name, "weight": part.weight, "points": part.points, "arithmetic": part.said,
         "currency": currency, "amount": ""}
        for part in found.parts
    ]  # fmt: skip
    rows.append(
        {"part": "score", "weight": sum(part.weight for part in found.parts), "points": found.total,
         "arithmetic": "sum of the parts", "currency": currency, "amount": ""}
    )  # fmt: skip
    rows.append(
        {"part": "proposed_limit", "weight": "", "points": "", "arithmetic": found.proposal_said, "currency": currency,
         "amount": "" if found.proposal is None else found.proposal}
    )  # fmt: skip
    basis = f"the last {books.master.policies.credit.score.months} months; it proposes, a person sets the limit"
    return Table("credit-score", f"Credit score of {customer}", as_of, basis, COLUMNS, tuple(rows))
