"""How customers pay: days from invoice to money, beside the days agreed, weighed by what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import scope
from o2c.reports.payments import payments
from o2c.reports.payments import weighed
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.reports.payments import Payment
    from o2c.reports.table import Row

COLUMNS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("currency", "code"),
    Column("payments", "count"),
    Column("paid", "money"),
    Column("days_to_pay", "number"),
    Column("terms", "number"),
    Column("days_late", "number"),
    Column("late", "money"),
    Column("late_percent", "number"),
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
    days: int | None = None,
) -> Table:
    """Weigh the days from invoice to payment by amount, per customer and currency, over 90 days up to and with the day.

    `paid` is what was applied to debit items, less what was taken back, and `late` the part whose money came after the
    due date. `days_to_pay` less `terms` is `days_late`; below zero: early. Two decimals, half up; empty where as much
    was taken back as was paid. Source: shared definitions 2. Raises NotFound for an unknown customer or group.
    """
    chosen, period = select(books, customer, currency, group), span(as_of, since, until, days)
    groups: dict[tuple[str, str], list[Payment]] = {}
    for one in payments(chosen, period):
        groups.setdefault((one.customer, one.currency), []).append(one)
    agreed = books.customer_names()
    rows = tuple(
        _row(key, agreed.get(key[0]) or books.payee(found[0].doc_id) or key[0], found)
        for key, found in sorted(groups.items())
    )
    basis = f"applied from {period}, the money on the day of its receipt; {scope.GROSS}"
    return Table("days-to-pay", "Days to pay", period.last, basis, COLUMNS, rows, totals(rows, "paid", "late"))


def _row(key: tuple[str, str], name: str, found: Sequence[Payment]) -> Row:
    sums = weighed(found)
    return {
        "customer": key[0],
        "name": name,
        "currency": key[1],
        "payments": sums.payments,
        "paid": sums.amount,
        "days_to_pay": divided(sums.money_days, sums.amount),
        "terms": divided(sums.terms_days, sums.amount),
        "days_late": divided(sums.late_days, sums.amount),
        "late": sums.late,
        "late_percent": divided(sums.late, sums.amount, 100),
    }
