"""Tables as workbooks: a real table with typed cells, and totals, shares and sums of a row as live formulas.

Texts are strings whatever they begin with: never formulas, links or numbers. The same table gives the same bytes.
Formulas carry the figures of the report, so that a reader without a calculation engine sees them too.
"""

from __future__ import annotations

import io
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from o2c.errors import Refused
from o2c.model import money
from o2c.reports import live_figures
from o2c.reports import row_keys
from o2c.reports.cells import RIGHT
from o2c.reports.cells import number
from o2c.reports.cells import width
from o2c.reports.cells import written
from o2c.reports.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.reports.table import Cell
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: Workbooks hold binary doubles: exact to fifteen digits.
DIGITS = 15
MOST_ROWS = 1_000_000
LONGEST_TEXT = 32_767
_CUT = " [cut]"
_HEAD_ROWS = 3
_A4 = 9
#: The widest a column is, in signs; longer texts wrap.
_WIDEST = 60
#: How much of a line words fill.
_FILLED = 52
#: The height of a line of text and of the highest row, in points.
_LINE, _TALLEST = 15, 409
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
    out = io.BytesIO()
    book = new(out, table.title, table.as_of)
    TableSheet(book, {}, table, sheet_name(table.title), table_name(table)).fill()
    book.close()
    return out.getvalue()


def new(out: io.BytesIO, title: str, day: date | None) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    """Begin a workbook in which no text is ever taken for anything else; it says it was made on the day it shows."""
    import xlsxwriter

    shown = day or date(1980, 1, 1)
    book = xlsxwriter.Workbook(out, _SAFE)
    book.set_properties({"title": title, "created": datetime(shown.year, shown.month, shown.day, tzinfo=UTC)})
    return book


def sheet_name(title: str) -> str:
    """Make the name of a sheet: at most 31 signs, without those that mean something in a reference.

    >>> sheet_name("Tax: by [code]/rate"), sheet_name("'x'" + 40 * "y")[-2:]
    ('Tax  by  code  rate', 'yy')
    """
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:31].strip("' ") or "Sheet"


def table_name(table: Table) -> str:
    """Name the table as formulas do: `o2c_open_items`."""
    return f"o2c_{table.report.replace('-', '_')}"


