"""Receivables: who owes what, since when, and how that went over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c import charts
from fava_o2c.pages.making import part
from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from o2c.model.money import ZERO
from o2c.reports.aging import USUAL

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from fava_o2c.parts import Chart
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables

#: The bars of the chart: the buckets of the aging, in an order that is alphabetical too.
BARS = ("0 not due", "1-30", "31-60", "61-90", "over 90")


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    return {"aging": lambda: report(here, "aging"), "items": lambda: report(here, "open-items")}


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    found = tables(here)
    return [*shown(here, found, "aging"), part(lambda: _chart(here)), *shown(here, found, "items")]


def _chart(here: Here) -> Chart:
    series: dict[str, charts.Series] = {}
    for day in charts.days(here.asked, here.books.first_day):
        for currency, owed in sorted(_owed(here, day).items()):
            series.setdefault(f"Owed in {currency}", []).append((day, dict(zip(BARS, owed, strict=True))))
    about = (
        "What is owed by days past due, at the end of each interval. A click on an interval chooses it as time filter."
    )
    return charts.bars("Aging over time", about, series)


def _owed(here: Here, day: date) -> dict[str, list[Decimal]]:
    """Sum the buckets of all customers that the filters leave, by currency."""
    sums: dict[str, list[Decimal]] = {}
    ages = here.books.kept(("ages", day), lambda: here.books.ages(day, (0, *USUAL)))
    for (customer, currency), found in ages.items():
        if here.asked.customers is None or customer in here.asked.customers:
            before = sums.get(currency, [ZERO] * len(found.owed))
            sums[currency] = [one + more for one, more in zip(before, found.owed, strict=True)]
    return sums
