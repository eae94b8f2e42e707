"""Sheets as text with delimiters: nothing guessed, every refusal with its line (hostile inputs H06, H16)."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from o2c.errors import BadInput
from o2c.importing import delimited
from o2c.importing.sheets import Row
from o2c.importing.sheets import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    File = Callable[..., Path]


def cells(path: Path, **options: str) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_rows(path, **options)]  # type: ignore[arg-type]  # options are texts here


def test_rows_come_with_their_lines_and_without_spaces_around(text_file: File) -> None:
    assert list(read_rows(text_file("a, b\n1 , 2\n\n3,4\n"))) == [
        Row(2, {"a": "1", "b": "2"}),
        Row(4, {"a": "3", "b": "4"}),
    ]


@pytest.mark.parametrize(
    "text", ["INV-0123", "2024-01-02", "1E5", "TRUE", "'00501", "00501", "+49 40 1", "=1+1", "NO", "1.10", "\u22125"]
)
def test_text_stays_text(text_file: File, text: str) -> None:
    assert cells(text_file(f"a,b\n{text},x\n")) == [{"a": text, "b": "x"}]


def test_a_record_over_several_lines_has_the_line_where_it_begins(text_file: File) -> None:
    rows = list(read_rows(text_file('a,b\n"x\ny",1\nz,2\n')))
    assert [(row.line, row.cells["a"]) for row in rows] == [(2, "x\ny"), (4, "z")]


def test_the_order_of_columns_does_not_matter(text_file: File) -> None:
    assert cells(text_file("b,a\n2,1\n")) == [{"b": "2", "a": "1"}]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_the_one_that_was_named(text_file: File, delimiter: str) -> None:
    path = text_file(f"a{delimiter}b\n1,5{delimiter}2\n")
    assert cells(path, delimiter=delimiter) == [{"a": "1,5", "b": "2"}]


def test_another_delimiter_is_not_guessed(text_file: File) -> None:
    with pytest.raises(BadInput, match=r"in\.csv:2: 2 cells under 1 columns"):
        cells(text_file("a;b\n1,5;2\n"))


def test_a_byte_order_mark_is_not_part_of_the_first_name(text_file: File) -> None:
    assert cells(text_file("\ufeffa,b\n1,2\n")) == [{"a": "1", "b": "2"}]


def test_another_encoding_is_read_when_it_is_named_and_refused_when_not(text_file: File) -> None:
    path = text_file("a,b\nMüller,2\n".encode("windows-1252"))
    assert cells(path, encoding="windows-1252")[0]["a"] == "Müller"
    with pytest.raises(BadInput, match="are not utf-8; save the file as UTF-8"):
        cells(path)


def test_utf_16_without_its_name_is_refused(text_file: File) -> None:
    path = text_file("a,b\n1,2\n".encode("utf-16"))
    with pytest.raises(BadInput, match="utf-8"):
        cells(path)
    assert cells(path, encoding="utf-16") == [{"a": "1", "b": "2"}]


def test_an_unknown_encoding_is_refused(text_file: File) -> None:
    with pytest.raises(BadInput, match="encoding 'ebcdic'"):
        cells(text_file("a\n1\n"), encoding="ebcdic")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", r"in\.csv:1: there is no header line"),
        ("\n\n", r"there is no header line"),
        ("a,,b\n1,2,3\n", r"in\.csv:1: column 2 has no name"),
        ("a,b,a\n1,2,3\n", r"in\.csv:1: the column 'a' stands there twice"),
        ("a,b\n1\n", r"in\.csv:2: 1 cells under 2 columns; complete the line"),
        ("a,b\n1,2,3\n", r"in\.csv:2: 3 cells under 2 columns; put quotes"),
        ("a,b\n1,\0\n", r"in\.csv:2: there is a NUL"),
        ('a,b\n1,"x\n', r"in\.csv:2: .*check the quotes"),
        ('a,b\n1,"x"y\n', r"in\.csv:2: .*check the quotes"),
        (f"a,b\n1,{'x' * 131_073}\n", r"in\.csv:2: field larger than field limit"),
        (",".join(f"c{n}" for n in range(501)) + "\n", r"501 columns; at most 500"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(text_file: File, text: str, fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        cells(text_file(text))


def test_empty_cells_too_many_do_no_harm(text_file: File) -> None:
    assert cells(text_file("a,b,,\n1,2,,\n")) == [{"a": "1", "b": "2"}]


def test_bad_rows_can_be_collected_and_the_others_read(text_file: File) -> None:
    bad: list[tuple[int, str]] = []
    rows = list(read_rows(text_file("a,b\n1\n2,3\n"), on_bad=lambda line, what: bad.append((line, what))))
    assert [row.line for row in rows] == [3]
    assert bad == [(2, "1 cells under 2 columns; complete the line")]


def test_a_header_below_title_lines_is_found_by_its_line(text_file: File) -> None:
    path = text_file("Our company\nOpen invoices\n\na,b\n1,2\n")
    assert [dict(row.cells) for row in read_rows(path, header_line=4)] == [{"a": "1", "b": "2"}]


def test_a_compressed_file_is_read_as_it_is(text_file: File) -> None:
    path = text_file(gzip.compress(b"a,b\n1,2\n"), "in.csv.gz")
    assert cells(path) == [{"a": "1", "b": "2"}]


def test_a_broken_compressed_file_is_refused(text_file: File) -> None:
    with pytest.raises(BadInput, match="the compressed file is broken"):
        cells(text_file(gzip.compress(b"a,b\n1,2\n" * 1000)[:40], "in.csv.gz"))
    with pytest.raises(BadInput, match="the compressed file is broken"):
        cells(text_file(b"a,b\n1,2\n", "plain.csv.gz"))


def test_a_compressed_bomb_stops_at_the_limit(text_file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_CHARACTERS", 1_000_000)
    path = text_file(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000), "in.csv.gz")
    with pytest.raises(BadInput, match="too long to be read"):
        cells(path)


def test_a_line_without_end_is_refused(text_file: File) -> None:
    with pytest.raises(BadInput, match="too long to be read"):
        cells(text_file("a" * 1_000_000))


@pytest.mark.parametrize("name", ["in.xls", "in.ods", "in.pdf", "in", "in.xlsm"])
def test_other_kinds_of_files_are_refused(text_file: File, name: str) -> None:
    with pytest.raises(BadInput, match="this kind of file is not read here"):
        cells(text_file("a,b\n", name))
