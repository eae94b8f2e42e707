"""Variants: the paths that orders took from order to cash, how many took each, how long, and what they were worth."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports.cash_application import median
from o2c.reports.process.cases import THEN
from o2c.reports.process.cases import by_currency
from o2c.reports.process.cases import cases
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.reports.process.cases import Case
    from o2c.reports.table import Row

COLUMNS = (
    Column("variant", "code"),
    Column("currency", "code"),
    Column("path", "text"),
    Column("steps", "count"),
    Column("cases", "count"),
    Column("share", "number"),
    Column("median_days", "number"),
    Column("net", "money"),
    Column("example", "code"),
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
    """Count the paths of orders and of invoices without an order, the commonest first, each currency by itself.

    Cases that began from `since` on (the beginning), with their steps up to and with `until` (the day). `share` is
    percent of the cases in the currency, `median_days` from the first step to the last, `net` without tax, `example`
    the newest case. Raises NotFound for an unknown customer or group, WrongUsage for days turned round.
    """
    chosen = select(books, customer, currency, group)
    last = span(as_of, since, until, None if since else 1).last
    rows = tuple(row for code, found in by_currency(cases(chosen, last, since)) for row in _rows(code, found))
    basis = f"{begun(since)}steps up to {last}; amounts net of tax; a path may still go on"
    return Table("variants", "Paths from order to cash", last, basis, COLUMNS, rows, totals(rows, "net"))


def begun(since: date | None) -> str:
    """Say which cases a report looks at."""
    kinds = "orders, and invoices without one"
    return f"{kinds}, begun from {since} on; " if since else f"{kinds}; "


def _rows(currency: str, found: list[Case]) -> Iterator[Row]:
    paths: dict[str, list[Case]] = {}
    for case in found:
        paths.setdefault(case.path(), []).append(case)
    ordered = sorted(paths.items(), key=lambda one: (-len(one[1]), one[0]))
    for number, (path, same) in enumerate(ordered, 1):
        yield {
            "variant": f"{currency}-{number:03d}",
            "currency": currency,
            "path": path,
            "steps": len(path.split(THEN)),
            "cases": len(same),
            "share": divided(Decimal(len(same)), Decimal(len(found)), 100),
            "median_days": median([case.days for case in same]),
            "net": sum((case.net for case in same), ZERO),
            "example": same[-1].head,
        }
