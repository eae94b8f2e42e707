"""Faults in master data, collected with their place, so that an accountant sees all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from yaml.events import Event
    from yaml.nodes import Node


class Fault(NamedTuple):
    """One fault: the file below the books' folder, line and column from 1, and a sentence."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Faults:
    """What was found wrong in one file so far; with a `row`, all of it is in that row of a table."""

    def __init__(self, file: str, row: int = 0) -> None:
        self.file = file
        self._row = row
        self.found: list[Fault] = []

    def at(self, node: Node | Event, message: str) -> None:
        """Note a fault at the beginning of a node."""
        mark = node.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.add(line, column, message)

    def add(self, line: int, column: int, message: str) -> None:
        """Note a fault at a line and column, both counted from 1."""
        self.found.append(Fault(self.file, *self.place(line, column), message))

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Give the place that a message names: the row of a table, or line and column."""
        return (self._row, 1) if self._row else (line, column)

    def sentences(self) -> tuple[str, ...]:
        """Give every fault once as `FILE:LINE:COL: what; what to do`, in the order of the file."""
        return tuple(str(fault) for fault in sorted(set(self.found)))
