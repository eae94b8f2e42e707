"""Audit trail: who did what, when and why, and what it changed from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c.narrowing import ordered
from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Said

if TYPE_CHECKING:
    from datetime import date

    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.reports.table import Table

#: A page looks at so many entries at most.
MOST = 4000
_DAYS = "Shown are the days of Fava's time filter; without one, the month of the last day in the books up to today."


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    return {
        "trail": lambda: _latest_first(here, "audit-trail"),
        "approvals": lambda: _latest_first(here, "approvals"),
    }


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    first, last = _asked(here)
    shown_from, _ = _span(here)
    less = f"So many entries: shown are those from {shown_from} on. All of them: "
    command = f"o2c report audit-trail --from {first} --to {last}"
    return [Said(_DAYS), *([Said(less, code=command)] if shown_from > first else []), *shown(here, tables(here))]


def _span(here: Here) -> tuple[date, date]:
    """Give the days that are shown: those asked for, or the last of them where they hold too many entries."""
    first, last = _asked(here)
    return min(here.books.slices.since(first, last, MOST), last), last


def _asked(here: Here) -> tuple[date, date]:
    """Give the days of the time filter; without one, the latest month of the books."""
    if here.asked.since:
        return here.asked.since, here.asked.until
    last = min(here.asked.until, here.books.last_day)
    return last.replace(day=1), last


def _latest_first(here: Here, name: str) -> Table:
    first, last = _span(here)
    return here.books.kept((name, first, last), lambda: _made(here, name, first, last))


def _made(here: Here, name: str, first: date, last: date) -> Table:
    table = report(here, name, lambda: here.books.touched(first, last), since=first, until=last)
    column = next(column for column in table.columns if column.name == "date")
    return table._replace(rows=ordered(table.rows, column, descending=True))
