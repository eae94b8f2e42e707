"""Rows of a sheet, CSV or XLSX, as text with the line they stand in.

Nothing is guessed: the caller says delimiter and encoding, the first line (or `header_line`) names the columns, and
what does not fit is refused with its place (rule R10, hostile inputs H16 to H18).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

MAX_COLUMNS = 500
_NOTHING: frozenset[str] = frozenset()


class Row(NamedTuple):
    """A row: its line in the file (from 1), its cells by column, all as text without the spaces around it.

    `typed` names the columns whose cell was a date or a number by type (workbooks only): their text is then ISO, or
    a number with a point, whatever a profile says about the file's own way of writing.
    """

    line: int
    cells: Mapping[str, str]
    typed: frozenset[str] = _NOTHING


class Record(NamedTuple):
    """A line of cells before the header gives them names; `typed` holds the places of typed cells."""

    line: int
    cells: Sequence[str]
    typed: frozenset[int] = frozenset()
    fault: str = ""


def read_rows(
    path: str | Path,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    sheet: str | None = None,
    header_line: int = 1,
    on_bad: Callable[[int, str], None] | None = None,
) -> Iterator[Row]:
    """Read a sheet row by row: `.csv`, `.txt`, `.tsv` (each also `.gz`) or `.xlsx`; empty rows are left out.

    `sheet` names the sheet of a workbook; without it there must be one visible sheet. A row that does not fit under
    the header goes to `on_bad(line, sentence)` and is left out; without `on_bad` it is refused. Raises BadInput with
    `FILE:LINE: what; what to do`.
    """
    path = Path(path)
    records = _records(path, delimiter, encoding, sheet, header_line)
    header = _header(path, records, header_line)
    refuse = on_bad or _refusing(path)
    for record in records:
        fault = record.fault or (_misfit(record, len(header)) if len(record.cells) != len(header) else "")
        if fault:
            refuse(record.line, fault)
        elif row := _row(record, header):
            yield row


def _records(path: Path, delimiter: str, encoding: str, sheet: str | None, header_line: int) -> Iterator[Record]:
    kinds = [suffix.lower() for suffix in path.suffixes[-2:]]
    if kinds[-1:] == [".xlsx"]:
        from o2c.importing.workbooks import workbook_records

        return workbook_records(path, sheet, header_line)
    if kinds[-1:] == [".gz"] or kinds[-1:] in ([".csv"], [".txt"], [".tsv"]):
        from o2c.importing.delimited import delimited_records

        return delimited_records(path, delimiter, encoding)
    raise BadInput(f"{path}: this kind of file is not read here; save it as .csv (UTF-8), .csv.gz or .xlsx")


def _header(path: Path, records: Iterator[Record], header_line: int) -> list[str]:
    """Take the names of the columns; nameless columns at the end are dropped."""
    for record in records:
        if record.line >= header_line and any(cell.strip() for cell in record.cells):
            names = [cell.strip() for cell in record.cells]
            while names and not names[-1]:
                names.pop()
            _check_header(path, record.line, names)
            return names
    raise BadInput(f"{path}:{header_line}: there is no header line; the first line must name the columns")


def _check_header(path: Path, line: int, names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise BadInput(f"{path}:{line}: {len(names)} columns; at most {MAX_COLUMNS} are read; remove those not needed")
    for place, name in enumerate(names):
        if not name:
            raise BadInput(f"{path}:{line}: column {place + 1} has no name; write one into the header")
        if name in names[:place]:
            raise BadInput(f"{path}:{line}: the column {shown(name)} stands there twice; rename or remove one")


def _refusing(path: Path) -> Callable[[int, str], None]:
    def refuse(line: int, fault: str) -> None:
        raise BadInput(f"{path}:{line}: {fault}")

    return refuse


def _misfit(record: Record, width: int) -> str:
    """Say why a record does not fit under the header; empty cells too many do no harm, nor does an empty line."""
    cells = record.cells
    if not any(cell.strip() for cell in cells) or (len(cells) > width and not any(cells[width:])):
        return ""
    more = "put quotes around a text with the delimiter in it" if len(cells) > width else "complete the line"
    return f"{len(cells)} cells under {width} columns; {more}"


def _row(record: Record, header: list[str]) -> Row | None:
    cells = {name: cell.strip() for name, cell in zip(header, record.cells, strict=False)}
    if not any(cells.values()):
        return None
    typed = frozenset(header[place] for place in record.typed if place < len(header)) if record.typed else _NOTHING
    return Row(record.line, cells, typed)
