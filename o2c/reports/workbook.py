"""Several reports in one workbook: a sheet for each, behind a list of them."""

from __future__ import annotations

import io
from itertools import chain
from itertools import count
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.reports import as_xlsx
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.reports.table import Row

CONTENTS = "Contents"
_COLUMNS = (
    Column("sheet", "text"),
    Column("table", "code"),
    Column("as_of", "date"),
    Column("rows", "count"),
    Column("basis", "text"),
)


class _Named(NamedTuple):
    """A table, the name of its sheet, and its own in formulas."""

    sheet: str
    name: str
    table: Table


def workbook(tables: Sequence[Table], title: str, day: date) -> bytes:
    """Write the tables, one sheet each; the same tables and day give the same bytes.

    The first sheet lists them with the names that formulas use: `=XLOOKUP("C1|EUR",o2c_aging[key],o2c_aging[total])`.
    Raises Refused where a sheet cannot hold a figure exactly.
    """
    out = io.BytesIO()
    book = as_xlsx.new(out, title, day)
    formats: dict[str, Any] = {}
    named = _named(tables)
    contents = as_xlsx.TableSheet(book, formats, _contents(named, title, day), CONTENTS, "o2c_contents")
    contents.fill()
    contents.link([one.sheet for one in named])
    for one in named:
        as_xlsx.TableSheet(book, formats, one.table, one.sheet, one.name).fill()
    book.close()
    return out.getvalue()


def _named(tables: Sequence[Table]) -> list[_Named]:
    """Name sheets by the titles of the tables and tables by their reports; what comes again is numbered."""
    found: list[_Named] = []
    for table in tables:
        sheet = _free(as_xlsx.sheet_name(table.title), {CONTENTS, *(one.sheet for one in found)})
        name = _free(as_xlsx.table_name(table), {one.name for one in found})
        found.append(_Named(sheet, name, table))
    return found


def _free(name: str, taken: set[str]) -> str:
    """Give a name, numbered where it is taken; spreadsheets do not tell capitals from small letters."""
    known = {one.lower() for one in taken}
    numbered = (f"{name[:27]}_{number}" for number in count(2))
    return next(one for one in chain([name], numbered) if one.lower() not in known)


def _contents(named: Sequence[_Named], title: str, day: date) -> Table:
    rows: tuple[Row, ...] = tuple(
        {
            "sheet": one.sheet,
            "table": one.name,
            "as_of": one.table.as_of or "",
            "rows": len(one.table.rows),
            "basis": one.table.basis,
        }
        for one in named
    )
    basis = "each sheet is a table, named here; its column key tells the rows apart"
    return Table("contents", title, day, basis, _COLUMNS, rows)
