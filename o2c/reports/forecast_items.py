"""The cash forecast item by item: when each open item is likely to be paid, and whose history says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from o2c.reports import scope
from o2c.reports.forecast import METHOD
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import periods
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.reports.forecasting.expecting import Expected
    from o2c.reports.scope import Namer
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

COLUMNS = (
    Column("item", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("due", "date"),
    Column("days_past_due", "count"),
    Column("currency", "code"),
    Column("open", "money"),
    Column("expected", "money"),
    Column("later", "money"),
    Column("percent", "number"),
    Column("likely", "date"),
    Column("history", "text"),
    Column("items", "count"),
)


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
    """List the open debit items with what each is expected to bring in the months (3) or weeks after the day.

    `expected` and `later` (or never) sum to `open`; `percent` is the first of it. `likely` is the first day by whose
    end it is paid with even chances, empty where history does not say. `history` is whose payments say so (own, all
    customers, none), and `items` how many items were seen. Sums are those of the report forecast for the same periods.
    Raises WrongUsage for months and weeks at once, NotFound for an unknown customer or group.
    """
    chosen, spans = select(books, customer, currency, group), periods(as_of, months, weeks)
    known = lives(books, as_of)
    mine = (life for life in known if chosen.takes(life.item.customer, life.item.currency))
    found = sorted(expect(mine, Curves(known, as_of), spans), key=lambda one: (one.item.due, one.item.item))
    name = scope.namer(books)
    rows = tuple(_row(one, as_of, name) for one in found)
    basis = f"money until {spans[-1].last}; {METHOD}; {scope.GROSS}"
    return Table(
        "forecast-items", "Cash forecast by item", as_of, basis, COLUMNS, rows,
        totals(rows, "open", "expected", "later"),
    )  # fmt: skip


def _row(one: Expected, as_of: date, name: Namer) -> Row:
    return {
        "item": one.item.item,
        "customer": one.item.customer,
        "name": name(one.item),
        "due": one.item.due,
        "days_past_due": (as_of - one.item.due).days,
        "currency": one.item.currency,
        "open": one.open,
        "expected": one.open - one.amounts[-1],
        "later": one.amounts[-1],
        "percent": divided(one.open - one.amounts[-1], one.open, 100),
        "likely": _likely(one, as_of),
        "history": one.source.whose,
        "items": one.source.items,
    }


def _likely(one: Expected, as_of: date) -> Cell:
    after = one.source.curve.even_after((as_of - one.item.due).days)
    return as_of + timedelta(days=after) if after is not None else ""