class TableSheet:
    """One sheet of a workbook while it is written: head, table, totals and shares, laid out for print."""

    def __init__(self, book: Any, formats: dict[str, Any], table: Table, title: str, name: str) -> None:  # noqa: ANN401 - xlsxwriter has no types
        """Add a sheet; `formats` are those of the workbook so far, `name` is that of the table in formulas."""
        self.table = table
        self.book = book
        self.sheet = book.add_worksheet(title)
        self.formats = formats
        self.name = name

    def fill(self) -> None:
        """Write everything, in the order of the rows. Raises Refused for what a sheet cannot hold."""
        if len(self.table.rows) > MOST_ROWS:
            raise Refused(
                f"{self.table.report} has {len(self.table.rows)} rows, more than a workbook holds; "
                "use --format csv or json"
            )
        self._head()
        for at, row in enumerate(self.table.rows, _HEAD_ROWS):
            for position, column in enumerate(self.table.columns):
                self._cell(at, position, row, column)
            self._height(at, row)
        self._table()
        self._live()
        below = self._totals()
        self._widths()
        self._wrap_head()
        self._print(below)

    def link(self, sheets: Sequence[str]) -> None:
        """Let the first cell of each row lead to a sheet of this workbook."""
        for at, name in enumerate(sheets, _HEAD_ROWS):
            shown = self._style(font_color="#0563C1", underline=1)
            self.sheet.write_url(at, 0, f"internal:'{name}'!A1", shown, name)

    def _totals(self) -> int:
        """Write the totals and their shares below the table; gives the last row."""
        last = self._end()
        for at, row in enumerate(self.table.totals, last + 2):
            self._total(at, row)
            last = at
        whole = live_figures.WHOLE.get(self.table.report)
        for at, row in enumerate(self.table.totals if whole in self._names() else (), last + 1):
            self._share(at, at - len(self.table.totals), row, str(whole))
            last = at
        return last

    def _names(self) -> list[str]:
        return [column.name for column in self.table.columns]

    def _head(self) -> None:
        day = f" as of {self.table.as_of}" if self.table.as_of else ""
        self.sheet.write_string(0, 0, f"{self.table.title}{day}", self._format("", bold=True))
        self.sheet.write_string(1, 0, _basis(self.table))
        self.sheet.freeze_panes(_HEAD_ROWS, 1)

    def _end(self) -> int:
        """Find the last row of the table; an empty one has one blank row, for a table cannot be without."""
        return _HEAD_ROWS + max(1, len(self.table.rows)) - 1

    def _table(self) -> None:
        """Make it a table, with the key of each row behind its columns."""
        columns = [
            {"header": column.name, "header_format": self._style(bold=True, bottom=1, **self._side(position, column))}
            for position, column in enumerate((*self.table.columns, Column(row_keys.KEY, "code")))
        ]
        key = len(columns) - 1
        for at, text in enumerate(row_keys.keys(self.table), _HEAD_ROWS):
            self.sheet.write_string(at, key, _held(text))
        options = {"name": self.name, "columns": columns, "style": "Table Style Light 1"}
        self.sheet.add_table(_HEAD_ROWS - 1, 0, self._end(), key, options)
        self.sheet.ignore_errors({"number_stored_as_text": f"A{_HEAD_ROWS + 1}:XFD{self._end() + 1}"})

    def _live(self) -> None:
        """Write the figures that are made of others of their row as formulas, with what they give."""
        places = {column.name: (position, column) for position, column in enumerate(self.table.columns)}
        for at, name, formula in live_figures.formulas(self.table, self.name):
            row, (position, column) = self.table.rows[at], places[name]
            shown = self._format(_pattern(row, column), bold=False)
            self.sheet.write_formula(_HEAD_ROWS + at, position, formula, shown, _exact(row[name], name))

    def _cell(self, at: int, position: int, row: Row, column: Column, *, bold: bool = False) -> None:
        cell = row.get(column.name, "")
        if isinstance(cell, str):
            if cell:
                self.sheet.write_string(at, position, _held(cell), self._text(cell, position, bold=bold))
        elif isinstance(cell, bool):
            self.sheet.write_boolean(at, position, cell)
        elif isinstance(cell, date):
            left = {"align": "left", **self._side(position, None)}
            self.sheet.write_datetime(at, position, cell, self._style(bold=bold, num_format="yyyy-mm-dd", **left))
        else:
            self.sheet.write_number(
                at, position, _exact(cell, column.name), self._format(_pattern(row, column), bold=bold)
            )

    def _height(self, at: int, row: Row) -> None:
        """Make a row as high as its longest text."""
        longest = max((width(cell) for cell in row.values() if isinstance(cell, str)), default=0)
        if longest > _WIDEST:
            self.sheet.set_row(at, min(_TALLEST, _LINE * -(-longest // _FILLED)))

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

    def _share(self, at: int, of: int, row: Row, whole: str) -> None:
        """Write what share of the whole each total of a currency is; `of` is the row of these totals."""
        divisor = self._address(of, whole)
        self.sheet.write_string(at, 0, "share", self._format("", bold=False))
        for position, column in enumerate(self.table.columns):
            cell, all_ = row.get(column.name, ""), row[whole]
            if isinstance(cell, Decimal) and isinstance(all_, Decimal):
                formula = f'=IF({divisor}=0,"",{self._address(of, column.name)}/{divisor})'
                share = float(cell / all_) if all_ else ""
                self.sheet.write_formula(at, position, formula, self._format("0.0%", bold=False), share)
            elif column.name == "currency":
                self._cell(at, position, row, column)

    def _address(self, at: int, name: str) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(at, self._names().index(name)))

    def _widths(self) -> None:
        for position, wide in enumerate(self._wide):
            self.sheet.set_column(position, position, wide)

    @cached_property
    def _wide(self) -> list[int]:
        """How wide each column is, in signs."""
        rows = (*self.table.rows, *self.table.totals)
        widest = [max((width(written(row, column)) for row in rows), default=0) for column in self.table.columns]
        names = (len(name) + 2 for name in self._names())
        return [min(_WIDEST, max(pair) + 2) for pair in zip(widest, names, strict=True)]

    def _print(self, below: int) -> None:
        """Set it up for print: A4 landscape, one page wide, the header on every page, without the keys."""
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.sheet.repeat_rows(_HEAD_ROWS - 1)
        self.sheet.set_footer("&L&A&R&P / &N")
        self.sheet.print_area(0, 0, below, len(self.table.columns) - 1)

    def _wrap_head(self) -> None:
        """Let the basis go over all columns, as high as it needs to be."""
        basis, across = _basis(self.table), sum(self._wide)
        if len(self.table.columns) > 1:
            self.sheet.merge_range(1, 0, 1, len(self.table.columns) - 1, "")
            self.sheet.write_string(1, 0, basis, self._style(text_wrap=True))
            self.sheet.set_row(1, _LINE * -(-width(basis) // max(1, across)))

    def _format(self, pattern: str, *, bold: bool) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        return self._style(bold=bold, **({"num_format": pattern} if pattern else {}))

    def _text(self, text: str, position: int, *, bold: bool) -> Any:  # noqa: ANN401 - as above
        """Choose how a text stands: apart from a number before it, and wrapped where it is long."""
        wrapped = {"text_wrap": True} if width(text) > _WIDEST else {}
        return self._style(bold=bold, **self._side(position, None), **wrapped)

    def _side(self, position: int, column: Column | None) -> dict[str, Any]:
        """Say where a cell stands: numbers at the right, a text behind a number a little away from it."""
        if column and column.kind in RIGHT:
            return {"align": "right"}
        beside = position > 0 and self.table.columns[position - 1].kind in RIGHT
        return {"align": "left", "indent": 1} if beside else {}

    def _style(self, **said: Any) -> Any:  # noqa: ANN401 - as above
        key = " ".join(f"{name}={value}" for name, value in sorted(said.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "top", **said})
        return self.formats[key]


#: The name by which the close pack knows it.
TableWorkbook = TableSheet


def _basis(table: Table) -> str:
    return "; ".join(filter(None, (table.basis, currencies(table))))


def currencies(table: Table) -> str:
    """Say in which currencies the rows are; empty where they have none."""
    if "currency" not in {column.name for column in table.columns}:
        return ""
    found = sorted({str(row["currency"]) for row in table.rows if row.get("currency")})
    if len(found) > 1:
        return f"currencies {', '.join(found)}: each row in its own"
    return f"currency {found[0]}" if found else ""


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
