"""The one door from a table to a file or a terminal: text, CSV, JSON or a workbook."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from o2c.reports.table import Table

#: Format -> the module with its `render(table)`, loaded only when it is asked for.
FORMATS = {
    "text": "o2c.reports.as_text",
    "csv": "o2c.reports.as_csv",
    "json": "o2c.reports.as_json",
    "xlsx": "o2c.reports.as_xlsx",
    "html": "o2c.reports.as_html",
}


def render(table: Table, fmt: str) -> str | bytes:
    """Lay a table out: a text, or the bytes of a workbook (`xlsx`).

    Equal tables give equal output. Raises WrongUsage for a format that does not exist, Refused where a workbook
    cannot hold a figure exactly.
    """
    if fmt not in FORMATS:
        raise WrongUsage(f"there is no format '{fmt}'; there are: {', '.join(FORMATS)}")
    rendered: str | bytes = import_module(FORMATS[fmt]).render(table)
    return rendered
