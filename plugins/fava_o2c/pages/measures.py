"""Measures: days sales outstanding and its friends, as of the day and over time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fava_o2c import charts
from fava_o2c.pages.making import part
from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Said
from o2c import reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from fava_o2c.ledger_books import LedgerBooks
    from fava_o2c.parts import Chart
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.reports.table import Table

#: The reports of the page, each where it exists.
REPORTS = ("dso", "measures", "days-to-pay")
#: The days that the reports look at, when nobody says otherwise.
DAYS = 90
_WHOLE = "Measures are of all customers: neither the account filter nor the text filter splits a quotient."


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    return {name: _maker(here, name) for name in REPORTS if name in reports.REPORTS}


def _maker(here: Here, name: str) -> Callable[[], Table]:
    return lambda: report(here, name, lambda: _books(here))


def _books(here: Here) -> LedgerBooks:
    """Give books with the movements that the reports look at."""
    last = here.asked.day
    return here.books.kept(("moving", last), lambda: here.books.moving(last - timedelta(days=DAYS), last))


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    whole = here._replace(asked=here.asked._replace(customers=None, numbers=None))
    first, *rest = tables(whole)
    said = [Said(_WHOLE)] if here.asked.customers is not None or here.asked.numbers is not None else []
    found = tables(whole)
    later = shown(whole, found, *rest) if rest else []
    return [*said, *shown(whole, found, first), part(lambda: _chart(whole)), *later]


def _chart(here: Here) -> Chart:
    series: dict[str, Decimal] = {}
    points: charts.Series = []
    for day in charts.days(here.asked, here.books.first_day):
        series = {str(row["currency"]): row["dso"] for row in _dso(here, day).rows if row["dso"] != ""}  # type: ignore[misc]  # a Decimal
        points.append((day, series))
    about = "Days sales outstanding, simple, over the 90 days up to the end of each interval; a bar for each currency."
    return charts.bars("DSO over time", about, {"DSO": points})


def _dso(here: Here, day: date) -> Table:
    return here.books.kept(("dso", day, ()), lambda: reports.run("dso", here.books, day))
