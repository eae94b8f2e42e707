"""The cash forecast: what the open items are expected to bring, by month or week, judged by how it did in the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import scope
from o2c.reports.forecasting import back_test
from o2c.reports.forecasting.calibrating import FEWEST
from o2c.reports.forecasting.calibrating import band
from o2c.reports.forecasting.calibrating import held
from o2c.reports.forecasting.curves import OWN_FROM
from o2c.reports.forecasting.curves import WINDOW
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.expecting import has_history
from o2c.reports.forecasting.expecting import summed
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import LATER
from o2c.reports.forecasting.periods import name
from o2c.reports.forecasting.periods import periods
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.reports.forecasting.back_test import Error
    from o2c.reports.forecasting.calibrating import Miss
    from o2c.reports.forecasting.expecting import Expected
    from o2c.reports.span import Span
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

COLUMNS = (
    Column("period", "code"),
    Column("first", "date"),
    Column("last", "date"),
    Column("currency", "code"),
    Column("due", "money"),
    Column("expected", "money"),
    Column("low", "money"),
    Column("high", "money"),
)
#: So many past periods judge the forecast, as far as the books reach.
TRIED = 6
METHOD = f"days from due date to money (Kaplan-Meier), {WINDOW} days of history, a customer's own from {OWN_FROM} items"


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
    """Forecast the money for the items open at the end of a day, in the months (3) or weeks after it.

    `due` is what falls due in the period, overdue items in the first; `expected` is what history makes likely. Both sum
    to the open debit items, with what comes after the last period, or never, in the row `later`. The money should lie
    between `low` and `high` in four of five cases: the band is as wide as the forecasts of the last 14 whole periods
    needed; with fewer than 4 it is not calibrated, and takes items as paid independently of each other; the head says
    which. Where no payment that was ever seen speaks for the open items of a currency, nothing is expected, the band is
    empty, and the head says so. Amounts in the currency of the row; credits and money on account are not set off, and
    what is invoiced after
    the day is not foreseen. The head says the mean absolute error of the same forecast over the last 6 whole periods,
    and that of the due dates.
    Raises WrongUsage for months and weeks at once, NotFound for an unknown customer or group.
    """
    chosen, spans = select(books, customer, currency, group), periods(as_of, months, weeks)
    known = lives(books, as_of)
    mine = (life for life in known if chosen.takes(life.item.customer, life.item.currency))
    found = expect(mine, Curves(known, as_of), spans)
    judged = back_test.judge(known, chosen, as_of, TRIED, by_week=weeks is not None)
    rows = tuple(_rows(found, spans, judged.misses, by_week=weeks is not None))
    parts = (
        "open items",
        METHOD,
        said(back_test.errors(judged.tried)),
        *_calibrated(found, judged.misses),
        scope.GROSS,
    )
    return Table("forecast", "Cash forecast", as_of, "; ".join(parts), COLUMNS, rows, totals(rows, "due", "expected"))


def said(errors: Iterable[Error]) -> str:
    """Say how far the forecast was off, beside the forecast by due dates."""
    parts = [
        f"{one.currency} {one.error}, by due dates {one.due_error}, {one.within} of {one.periods} in the band"
        for one in errors
    ]
    return f"mean absolute error back-tested: {'; '.join(parts)}" if parts else "too few payments for a back-test"


def _calibrated(found: Sequence[Expected], misses: Mapping[str, Sequence[Miss]]) -> Iterable[str]:
    """Say how many of the earlier periods the band of each currency holds, or that it is not calibrated."""
    known, unknown = _known(found)
    if known:
        parts = [f"{currency} {_held(misses.get(currency, ()))}" for currency in known]
        yield f"band as wide as earlier periods needed: {', '.join(parts)}"
    if unknown:
        yield f"no payment seen yet that speaks for the items in {', '.join(unknown)}: nothing expected there, no band"


def _known(found: Sequence[Expected]) -> tuple[list[str], list[str]]:
    """Part the currencies: those with payments to learn from, and those without."""
    parts: tuple[list[str], list[str]] = ([], [])
    for currency in _currencies(found):
        parts[not has_history(found, currency)].append(currency)
    return parts


def _held(misses: Sequence[Miss]) -> str:
    if len(misses) < FEWEST:
        return f"not calibrated ({len(misses)} of at least {FEWEST} periods)"
    return f"holds {held(misses)} of {len(misses)}"


def _currencies(found: Iterable[Expected]) -> list[str]:
    return sorted({one.item.currency for one in found})


def _rows(
    found: Sequence[Expected], spans: Sequence[Span], misses: Mapping[str, Sequence[Miss]], *, by_week: bool
) -> Iterable[Row]:
    _, unknown = _known(found)
    for currency in _currencies(found):
        for number, period in enumerate(spans):
            sums = summed(found, currency, number)
            edges = band(sums, misses.get(currency, ()), currency)
            ends = ("", "") if currency in unknown else (edges.low, edges.high)
            cells = (currency, sums.due, sums.expected, *ends)
            yield _row((name(period, by_week=by_week), period.first, period.last, *cells))
        rest = summed(found, currency, len(spans))
        yield _row((LATER, "", "", currency, rest.due, rest.expected, "", ""))


def _row(cells: Sequence[Cell]) -> Row:
    return {column.name: cell for column, cell in zip(COLUMNS, cells, strict=True)}
