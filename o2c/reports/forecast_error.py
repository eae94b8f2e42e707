"""How good the cash forecast was: past periods as they would have been forecast, beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import scope
from o2c.reports.forecast import METHOD
from o2c.reports.forecast import said
from o2c.reports.forecasting.back_test import errors
from o2c.reports.forecasting.back_test import judge
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import counted
from o2c.reports.forecasting.periods import name
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.forecasting.back_test import Tried
    from o2c.reports.table import Row

COLUMNS = (
    Column("period", "code"),
    Column("first", "date"),
    Column("last", "date"),
    Column("currency", "code"),
    Column("came", "money"),
    Column("expected", "money"),
    Column("low", "money"),
    Column("high", "money"),
    Column("within", "flag"),
    Column("calibrated", "flag"),
    Column("error", "money"),
    Column("due", "money"),
    Column("due_error", "money"),
)
USUAL = 12


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    months: int | None = None,
    weeks: int | None = None,
) -> Table:
    """Forecast the last whole months (12) or weeks, each with what was known the day before it, and compare.

    `came` is the money of the period for the items that were open on the day before, `expected` what the forecast of
    that day says of them, `due` what fell due of them, overdue ones included. `error` and `due_error` are how far each
    was off, above zero; the head says their means. `within`: what came lies between `low` and `high`; `calibrated`:
    there were at least 4 earlier periods to say how wide that must be. Periods before which fewer than 10 items had
    been paid are left out.
    Raises WrongUsage for months and weeks at once, NotFound for an unknown customer or group.
    """
    chosen, count, by_week = select(books, customer, currency, group), counted(months, weeks, USUAL), weeks is not None
    tried = judge(lives(books, as_of), chosen, as_of, count, by_week=by_week).tried
    rows = tuple(_row(one, by_week=by_week) for one in tried)
    basis = f"open items; {METHOD}; {said(errors(tried))}; {scope.GROSS}"
    sums = totals(rows, "came", "expected", "error", "due", "due_error")
    return Table("forecast-error", "Cash forecast, back-tested", as_of, basis, COLUMNS, rows, sums)


def _row(one: Tried, *, by_week: bool) -> Row:
    return {
        "period": name(one.period, by_week=by_week),
        "first": one.period.first,
        "last": one.period.last,
        "currency": one.currency,
        "came": one.came,
        "expected": one.foreseen.expected,
        "low": one.band.low,
        "high": one.band.high,
        "within": one.is_within,
        "calibrated": one.band.is_calibrated,
        "error": one.error,
        "due": one.foreseen.due,
        "due_error": one.due_error,
    }
