"""Why credit notes were given: how many and how much, by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.ratios import divided
from o2c.reports.sales import credited
from o2c.reports.selection import reason_text
from o2c.reports.selection import select
from o2c.reports.span import year_to
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books

COLUMNS = (
    Column("reason", "code"),
    Column("text", "text"),
    Column("currency", "code"),
    Column("credit_notes", "count"),
    Column("amount", "money"),
    Column("share", "number"),
    Column("of_sales", "number"),
)


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
    """Sum credit notes by reason and currency, from `since` (1 January) up to and with `until` (the day).

    `amount` is gross, positive, less credit notes that were reversed in these days. `share` is percent of all credit
    notes of the currency, `of_sales` percent of its sales (invoices less credit notes); empty without any. A credit
    note without a reason has an empty one. Raises NotFound for an unknown customer.
    """
    chosen, period = select(books, customer, currency, group), year_to(as_of, since, until)
    found, sales = credited(chosen, period), chosen.sales(period.before, period.last)
    all_of: dict[str, Decimal] = {}
    for (_, code), (amount, _) in found.items():
        all_of[code] = all_of.get(code, ZERO) + amount
    rows = tuple(
        {
            "reason": reason,
            "text": reason_text(books, reason),
            "currency": code,
            "credit_notes": count,
            "amount": amount,
            "share": divided(amount, all_of[code], 100),
            "of_sales": divided(amount, sales.get(code, ZERO), 100),
        }
        for (reason, code), (amount, count) in sorted(found.items())
    )
    basis = f"credit notes dated {period}; {scope.GROSS}; shares in percent"
    return Table(
        "credit-note-reasons", "Credit notes by reason", period.last, basis, COLUMNS, rows, totals(rows, "amount")
    )
