"""Tables as workbooks: a real table with typed cells, and totals per currency as live formulas.

Texts are strings whatever they begin with: never formulas, links or numbers. The same table gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from o2c.errors import Refused
from o2c.model import money
from o2c.reports.cells import number
from o2c.reports.cells import width
from o2c.reports.cells import written

if TYPE_CHECKING:
    from o2c.reports.table import Cell
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: Workbooks hold binary doubles: exact to fifteen digits.
DIGITS = 15
MOST_ROWS = 1_000_000
LONGEST_TEXT = 32_767
_CUT = " [cut]"
_HEAD_ROWS = 3
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render(table: Table) -> bytes:
    """Write the table as a workbook with one sheet.

    Raises Refused for a number of more than fifteen digits and for more than a million rows: a workbook would lose
    some in silence.
    """
    if len(table.rows) > MOST_ROWS:
        raise Refused(
            f"{table.report} has {len(table.rows)} rows, more than a workbook holds; use --format csv or json"
        )
    out = io.BytesIO()
    TableWorkbook(table, out).write()
    return out.getvalue()


class TableWorkbook:
    """One workbook while it is written."""

    def __init__(self, table: Table, out: io.BytesIO) -> None:
        import xlsxwriter

        self.table = table
        self.book = xlsxwriter.Workbook(out, _SAFE)
        self.sheet = self.book.add_worksheet(table.title[:31])
        self.formats: dict[str, Any] = {}
        self.name = f"o2c_{table.report.replace('-', '_')}"

    def write(self) -> None:
        """Write everything, in the order of the rows."""
        day = self.table.as_of or date(1980, 1, 1)
        self.book.set_properties(
            {"title": self.table.title, "created": datetime(day.year, day.month, day.day, tzinfo=UTC)}
        )
        self._head()
        for at, row in enumerate(self.table.rows, _HEAD_ROWS):
            for position, column in enumerate(self.table.columns):
                self._cell(at, position, row, column)
        self._table()
        for at, row in enumerate(self.table.totals, self._end() + 2):
            self._total(at, row)
        self._widths()
        self.book.close()

    def _head(self) -> None:
        day = f" as of {self.table.as_of}" if self.table.as_of else ""
        self.sheet.write_string(0, 0, f"{self.table.title}{day}", self._format("", bold=True))
        self.sheet.write_string(1, 0, self.table.basis)
        self.sheet.freeze_panes(_HEAD_ROWS, 0)

    def _end(self) -> int:
        """Find the last row of the table; an empty one has one blank row, for a table cannot be without."""
        return _HEAD_ROWS + max(1, len(self.table.rows)) - 1

    def _table(self) -> None:
        columns = [{"header": column.name} for column in self.table.columns]
        options = {"name": self.name, "columns": columns, "style": "Table Style Light 1"}
        self.sheet.add_table(_HEAD_ROWS - 1, 0, self._end(), len(columns) - 1, options)

    def _cell(self, at: int, position: int, row: Row, column: Column, *, bold: bool = False) -> None:
        cell = row.get(column.name, "")
        if isinstance(cell, str):
            if cell:
                self.sheet.write_string(at, position, _held(cell), self._format("", bold=bold))
        elif isinstance(cell, bool):
            self.sheet.write_boolean(at, position, cell)
        elif isinstance(cell, date):
            self.sheet.write_datetime(at, position, cell, self._format("yyyy-mm-dd", bold=bold))
        else:
            self.sheet.write_number(
                at, position, _exact(cell, column.name), self._format(_pattern(row, column), bold=bold)
            )

    def _total(self, at: int, row: Row) -> None:
        """Write the totals of a currency below the table, each the sum of its column where the currency is this."""
        for position, column in enumerate(self.table.columns):
            cell = row.get(column.name, "")
            if isinstance(cell, Decimal):
                formula = f'=SUMIFS({self.name}[{column.name}],{self.name}[currency],"{row["currency"]}")'
                shown = self._format(_pattern(row, column), bold=True)
                self.sheet.write_formula(at, position, formula, shown, _exact(cell, column.name))
            elif position == 0 and not cell:
                self.sheet.write_string(at, position, "total", self._format("", bold=True))
            else:
                self._cell(at, position, row, column, bold=True)

    def _widths(self) -> None:
        for position, column in enumerate(self.table.columns):
            texts = (written(row, column) for row in (*self.table.rows, *self.table.totals))
            widest = max(map(width, texts), default=0)
            self.sheet.set_column(position, position, min(60, max(widest, len(column.name) + 2) + 2))

    def _format(self, pattern: str, *, bold: bool) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        key = f"{pattern} {bold}"
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"bold": bold, **({"num_format": pattern} if pattern else {})})
        return self.formats[key]


def _pattern(row: Row, column: Column) -> str:
    """Choose the number format: money at the decimals of its currency, numbers at their own, counts whole."""
    cell = row[column.name]
    if not isinstance(cell, Decimal):
        return "0"
    places = money.decimals(str(row["currency"])) if column.kind == "money" else 0
    places = max(places, -int(cell.as_tuple().exponent))
    whole = "#,##0" if column.kind == "money" else "0"
    return f"{whole}.{'0' * places}" if places else whole


def _exact(cell: Cell, name: str) -> Cell:
    if isinstance(cell, Decimal) and len(cell.normalize().as_tuple().digits) > DIGITS:
        raise Refused(
            f"{name}: {number(cell)} has more digits than a workbook keeps ({DIGITS}); use --format csv or json"
        )
    return cell


def _held(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
