"""Waiting times: how long orders and invoices lay between the steps from order to cash, and what waits now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.cash_application import median
from o2c.reports.process.cases import cases
from o2c.reports.process.intervals import INTERVALS
from o2c.reports.process.intervals import intervals
from o2c.reports.process.spread import within
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.process.intervals import Interval
    from o2c.reports.table import Row

COLUMNS = (
    Column("step", "code"),
    Column("of", "code"),
    Column("done", "count"),
    Column("median_days", "number"),
    Column("p90_days", "count"),
    Column("longest_days", "count"),
    Column("longest", "code"),
    Column("waiting", "count"),
    Column("waiting_days", "count"),
    Column("waits_longest", "code"),
)
_NINE_OF_TEN = 90


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
    """Measure each step in whole days from the date of one entry to the date of the next.

    `done` counts what ended in the days from `since` (the beginning) up to and with `until` (the day), and the median,
    the smallest number of days that nine of ten did not exceed, and the longest are those of it. `waiting` counts what
    had begun and not ended at the end of the last day, `waiting_days` is the longest of these. A step that nothing went
    through is left out. Raises NotFound for an unknown customer or group, WrongUsage for days turned round.
    """
    chosen = select(books, customer, currency, group)
    last = span(as_of, since, until, None if since else 1).last
    groups: dict[str, list[Interval]] = {}
    for case in cases(chosen, last):
        for one in intervals(case):
            groups.setdefault(one.step, []).append(one)
    rows = tuple(_row(step, _once(groups[step]), since, last) for step in INTERVALS if step in groups)
    ended = f"ended {since} to {last}" if since else f"ended up to {last}"
    basis = f"calendar days between the dates of the entries; {ended}; waiting at the end of {last}"
    kept = tuple(row for row in rows if row["done"] or row["waiting"])
    return Table("waiting-times", "Waiting times", last, basis, COLUMNS, kept)


def _once(found: list[Interval]) -> list[Interval]:
    """Take the invoice of several orders once."""
    return list({one.document: one for one in found}.values())


def _row(step: str, found: list[Interval], since: date | None, last: date) -> Row:
    done = [one for one in found if one.ended and (since is None or one.ended >= since)]
    waiting = [one for one in found if one.ended is None]
    lasted = [one.days(last) for one in done]
    longest = max(done, key=lambda one: one.days(last), default=None)
    oldest = max(waiting, key=lambda one: one.days(last), default=None)
    return {
        "step": step,
        "of": INTERVALS[step],
        "done": len(done),
        "median_days": median(lasted),
        "p90_days": within(lasted, _NINE_OF_TEN),
        "longest_days": longest.days(last) if longest else "",
        "longest": longest.document if longest else "",
        "waiting": len(waiting),
        "waiting_days": oldest.days(last) if oldest else "",
        "waits_longest": oldest.document if oldest else "",
    }
