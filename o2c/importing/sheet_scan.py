"""A look at every element of a workbook's XML, before a spreadsheet reader believes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from o2c.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

MAX_ROWS = 1_048_576
MAX_COLUMNS = 500
MAX_CELLS = 10_000_000
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


class Scan:
    """Counts rows and cells, refuses document types, formulas and error values, and learns which sheets there are.

    `sheets` holds name, relation and whether it is visible, `targets` the part behind each relation.
    """

    def __init__(self, path: Path, header_line: int) -> None:
        """Start a scan; places in messages are those of `path`, formulas count from `header_line` on."""
        self.sheets: list[tuple[str, str, bool]] = []
        self.targets: dict[str, str] = {}
        self._path = path
        self._header_line = header_line
        self._sheet = ""
        self._row = self._column = self._widest = 0

    def parser(self) -> expat.XMLParserType:
        """Make a parser for one part that reports to this scan."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._cell if self._sheet else self._element
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def enter_sheet(self, name: str) -> None:
        """From now on elements are those of the chosen sheet."""
        self._sheet = name

    def _doctype(self, *_: object) -> None:
        raise BadInput(
            f"{self._path}: the workbook declares a document type, which no spreadsheet program does; save it again"
        )

    def _element(self, name: str, facts: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "sheet":
            self.sheets.append(
                (facts.get("name", ""), facts.get(_RELATION, ""), facts.get("state", "visible") == "visible")
            )
        elif kind == "Relationship":
            self.targets[facts.get("Id", "")] = facts.get("Target", "")
        elif kind == "workbookPr" and facts.get("date1904", "0") not in {"0", "false"}:
            raise BadInput(
                f"{self._path}: the workbook counts days from 1904; save the data as .csv, with days as 2026-03-05"
            )

    def _cell(self, name: str, facts: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "c":
            self._column = _column(facts["r"]) if "r" in facts else self._column + 1
            self._widest = max(self._widest, self._column)
            self._check_size()
            if facts.get("t") == "e":
                self._refuse("an error value stands in the cell; correct it in the workbook")
        elif kind == "row":
            self._row = int(facts["r"]) if facts.get("r", "").isdecimal() else self._row + 1
            self._column = 0
            self._check_size()
        elif kind == "f":
            self._refuse("a formula stands in the cell; copy the column and paste it as values")

    def _check_size(self) -> None:
        if self._row > MAX_ROWS or self._widest > MAX_COLUMNS or self._row * self._widest > MAX_CELLS:
            raise BadInput(
                f"{self._path}: the sheet {self._sheet} reaches to row {self._row}, column {self._widest}; at most "
                f"{MAX_COLUMNS} columns and {MAX_CELLS} cells are read; delete what is far out, or export it as .csv",
            )

    def _refuse(self, what: str) -> None:
        if self._row >= self._header_line:
            raise BadInput(f"{self._path}:{self._row}: column {self._column}: {what}")


def _column(reference: str) -> int:
    """Count the column of a cell reference from 1: `A1` is 1, `XFD7` is 16384.

    >>> _column("A1"), _column("AB12"), _column("XFD1048576")
    (1, 28, 16384)
    """
    count = 0
    for sign in reference[:4]:
        if not "A" <= sign <= "Z":
            break
        count = count * 26 + ord(sign) - 64
    return count
