"""Tables as they are printed: texts for cells, columns that say nothing left out, of long tables the largest rows."""

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
    from collections.abc import Iterable
    from collections.abc import Sequence

    from o2c.closing.pack.sections import Section
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: So many rows of a table are printed; all of them are in the workbook.
MOST_ROWS = 200
#: A chapter of so many rows begins no page of its own.
SHORT = 12


class Heading(NamedTuple):
    """A column as printed: its heading, and the class that says how it stands."""

    label: str
    style: str


class Printed(NamedTuple):
    """A chapter as printed; `more` counts the rows that only the workbook has, `others` sums them, per currency.

    So what is printed adds up: rows and others are the totals, to the cent.
    """

    anchor: str
    title: str
    said: str
    again: str
    basis: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    others: tuple[tuple[str, ...], ...]
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
    rows, rest = _largest(table)
    return Printed(
        anchor=table.report + ("-valued" if "books' currency" in section.title else ""),
        title=section.title,
        said=section.said,
        again=section.again,
        basis=table.basis,
        headings=tuple(Heading(column.name.replace("_", " "), _style(column)) for column in columns),
        rows=_cells(rows, columns),
        others=tuple(_others(cells, len(rest)) for cells in _cells(_sums(table, rest), columns)),
        totals=_cells(table.totals, columns),
        more=len(rest),
    )


def _largest(table: Table) -> tuple[list[Row], list[Row]]:
    """Part the rows of a long table: those that are printed, the largest by what is summed, in their order; the rest.

    A table without totals is cut where it is too long.
    """
    order = list(range(len(table.rows)))
    if _summed(table):
        order.sort(key=lambda at: -_size(table, table.rows[at]))
    largest = set(order[:MOST_ROWS])
    parts: tuple[list[Row], list[Row]] = ([], [])
    for at, row in enumerate(table.rows):
        parts[at not in largest].append(row)
    return parts


def _summed(table: Table) -> list[str]:
    return [name for name in (table.totals[0] if table.totals else ()) if name != "currency"]


def _size(table: Table, row: Row) -> Decimal:
    return max(abs(_number(row, name)) for name in _summed(table))


def _sums(table: Table, rest: Sequence[Row]) -> list[Row]:
    """Sum the rows that are not printed, one row per currency."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rest if table.totals else ():
        own = sums.setdefault(str(row["currency"]), dict.fromkeys(_summed(table), money.ZERO))
        for name in own:
            own[name] += _number(row, name)
    return [{"currency": currency, **own} for currency, own in sorted(sums.items())]


def _others(cells: Sequence[str], count: int) -> tuple[str, ...]:
    """Name a row of sums in its first cell, behind the currency where that stands there."""
    return (", ".join(filter(None, (cells[0], f"{count:,} others"))), *cells[1:])


def _number(row: Row, name: str) -> Decimal:
    cell = row.get(name)
    return cell if isinstance(cell, Decimal) else money.ZERO


def _cells(rows: Iterable[Row], columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_cell(row, column) for column in columns) for row in rows)


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
