"""Tables as they are printed: texts for cells, columns that say nothing left out, long tables cut with a word."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import money
from o2c.reports.cells import RIGHT
from o2c.reports.cells import is_empty
from o2c.reports.cells import safe
from o2c.reports.cells import written

if TYPE_CHECKING:
    from o2c.closing.pack.sections import Section
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: So many rows of a table are printed; all of them are in the workbook.
MOST_ROWS = 300
#: A chapter of so many rows begins no page of its own.
SHORT = 12


class Heading(NamedTuple):
    """A column as printed: its heading, and the class that says how it stands."""

    label: str
    style: str


class Printed(NamedTuple):
    """A chapter as printed; `more` counts the rows that only the workbook has."""

    anchor: str
    title: str
    said: str
    again: str
    basis: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...]
    more: int

    @property
    def is_short(self) -> bool:
        """Tell whether it can share a page with others."""
        return len(self.rows) <= SHORT


def printed(section: Section) -> Printed:
    """Lay a chapter out for print."""
    table = section.table
    columns = [column for column in table.columns if _says_something(table, column)]
    return Printed(
        anchor=table.report + ("-valued" if "books' currency" in section.title else ""),
        title=section.title,
        said=section.said,
        again=section.again,
        basis=table.basis,
        headings=tuple(Heading(column.name.replace("_", " "), _style(column)) for column in columns),
        rows=tuple(tuple(_cell(row, column) for column in columns) for row in table.rows[:MOST_ROWS]),
        totals=tuple(tuple(_cell(row, column) for column in columns) for row in table.totals),
        more=max(0, len(table.rows) - MOST_ROWS),
    )


def _says_something(table: Table, column: Column) -> bool:
    return column.kind in RIGHT or any(not is_empty(row.get(column.name, "")) for row in table.rows)


def _style(column: Column) -> str:
    if column.name == "source":
        return "source"
    return "number" if column.kind in RIGHT else column.kind


def _cell(row: Row, column: Column) -> str:
    """Write a cell; money with a comma between thousands, for the eye.

    >>> from o2c.reports.table import Column
    >>> _cell({"currency": "EUR", "open": Decimal("-1234.5")}, Column("open", "money"))
    '-1,234.50'
    """
    cell = row.get(column.name, "")
    if isinstance(cell, Decimal) and column.kind == "money":
        places = max(money.decimals(str(row["currency"])), -int(cell.as_tuple().exponent))
        return f"{cell:,.{places}f}"
    return safe(written(row, column))
