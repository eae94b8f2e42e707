"""What a reader chose of a table: by Fava's filters, by text, by the values of a column, in which order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports.cells import written
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from fava_o2c.asked import Asked
    from o2c.reports.table import Cell
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: Columns that name the document of a row, the first that a table has counts.
NUMBERS = ("item", "order", "document", "invoice", "receipt", "delivery", "subject", "proposal")
#: Columns among whose values a reader can choose.
CHOICES = ("currency", "doc_type", "state", "what", "by", "kind", "term", "method", "period")
#: More values than these are no choice but a search.
MOST = 25


def narrowed(table: Table, asked: Asked) -> Table:
    """Leave the rows of the customers and documents that Fava's filters name; totals are those of what is left."""
    if asked.customers is None and asked.numbers is None:
        return table
    names = {column.name for column in table.columns}
    number = next((name for name in NUMBERS if name in names), "")
    rows: Iterable[Row] = table.rows
    if asked.customers is not None and "customer" in names:
        rows = [row for row in rows if row["customer"] in asked.customers]
    if asked.numbers is not None and number:
        rows = [row for row in rows if _named(str(row[number]), asked.numbers)]
    return _with(table, rows)


def _named(number: str, wanted: frozenset[str]) -> bool:
    return number in wanted or number.partition(".")[0] in wanted


def chosen(table: Table, key: str, args: Mapping[str, str]) -> Table:
    """Leave the rows that hold a text and the chosen values, in the order asked for."""
    rows: Iterable[Row] = table.rows
    for column in table.columns:
        if wanted := args.get(f"{key}-is-{column.name}"):
            rows = [row for row in rows if written(row, column) == wanted]
    if text := args.get(f"{key}-find", "").strip().casefold():
        rows = [row for row in rows if _holds(row, table.columns, text)]
    table = table if rows is table.rows else _with(table, rows)
    name = args.get(f"{key}-sort", "")
    by = next((column for column in table.columns if column.name == name.removeprefix("-")), None)
    return table._replace(rows=ordered(table.rows, by, name[0] == "-")) if by else table


def values(table: Table, column: Column) -> tuple[str, ...]:
    """List the values of a column that can be chosen; none where they are too many, or but one."""
    if column.name not in CHOICES or (column.kind == "text" and column.name != "by"):
        return ()
    found: dict[str, None] = {}
    for row in table.rows:
        found[written(row, column)] = None
        if len(found) > MOST:
            return ()
    return tuple(sorted(value for value in found if value)) if len(found) > 1 else ()


def _holds(row: Row, columns: Iterable[Column], text: str) -> bool:
    return any(text in written(row, column).casefold() for column in columns)


def ordered(rows: Iterable[Row], column: Column, descending: bool) -> tuple[Row, ...]:  # noqa: FBT001 - a way to sort
    """Sort rows by a column; cells without a value come last, whichever way."""
    with_value = [row for row in rows if row.get(column.name, "") != ""]
    without = [row for row in rows if row.get(column.name, "") == ""]
    return (*sorted(with_value, key=_key(column), reverse=descending), *without)


def _key(column: Column) -> Callable[[Row], tuple[int, Cell]]:
    """Sort by value; where a column mixes kinds of values, by kind first."""
    kinds: tuple[type, ...] = (bool, int, Decimal, date, str)

    def key(row: Row) -> tuple[int, Cell]:
        cell = row[column.name]
        kind = next(place for place, one in enumerate(kinds) if isinstance(cell, one))
        return (2 if kind < 3 else kind, cell.casefold() if isinstance(cell, str) else cell)

    return key


def _with(table: Table, rows: Iterable[Row]) -> Table:
    kept = tuple(rows)
    summed = [name for name in (table.totals[0] if table.totals else {}) if name != "currency"]
    return table._replace(rows=kept, totals=totals(kept, *summed) if summed else ())
