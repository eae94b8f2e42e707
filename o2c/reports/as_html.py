"""Tables as a page of HTML that stands alone: to read, to mail and to print; no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from o2c.reports.cells import RIGHT
from o2c.reports.cells import safe
from o2c.reports.cells import written
from o2c.reports.layout import heading

if TYPE_CHECKING:
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: Figures stand under each other, the header comes again on every printed page, rows are never torn apart.
_LOOK = """
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, "Liberation Sans", sans-serif; margin: 2rem; }
h1 { font-size: 1.25rem; margin: 0; }
p { margin: .25rem 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: .2rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: Canvas; border-bottom: 2px solid; white-space: nowrap; }
td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.code, .date, .money, .number, .count { white-space: nowrap; }
.money, .number, .count { text-align: right; font-variant-numeric: tabular-nums; }
tfoot td { font-weight: bold; border-bottom: 0; }
@page { size: landscape; margin: 12mm; }
@media print { body { margin: 0; font-size: 9px; } th { position: static; } thead { display: table-header-group; }
tfoot { display: table-row-group; } tr { break-inside: avoid; } }
"""
_NOTHING = "<p>nothing to show</p>"


def render(table: Table) -> str:
    """Write the table as one page; every text of the books stands there as letters, never as markup."""
    title = _shown(heading(table))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_shown(table.title)}</title>\n<style>{_LOOK}</style>\n</head>\n<body>\n"
        f"<h1>{_shown(table.title)}</h1>\n<p>{title.removeprefix(_shown(table.title)).lstrip(' ;')}</p>\n"
        f"{_sheet(table) if table.rows else _NOTHING}\n</body>\n</html>\n"
    )


def _sheet(table: Table) -> str:
    heads = "".join(f'<th scope="col" class="{column.kind}">{_shown(column.name)}</th>' for column in table.columns)
    rows = "\n".join(_line(row, table.columns) for row in table.rows)
    totals = "\n".join(_line(_named(row, table), table.columns) for row in table.totals)
    foot = f"<tfoot>\n{totals}\n</tfoot>\n" if totals else ""
    return f"<table>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n{foot}</table>"


def _line(row: Row, columns: tuple[Column, ...]) -> str:
    cells = (f'<td class="{column.kind}">{_shown(written(row, column))}</td>' for column in columns)
    return f"<tr>{''.join(cells)}</tr>"


def _named(row: Row, table: Table) -> Row:
    """Say `total` in the first column of a row of totals, unless a figure stands there."""
    first = table.columns[0]
    return row if first.kind in RIGHT or row.get(first.name) else {**row, first.name: "total"}


def _shown(text: str) -> str:
    return escape(safe(text))
