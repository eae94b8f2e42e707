"""Records of an XLSX sheet: text stays text, dates and numbers are written one way, formulas are refused."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from o2c.errors import BadInput
from o2c.importing.sheets import Record
from o2c.importing.workbook_parts import checked_workbook
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BytesIO
    from pathlib import Path

#: A spreadsheet program keeps and compares 15 digits of a number; a longer one has lost some.
_DIGITS_KEPT = 15


def workbook_records(path: Path, sheet: str | None, header_line: int) -> Iterator[Record]:
    """Read the records of one sheet, with the line number that the workbook shows.

    The parts of the file are checked first (see `workbook_parts`); only what passed there is parsed. Raises BadInput
    for formulas, error values and merged cells from the header on: a shown value may be stale, so it must be pasted
    as a value.
    """
    safe, chosen = checked_workbook(path, sheet, header_line)
    cells = _sheet(path, safe, chosen)
    _refuse_merged(path, cells, header_line)
    # Rows come from the first of the sheet on, columns from the first that is not empty.
    first_column = cells.start[1] + 1 if cells.start else 1
    for line, values in enumerate(cells.iter_rows(), start=1):
        yield _record(line, values, first_column)


def _sheet(path: Path, safe: BytesIO, chosen: str) -> Any:  # noqa: ANN401 - a class of the extension module
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(safe).get_sheet_by_name(chosen)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the extension can panic, which Python sees as a BaseException
        raise BadInput(f"{path}: the workbook cannot be read ({error}); save it again as .xlsx or as .csv") from error


def _refuse_merged(path: Path, sheet: Any, header_line: int) -> None:  # noqa: ANN401 - a class of the extension module
    for (row, column), (last_row, _) in sheet.merged_cell_ranges or ():
        if last_row + 1 >= header_line:
            raise BadInput(
                f"{path}:{row + 1}: merged cells from column {column + 1} on; unmerge them and fill every cell"
            )


def _record(line: int, values: list[Any], first_column: int) -> Record:
    cells, typed, fault = [], [], ""
    for place, value in enumerate(values):
        if value.__class__ is str:
            cells.append(value)
            continue
        typed.append(place)
        try:
            cells.append(_text(value))
        except BadInput as error:
            fault = fault or f"column {place + first_column}: {error}"
            cells.append("")
    return Record(line, cells, frozenset(typed), fault)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    raise BadInput(f"{shown(str(value))} is neither text, number nor date; write it as text")


def _number(value: float) -> str:
    """Write a number with the 15 digits that a workbook keeps and shows, without exponent; 0.1 + 0.2 is 0.3."""
    number = Decimal(f"{value:.{_DIGITS_KEPT}g}")
    if not number.is_finite() or abs(number) >= Decimal(10) ** _DIGITS_KEPT:
        raise BadInput(f"{value:f} has more digits than a workbook keeps; format the column as text and enter it anew")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
