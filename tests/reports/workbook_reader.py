"""Reads workbooks as a spreadsheet does: cells, formulas, tables, and what formulas give when computed anew."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import NamedTuple

from lxml import etree
from python_calamine import CalamineWorkbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW = r"\w+\[\[#This Row\],\[(\w+)\]\]"


class Formula(NamedTuple):
    """A cell with a formula: its place (from 0), the formula, and the value kept with it."""

    row: int
    column: int
    text: str
    kept: str


class Sheet:
    """One sheet with one table."""

    def __init__(self, content: bytes, number: int = 1) -> None:
        """Read the sheet of a number, from 1."""
        parts = zipfile.ZipFile(io.BytesIO(content))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.xml = etree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
        self.table = etree.fromstring(parts.read(f"xl/tables/table{number}.xml"))
        self.grid = book.get_sheet_by_index(number - 1).to_python()
        self.head = [one.get("name") or "" for one in self.table.iter(f"{_MAIN}tableColumn")]
        self.first = 3
        self.last = int(re.findall(r"\d+", self.table.get("ref") or "")[1]) - 1

    @property
    def rows(self) -> list[dict[str, object]]:
        """The rows of the table, by the names of its columns."""
        return [dict(zip(self.head, cells, strict=False)) for cells in self.grid[self.first : self.last + 1]]

    @property
    def formulas(self) -> list[Formula]:
        """All cells with a formula."""
        return [
            Formula(*_place(cell.get("r") or ""), cell.findtext(f"{_MAIN}f") or "", cell.findtext(f"{_MAIN}v") or "")
            for cell in self.xml.iter(f"{_MAIN}c")
            if cell.find(f"{_MAIN}f") is not None
        ]

    def computed(self, formula: Formula) -> Decimal:
        """Compute a formula anew from the cells, by rules of our own for the few forms that there are."""
        text, here = formula.text, self.grid[formula.row]
        if found := re.fullmatch(r"SUM\(\w+\[\[#This Row\],\[(\w+)\]:\[(\w+)\]\]\)", text):
            first, last = (self.head.index(name) for name in found.groups())
            return sum((_number(cell) for cell in here[first : last + 1]), Decimal(0))
        if found := re.fullmatch(rf"{_ROW}-{_ROW}", text):
            return self._here(formula, found[1]) - self._here(formula, found[2])
        if found := re.fullmatch(rf"ROUND\((?:(\d+)|{_ROW})\*{_ROW}/{_ROW},2\)", text):
            times = Decimal(found[1]) if found[1] else self._here(formula, found[2])
            return _rounded(times * self._here(formula, found[3]) / self._here(formula, found[4]))
        if found := re.fullmatch(rf"ROUND\(100\*{_ROW}/SUMIFS\(\w+\[\w+\],\w+\[currency\],{_ROW}\),2\)", text):
            whole = self._sum(found[1], here[self.head.index("currency")])
            return _rounded(100 * self._here(formula, found[1]) / whole)
        if found := re.fullmatch(r'SUMIFS\(\w+\[(\w+)\],\w+\[currency\],"(\w+)"\)', text):
            return self._sum(found[1], found[2])
        found = re.fullmatch(r'IF\((\w+)=0,"",(\w+)/\1\)', text)
        assert found, f"nobody knows how to compute {text}"
        whole, part = (_number(self.grid[row][column]) for row, column in map(_place, found.groups()))
        return part / whole

    def _here(self, formula: Formula, name: str) -> Decimal:
        return _number(self.grid[formula.row][self.head.index(name)])

    def _sum(self, name: str, currency: object) -> Decimal:
        return sum((_number(row[name]) for row in self.rows if row["currency"] == currency), Decimal(0))


def _number(cell: object) -> Decimal:
    return Decimal(str(cell)) if isinstance(cell, (int, float)) else Decimal(0)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _place(address: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]  # every cell has one
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1
