"""Days sales outstanding: how many days of sales the customers have not paid yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import WrongUsage
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.countback import Counted
from o2c.reports.countback import Period
from o2c.reports.countback import countback
from o2c.reports.ratios import divided
from o2c.reports.ratios import rounded
from o2c.reports.selection import Selection
from o2c.reports.selection import select
from o2c.reports.span import LONGEST
from o2c.reports.span import Span
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

__all__ = ["COLUMNS", "LONGEST", "METHODS", "report"]

COLUMNS = (
    Column("currency", "code"),
    Column("receivables", "money"),
    Column("sales", "money"),
    Column("days", "count"),
    Column("dso", "number"),
    Column("method", "code"),
)
_NET = "net of deposits and unused credits"


class Method(NamedTuple):
    """A way to count: what gives its rows, and what the head of the report says about it."""

    rows: Callable[[Selection, Span], list[dict[str, Cell]]]
    said: str


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
    method: str = "simple",
) -> Table:
    """Measure the receivables in days of sales, up to and with the day; 90 days, or `days`, or from `since` on.

    Receivables are net of deposits and unused credits. Sales are invoices less credit notes less what was reversed
    of both, without opening items. Both are gross of tax, so the quotient is of like and like. `dso` has two
    decimals, half up; it is empty in a currency without sales, and `basis` says so.

    - `simple`: receivables at the end / sales x days.
    - `average`: half the sum of the receivables before the first day and at the end / sales x days.
    - `best-possible`: receivables that are not past due / sales x days.
    - `countback`: whole days of sales, the latest first, until the receivables are used up; the last day counts in
      part. `days` is how far the walk went, `sales` what was sold in these days. Where the sales of the books are used
      up first, `dso` is the text `>= n` with the days of sales there are. It takes no `days`; `since` changes nothing.

    Source: shared definitions 2. Raises WrongUsage for a method that is not there and for fewer than one day, NotFound
    for an unknown customer.
    """
    if method not in METHODS:
        raise WrongUsage(f"dso cannot be counted by the method '{method}'; use --method {' or '.join(METHODS)}")
    if method == COUNTBACK and days is not None:
        raise WrongUsage(f"--method {COUNTBACK} goes back as far as it must; leave out --days")
    period = span(as_of, since, until, days)
    rows = METHODS[method].rows(select(books, customer, currency, group), period)
    told = tuple(row | {"method": method} for row in rows)
    return Table(
        "dso", "Days sales outstanding", period.last, _basis(told, METHODS[method].said, period), COLUMNS, told
    )


def overdue(chosen: Selection, day: date) -> dict[str, Decimal]:
    """Sum what is past due at the end of a day, by currency; credits are never past due."""
    sums: dict[str, Decimal] = {}
    for (_, currency), ages in chosen.ages(day, (0,)).items():
        sums[currency] = sums.get(currency, ZERO) + ages.owed[1]
    return sums


def _simple(chosen: Selection, period: Span) -> list[dict[str, Cell]]:
    return _divided(chosen, period, chosen.balances(period.last))


def _average(chosen: Selection, period: Span) -> list[dict[str, Cell]]:
    before, after = chosen.balances(period.before), chosen.balances(period.last)
    both = before.keys() | after.keys()
    return _divided(chosen, period, {key: (before.get(key, ZERO) + after.get(key, ZERO)) / 2 for key in both})


def _best_possible(chosen: Selection, period: Span) -> list[dict[str, Cell]]:
    late = overdue(chosen, period.last)
    found = {key: balance - late.get(key, ZERO) for key, balance in chosen.balances(period.last).items()}
    return _divided(chosen, period, found)


def _divided(chosen: Selection, period: Span, receivables: Mapping[str, Decimal]) -> list[dict[str, Cell]]:
    sales = chosen.sales(period.before, period.last)
    return [
        {
            "currency": currency,
            "receivables": receivables[currency],
            "sales": sales.get(currency, ZERO),
            "days": period.days,
            "dso": divided(receivables[currency], sales.get(currency, ZERO), period.days),
        }
        for currency in sorted(receivables)
        if receivables[currency] or sales.get(currency)
    ]


def _countback(chosen: Selection, period: Span) -> list[dict[str, Cell]]:
    receivables, sales = chosen.balances(period.last), chosen.sales_by_day(period.last)
    return [
        _counted(currency, receivables[currency], countback(receivables[currency], _days(sales.get(currency), period)))
        for currency in sorted(receivables)
        if receivables[currency] or sales.get(currency)
    ]


def _days(sales: Mapping[date, Decimal] | None, period: Span) -> Iterator[Period]:
    """Give the days from the last one back to the first with sales."""
    if sales:
        for back in range((period.last - min(sales)).days + 1):
            yield Period(1, sales.get(period.last - timedelta(days=back), ZERO))


def _counted(currency: str, receivables: Decimal, counted: Counted) -> dict[str, Cell]:
    dso: Cell = f">= {counted.days}" if counted.is_exhausted else rounded(counted.days)
    cells: dict[str, Cell] = {"currency": currency, "receivables": receivables, "sales": counted.sales}
    return cells | {"days": counted.whole, "dso": dso}


COUNTBACK = "countback"
_WINDOW = "sales are invoices less credit notes of the {days} days up to and with it"
METHODS = {
    "simple": Method(_simple, f"receivables {_NET} at the end of the day; {_WINDOW}"),
    "average": Method(_average, f"receivables {_NET}, mean of before the first and after the last day; {_WINDOW}"),
    COUNTBACK: Method(
        _countback,
        f"receivables {_NET} at the end of the day; counted back day by day over invoices less credit notes",
    ),
    "best-possible": Method(_best_possible, f"receivables not past due, {_NET}, at the end of the day; {_WINDOW}"),
}


def _basis(rows: Iterable[Row], said: str, period: Span) -> str:
    rows = list(rows)
    told = f"{said.format(days=period.days)}; {scope.GROSS}"
    without = ", ".join(str(row["currency"]) for row in rows if row["dso"] == "")
    short = ", ".join(str(row["currency"]) for row in rows if str(row["dso"]).startswith(">="))
    told += f"; no dso in {without}: no sales in these days" if without else ""
    return told + (f"; the sales of the books end first in {short}: the true figure is that or more" if short else "")
