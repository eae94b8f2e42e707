"""Tables as JSON: amounts, quantities and rates as strings with a point, dates ISO, counts as numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from o2c.reports.cells import is_empty
from o2c.reports.cells import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table


def render(table: Table) -> str:
    """Write the table as one JSON object, a line per row; a text without value is "", any other cell null.

    `rows` have every column, `totals` the currency and the summed columns.
    """
    head = {
        "report": table.report,
        "as_of": table.as_of.isoformat() if table.as_of else None,
        "basis": table.basis,
        "columns": [column.name for column in table.columns],
    }
    lines = [f"{_text(key)}: {_text(value)}" for key, value in head.items()]
    lines.append(f'"rows": {_list(_object(row, table.columns) for row in table.rows)}')
    lines.append(f'"totals": {_list(_object(row, _columns(row, table)) for row in table.totals)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _list(objects: Iterable[str]) -> str:
    inside = ",\n  ".join(objects)
    return f"[\n  {inside}\n]" if inside else "[]"


def _columns(row: Row, table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.name in row)


def _object(row: Row, columns: Iterable[Column]) -> str:
    return _text({column.name: _value(row, column) for column in columns})


def _value(row: Row, column: Column) -> str | int | None:
    cell = row.get(column.name, "")
    if isinstance(cell, int):
        return cell
    if is_empty(cell) and column.kind not in {"text", "code"}:
        return None
    return cell if isinstance(cell, str) else written(row, column)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
