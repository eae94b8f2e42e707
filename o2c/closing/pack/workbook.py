"""The pack as one workbook: a sheet for each table, with typed cells, behind a list of the sheets."""

from __future__ import annotations

import io
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from o2c.reports import as_xlsx
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.closing.pack.asked import Asked
    from o2c.closing.pack.sections import Section
    from o2c.reports.table import Row

WORKBOOK = "pack.xlsx"
DRAFT = "DRAFT, not sealed"
_CONTENTS = (Column("sheet", "text"), Column("shows", "text"), Column("again", "text"), Column("rows", "count"))


def workbook(asked: Asked, sections: Sequence[Section]) -> bytes:
    """Write all tables; the same tables and day give the same bytes.

    Raises Refused where a workbook cannot hold a figure exactly.
    """
    import xlsxwriter

    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, as_xlsx._SAFE)  # noqa: SLF001 - one way to write workbooks safely
    made.set_properties(
        {
            "title": f"Close pack {asked.period.name}",
            "created": datetime(asked.day.year, asked.day.month, asked.day.day, tzinfo=UTC),
        }
    )
    formats: dict[str, Any] = {}
    tables = [("Contents", _contents(asked, sections)), *((one.title, one.table) for one in sections)]
    for number, (title, table) in enumerate(tables):
        basis = "; ".join(filter(None, (DRAFT if asked.draft else "", table.basis)))
        _Page(made, formats, title, table._replace(title=title, basis=basis), f"o2c_{number}").fill()
    made.close()
    return out.getvalue()


def _contents(asked: Asked, sections: Sequence[Section]) -> Table:
    rows: tuple[Row, ...] = tuple(
        {"sheet": one.title, "shows": one.said, "again": one.again, "rows": len(one.table.rows)} for one in sections
    )
    return Table("contents", "Contents", asked.period.last, f"close pack of {asked.period.name}", _CONTENTS, rows)


class _Page(as_xlsx.TableWorkbook):
    """A sheet of a workbook that has many."""

    def __init__(self, made: Any, formats: dict[str, Any], title: str, table: Table, name: str) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.table = table
        self.book = made
        self.sheet = made.add_worksheet(title[:31])
        self.formats = formats
        self.name = name

    def fill(self) -> None:
        """Write the sheet, without closing the workbook."""
        self._head()
        for at, row in enumerate(self.table.rows, as_xlsx._HEAD_ROWS):  # noqa: SLF001 - as above
            for position, column in enumerate(self.table.columns):
                self._cell(at, position, row, column)
        self._table()
        for at, row in enumerate(self.table.totals, self._end() + 2):
            self._total(at, row)
        self._widths()
