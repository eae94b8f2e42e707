"""Rework: what was done twice or taken back on the way to cash, what needed a hand, and what went by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports.process import flaws
from o2c.reports.process.cases import by_currency
from o2c.reports.process.cases import cases
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.variants import begun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.reports.process.cases import Case
    from o2c.reports.table import Row

COLUMNS = (
    Column("kind", "code"),
    Column("text", "text"),
    Column("currency", "code"),
    Column("cases", "count"),
    Column("of", "count"),
    Column("share", "number"),
    Column("times", "count"),
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
    """Count the orders, and invoices without one, that went by themselves, and what of them was by hand or repeated.

    Cases that began from `since` on (the beginning), with their steps up to and with `until` (the day). `share` is
    percent of the cases in `of`: those invoiced, those settled, or all, in the currency. A case counts in every row
    that it belongs to, so rows have no sum. Raises NotFound for an unknown customer or group, WrongUsage for days
    turned round.
    """
    chosen = select(books, customer, currency, group)
    last = span(as_of, since, until, None if since else 1).last
    rows = tuple(row for code, found in by_currency(cases(chosen, last, since)) for row in _rows(code, found))
    basis = f"{begun(since)}steps up to {last}; amounts net of tax; by hand: a step that no run over many made"
    return Table("rework", "Rework and touchless", last, basis, COLUMNS, rows)


def _rows(currency: str, found: list[Case]) -> Iterator[Row]:
    invoiced = [case for case in found if case.standing_bills]
    settled = [case for case in found if case.is_settled]
    yield _row(
        currency, "touchless-to-invoice", [case for case in invoiced if flaws.is_touchless_to_invoice(case)], invoiced
    )
    yield _row(currency, "touchless", [case for case in settled if flaws.is_touchless(case)], settled)
    yield _row(currency, "no-rework", [case for case in settled if not flaws.flaws(case)], settled)
    times: dict[str, list[Case]] = {}
    for case in found:
        for kind in flaws.flaws(case):
            times.setdefault(kind, []).append(case)
    yield from (_row(currency, kind, times[kind], found) for kind in flaws.KINDS if kind in times)
    by_hand: dict[str, list[Case]] = {}
    for case in found:
        for activity in flaws.by_hand(case):
            by_hand.setdefault(activity, []).append(case)
    for activity in sorted(by_hand, key=lambda one: (-len(by_hand[one]), one)):
        yield _row(currency, f"{flaws.BY_HAND}{activity}", by_hand[activity], found)


def _row(currency: str, kind: str, touched: list[Case], of: list[Case]) -> Row:
    once = list({case.head: case for case in touched}.values())
    return {
        "kind": kind,
        "text": flaws.text(kind),
        "currency": currency,
        "cases": len(once),
        "of": len(of),
        "share": divided(Decimal(len(once)), Decimal(len(of)), 100),
        "times": len(touched),
        "net": sum((case.net for case in once), ZERO),
        "example": once[-1].head if once else "",
    }
