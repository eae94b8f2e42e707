"""Workbooks: what a cell shows is not trusted, what unpacks without end is not unpacked (hostile inputs H17, H18)."""

from __future__ import annotations

import time
import zipfile
from datetime import date
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from typing import Any

import pytest
import xlsxwriter

from o2c.errors import BadInput
from o2c.importing import sheet_scan
from o2c.importing import workbook_parts
from o2c.importing.sheets import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    File = Callable[..., Path]

#: A workbook knows no zones.
NOON = datetime(2026, 3, 5, 12, 30)  # noqa: DTZ001
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: list[Any], **options: bool) -> bytes:
    """Write a workbook; days are written as days, texts beginning with = as formulas."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd", **options})
    sheet = book.add_worksheet("Data")
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return stream.getvalue()


def changed(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Replace or add parts of a workbook."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(part for part in parts if part not in old.namelist())]:
            new.writestr(name, parts.get(name) if name in parts else old.read(name))
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def refused(path: Path, fault: str, sheet: str | None = None) -> None:
    """Prove that a file is refused for a reason, within the five seconds that a bomb may take."""
    before = time.monotonic()
    with pytest.raises(BadInput, match=fault):
        list(read_rows(path, sheet=sheet))
    assert time.monotonic() - before < 5


def test_texts_numbers_and_days_come_out_one_way(text_file: File) -> None:
    row = ["00501", 0.1, 1234, 1e-6, date(2026, 3, 5), NOON, True, "2024-01-02"]
    path = text_file(workbook(list("abcdefgh"), row), "in.xlsx")
    (found,) = read_rows(path)
    texts = ["00501", "0.1", "1234", "0.000001", "2026-03-05", "2026-03-05 12:30:00", "TRUE", "2024-01-02"]
    assert found.line == 2
    assert list(found.cells.values()) == texts
    assert found.typed == set("bcdefg")


@pytest.mark.parametrize(("stored", "text"), [("0.30000000000000004", "0.3"), ("1234.5600000000001", "1234.56")])
def test_a_number_has_the_digits_that_the_workbook_shows(text_file: File, stored: str, text: str) -> None:
    data = workbook(["a"], [1])
    sheet = part(data, SHEET).replace(b"<v>1</v>", f"<v>{stored}</v>".encode())
    (found,) = read_rows(text_file(changed(data, {SHEET: sheet}), "in.xlsx"))
    assert found.cells["a"] == text


def test_lines_are_those_that_the_workbook_shows(text_file: File) -> None:
    (found,) = read_rows(text_file(workbook([], [], ["a", "b"], [], ["1", "2"]), "in.xlsx"))
    assert (found.line, dict(found.cells)) == (5, {"a": "1", "b": "2"})


def test_an_empty_first_column_does_no_harm(text_file: File) -> None:
    path = text_file(workbook(["", "a"], ["", "1"], ["", 4111111111111111]), "in.xlsx")
    bad: list[tuple[int, str]] = []
    assert [dict(row.cells) for row in read_rows(path, on_bad=lambda *row: bad.append(row))] == [{"a": "1"}]
    assert [(line, what.split(":")[0]) for line, what in bad] == [(3, "column 2")]


def test_formulas_are_refused_with_their_cell(text_file: File) -> None:
    path = text_file(workbook(["a", "b"], ["x", 1], ["y", "=SUM(B2:B2)"]), "in.xlsx")
    refused(path, r"in\.xlsx:3: column 2: a formula stands in the cell; copy the column and paste it as values")


def test_error_values_are_refused_with_their_cell(text_file: File) -> None:
    data = workbook(["a"], [1])
    sheet = part(data, SHEET).replace(b'<c r="A2"><v>1</v></c>', b'<c r="A2" t="e"><v>#DIV/0!</v></c>')
    refused(text_file(changed(data, {SHEET: sheet}), "in.xlsx"), r"in\.xlsx:2: column 1: an error value")


def test_formulas_above_the_header_do_not_matter(text_file: File) -> None:
    path = text_file(workbook(["=TODAY()"], ["a"], ["1"]), "in.xlsx")
    assert [row.cells["a"] for row in read_rows(path, header_line=2)] == ["1"]


def test_merged_cells_among_the_rows_are_refused(text_file: File) -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["a", "b"])
    sheet.merge_range(1, 0, 2, 0, "x")
    book.close()
    refused(text_file(stream.getvalue(), "in.xlsx"), r"in\.xlsx:2: merged cells")


def test_a_hidden_sheet_is_not_read_unless_it_is_named(text_file: File) -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name in ("Shown", "Secret"):
        book.add_worksheet(name).write_column(0, 0, ["a", name])
    book.get_worksheet_by_name("Secret").hide()
    book.close()
    path = text_file(stream.getvalue(), "in.xlsx")
    assert [row.cells["a"] for row in read_rows(path)] == ["Shown"]
    assert [row.cells["a"] for row in read_rows(path, sheet="Secret")] == ["Secret"]
    refused(path, "there is no sheet 'Other'; the workbook has Shown, Secret", sheet="Other")


def test_of_several_visible_sheets_one_must_be_named(text_file: File) -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("One")
    book.add_worksheet("Two")
    book.close()
    refused(text_file(stream.getvalue(), "in.xlsx"), r"2 visible sheets \(One, Two\)")


def test_days_counted_from_1904_are_refused(text_file: File) -> None:
    path = text_file(workbook(["a"], [date(2026, 3, 5)], date_1904=True), "in.xlsx")
    refused(path, "counts days from 1904")


def test_a_number_with_more_digits_than_a_workbook_keeps_is_refused(text_file: File) -> None:
    refused(text_file(workbook(["a"], [4111111111111111]), "in.xlsx"), r"in\.xlsx:2: column 1: .*more digits")


def test_macros_are_refused(text_file: File) -> None:
    data = changed(workbook(["a"], [1]), {"xl/vbaProject.bin": b"x"})
    refused(text_file(data, "in.xlsx"), "holds macros")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(text_file: File, data: bytes) -> None:
    refused(text_file(data, "in.xlsx"), r"this is not an \.xlsx workbook")


def test_another_archive_is_refused(text_file: File) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", "x")
    refused(
        text_file(stream.getvalue(), "in.xlsx"), r"this is not an \.xlsx workbook \(\[Content_Types\]\.xml is missing\)"
    )


def test_names_that_leave_the_archive_are_refused(text_file: File) -> None:
    data = changed(workbook(["a"], [1]), {"../../etc/x": b"x"})
    refused(text_file(data, "in.xlsx"), "a part named '../../etc/x'")


def test_an_encrypted_part_is_refused(text_file: File) -> None:
    data = bytearray(workbook(["a"], [1]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    refused(text_file(bytes(data), "in.xlsx"), "encrypted")


def test_a_sheet_that_unpacks_to_a_multiple_is_refused_from_the_directory(text_file: File) -> None:
    data = workbook(["a"], [1])
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000))
    bomb = changed(data, {SHEET: b"<worksheet><sheetData>" + rows + b" " * 60_000_000 + b"</sheetData></worksheet>"})
    refused(text_file(bomb, "in.xlsx"), "unpacks to")


def test_a_workbook_beyond_the_limit_is_refused(text_file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_UNPACKED", 1000)
    refused(text_file(workbook(["a"], [1]), "in.xlsx"), "unpacks to more than 1000 bytes")
    monkeypatch.setattr(workbook_parts, "MAX_FILE", 100)
    refused(text_file(workbook(["a"], [1]), "in.xlsx"), "more than 100 bytes")


def test_a_part_that_holds_more_than_its_directory_says_is_refused(text_file: File) -> None:
    data = bytearray(changed(workbook(["a"], [1]), {SHEET: part(workbook(["a"], [1]), SHEET) + b" " * 10_000}))
    name = SHEET.encode()
    at = data.index(name, data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = (500).to_bytes(4, "little")
    refused(text_file(bytes(data), "in.xlsx"), "cannot be read|is damaged|not an .xlsx workbook")


def test_a_cell_in_the_last_corner_is_refused(text_file: File) -> None:
    data = workbook(["a"], [1])
    sheet = part(data, SHEET).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    refused(text_file(changed(data, {SHEET: sheet}), "in.xlsx"), "reaches to row 1048576")


def test_a_cell_whose_place_is_written_with_entities_is_seen(text_file: File) -> None:
    data = workbook(["a"], [1])
    sheet = part(data, SHEET).replace(b"</sheetData>", b'<row r="3"><c r="&#88;FD3"><v>1</v></c></row></sheetData>')
    refused(text_file(changed(data, {SHEET: sheet}), "in.xlsx"), "column 16384")


def test_a_million_columns_are_refused(text_file: File) -> None:
    data = workbook(["a"], [1])
    cells = b"<c><v>1</v></c>" * 600
    sheet = part(data, SHEET).replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")
    refused(text_file(changed(data, {SHEET: sheet}), "in.xlsx"), "column 501")


def test_more_cells_than_the_limit_are_refused(text_file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_scan, "MAX_CELLS", 10)
    refused(text_file(workbook(*[["a", "b"]] * 6), "in.xlsx"), "at most 500 columns and 10 cells")


def test_entities_in_shared_texts_are_refused(text_file: File) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    refused(text_file(changed(workbook(["a"], ["x"]), {"xl/sharedStrings.xml": bomb}), "in.xlsx"), "document type")


def test_damaged_xml_is_refused(text_file: File) -> None:
    refused(text_file(changed(workbook(["a"], ["x"]), {SHEET: b"<worksheet><sheetData>"}), "in.xlsx"), "damaged")
