"""Tables as CSV (RFC 4180, UTF-8): a header, then the rows; no totals, so that a column can be summed as it is."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from o2c.reports.cells import written

if TYPE_CHECKING:
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: What makes a spreadsheet take a text for a formula, also in its full-width form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - these very letters
_SKIPPED = " \"'\u00a0\u3000\ufeff"


def render(table: Table) -> str:
    """Write the table as CSV; lines end with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(row, column) for column in table.columns] for row in table.rows)
    return out.getvalue()


def _cell(row: Row, column: Column) -> str:
    text = written(row, column)
    return neutral(text) if isinstance(row.get(column.name, ""), str) else text


def neutral(text: str) -> str:
    r"""Put an apostrophe before a text that a spreadsheet would run as a formula; numbers never come here.

    >>> neutral("=1+1"), neutral(' "@SUM(A1)'), neutral("Smith & Sons"), neutral("0611365")
    ("'=1+1", '\' "@SUM(A1)', 'Smith & Sons', '0611365')
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip(_SKIPPED).startswith(_FORMULA) else text
