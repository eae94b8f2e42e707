"""Tables as text: plain and stable for pipes and files, fitted to the width and with bars on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.bars import bars
from o2c.reports.layout import lay_out

if TYPE_CHECKING:
    from o2c.reports.layout import Line
    from o2c.reports.table import Table

#: How a terminal shows the roles of lines (ECMA-48: bold, faint).
_STYLES = {"title": "1", "header": "1", "rule": "2", "total": "1"}


def render(table: Table) -> str:
    """Write the table plainly: no colour, no lines but `-`, one row per line however long, no trailing space."""
    return "".join(f"{line.text}\n" for line in lay_out(table))


def on_terminal(table: Table, width: int, *, colour: bool, blocks: bool) -> str:
    """Write the table for a terminal of this width; `blocks`: it can show block letters, else `-` and `#`."""
    lines = [*lay_out(table, max(20, width), "─" if blocks else "-"), *bars(table, width, blocks=blocks)]
    return "".join(f"{_styled(line) if colour else line.text}\n" for line in lines)


def _styled(line: Line) -> str:
    style = _STYLES.get(line.role)
    return f"\x1b[{style}m{line.text}\x1b[0m" if style and line.text else line.text
