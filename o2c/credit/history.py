"""A customer's score and use of its limit, gathered from the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.credit import score as scoring
from o2c.credit.desk import Desk
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.credit.score import Score


def score(books: Books, customer: str, day: date) -> Score:
    """Score one customer at the end of a day. Raises NotFound for an unknown one, Refused where a rate is missing."""
    books.master.customer(customer)
    start = scoring.months_before(day, books.master.policies.credit.score.months)
    return of_desk(Desk(books, start), customer, day)


def of_desk(desk: Desk, customer: str, day: date) -> Score:
    """Score one customer at a desk that was opened for a day at least as early as the score looks back."""
    policy, currency = desk.policy.score, desk.master.company.currency
    limit, exposure = desk.exposure(customer, day)
    sales = desk.books.sales(scoring.months_before(day, policy.months), day, customer)
    turnover = sum((desk.worth(Amount(number, code), currency, day) for code, number in sales.items()), ZERO)
    use = scoring.Use(exposure.total, limit.total if limit else None, exposure.currency)
    return scoring.score(
        desk.facts(customer), day, policy, lambda number, code: desk.worth(Amount(number, code), currency, day), use,
        turnover, currency,
    )  # fmt: skip
