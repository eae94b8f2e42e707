"""Data for the charts that Fava draws: bars by interval. The only place that knows their form."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fava_o2c.parts import Chart
from fava_o2c.viewing import figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from fava_o2c.asked import Asked
    from fava_o2c.parts import Shown

#: How many intervals a chart goes back.
POINTS = 12
#: Days with the value of each name on them.
Series = list[tuple["Date", dict[str, "Decimal"]]]


def days(asked: Asked, earliest: Date) -> list[Date]:
    """Give the last days of the intervals (of Fava's choice: months) up to the day asked for, not before the books."""
    found = [asked.day]
    while len(found) < POINTS:
        before = asked.interval.get_prev(found[-1]) - timedelta(days=1)
        if before < earliest:
            break
        found.append(before)
    return found[::-1]


def bars(title: str, about: str, of: Mapping[str, Series]) -> Chart:
    """Draw bars side by side for each day, a chart for each label; a click on a day chooses its interval.

    Fava puts the names in alphabetical order.
    """
    charts = [
        {
            "type": "bar",
            "label": label,
            "data": [
                {"date": day, "balance": balance, "budgets": {}, "account_balances": {}} for day, balance in series
            ],
        }
        for label, series in of.items()
    ]
    return _chart(title, about, charts, of)


def _chart(title: str, about: str, charts: Sequence[Mapping[str, object]], of: Mapping[str, Series]) -> Chart:
    names = list(dict.fromkeys(name for series in of.values() for _, balance in series for name in balance))
    rows = [_row(label, day, balance, names) for label, series in of.items() for day, balance in series]
    return Chart(title, about, tuple(charts), ("", "day", *names), tuple(rows))


def _row(label: str, day: Date, balance: Mapping[str, Decimal], names: Sequence[str]) -> tuple[Shown, ...]:
    from fava_o2c.parts import Shown

    cells = (figure(f"{balance[name]:f}", balance[name]) if name in balance else Shown("") for name in names)
    return (Shown(label), Shown(day.isoformat()), *cells)
