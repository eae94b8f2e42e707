"""H04-H06, H16, H17: order files mean what they say, or are refused with file and line; nothing is guessed."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from beancount.core.data import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.small_shop import Shop

#: Texts that YAML or a spreadsheet would like to turn into something else.
ODD_TEXTS = [
    "NO", "on", "yes", "null", "~", "0123", "00501", "1e5", "1E5", "12:30", "12:30:45", "1.10", "1_000", "0x1F", "TRUE",
    "2024-01-02", "2024-02-30", "INV-0123", "+49 40 123", ".5", "-1", "1/2", "3-4", "'00501", "%", "9" * 30,
]  # fmt: skip
HEAD = "customer: C1\nlines:\n  - {sku: P-1, quantity: 1}\n"


def _reference(shop: Shop) -> str:
    """Give the reference of the last order."""
    orders = [
        entry for entry in shop.loaded() if isinstance(entry, Transaction) and entry.meta.get("doc-type") == "order"
    ]
    return str(orders[-1].meta["reference"])


@pytest.mark.parametrize("text", [text for text in ODD_TEXTS if text not in {"%", "'00501"}])
def test_yaml_keeps_a_text_as_it_is_written(shop: Shop, text: str) -> None:
    answer = shop.order(f"reference: {text}\n{HEAD}")
    assert answer.code == 0, answer
    assert _reference(shop) == text


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_csv_keeps_a_text_as_it_is_written(shop: Shop, text: str) -> None:
    answer = shop.order(f"customer,sku,quantity,reference\nC1,P-1,1,{text}\n", name="order.csv")
    assert answer.code == 0, answer
    assert _reference(shop) == text


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_workbook_keeps_a_text_as_it_is_written(shop: Shop, text: str) -> None:
    answer = shop.order(_workbook(shop, lambda sheet: sheet.write_string(1, 3, text)), name="order.xlsx")
    assert answer.code == 0, answer
    assert _reference(shop) == text


def _workbook(shop: Shop, write: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    file = shop.root.parent / "made.xlsx"
    book = xlsxwriter.Workbook(str(file), {"strings_to_numbers": False})
    sheet = book.add_worksheet("Orders")
    for column, name in enumerate(("customer", "sku", "quantity", "reference", "requested_date")):
        sheet.write_string(0, column, name)
    for column, text in enumerate(("C1", "P-1")):
        sheet.write_string(1, column, text)
    sheet.write_number(1, 2, 1)
    write(sheet)
    book.close()
    return file.read_bytes()


@pytest.mark.parametrize("field", ["date", "requested_date"])
@pytest.mark.parametrize(
    "day",
    ["2024-02-30", "02/03/2024", "2024-2-3", "tomorrow", "20240203", "2024-02-03T10:00", "99999-01-01", "1899-12-31"],
)
def test_a_day_that_is_none_is_refused_with_its_line(shop: Shop, field: str, day: str) -> None:
    assert "order.yaml:1:" in shop.refused_order(f"{field}: {day}\n{HEAD}")


FAULTY_YAML: dict[str, str | bytes] = {
    "duplicate key": f"reference: a\n{HEAD}reference: b\n",
    "merge": f"<<: {{reference: a}}\n{HEAD}",
    "anchor": f"reference: &a x\n{HEAD}",
    "alias": f"reference: &a x\nship_to: *a\n{HEAD}",
    "alias to itself": "&a [*a]\n",
    "bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "python tag": f"reference: !!python/object/apply:os.system ['touch canary']\n{HEAD}",
    "string tag": f"reference: !!str x\n{HEAD}",
    "deep": "[" * 3000,
    "deep and closed": "[" * 3000 + "]" * 3000,
    "deep mapping": "".join(" " * n + "a:\n" for n in range(200)),
    "two documents": f"{HEAD}---\n{HEAD}",
    "tab": f"\treference: a\n{HEAD}",
    "byte order mark": b"\xef\xbb\xbf" + HEAD.encode(),
    "latin-1": f"reference: Müller\n{HEAD}".encode("latin-1"),
    "utf-16": HEAD.encode("utf-16"),
    "nul": f"reference: a\x00b\n{HEAD}",
    "empty": "",
    "only a remark": "# nothing\n",
    "a word": "order\n",
    "a number": "5\n",
    "unclosed quote": f'reference: "a\n{HEAD}',
    "directive": f"%YAML 9.9\n---\n{HEAD}",
    "unknown field": f"refrence: a\n{HEAD}",
    "unknown field of a line": "customer: C1\nlines:\n  - {sku: P-1, quantity: 1, qty: 2}\n",
    "list as value": f"reference: [a, b]\n{HEAD}",
    "mapping as value": f"reference: {{a: b}}\n{HEAD}",
    "lines as text": "customer: C1\nlines: P-1\n",
    "line as text": "customer: C1\nlines: [P-1]\n",
    "no lines": "customer: C1\n",
    "empty lines": "customer: C1\nlines: []\n",
    "key is a list": f"[a, b]: c\n{HEAD}",
    "too large": HEAD + "# " + "x" * 50_000_000,
}


@pytest.mark.parametrize("fault", FAULTY_YAML)
def test_a_faulty_yaml_file_is_refused_with_its_line_and_at_once(shop: Shop, fault: str) -> None:
    began = time.perf_counter()
    said = shop.refused_order(FAULTY_YAML[fault])
    assert time.perf_counter() - began < 10, "a limit of time, generous for a busy machine"
    assert "order.yaml:" in said or "there is no order in the file" in said or "has no lines" in said
    assert not (shop.root.parent / "canary").exists()


def test_all_faults_of_a_file_are_named_at_once(shop: Shop) -> None:
    said = shop.refused_order(
        "- customer: c1\n  date: never\n  lines:\n    - {sku: P-1, quantity: x}\n"
        "- customer: C1\n  lines:\n    - {sku: P-1, discount: 200}\n"
    )
    assert [line.split("order.yaml:")[1].split(":")[0] for line in said.splitlines()] == ["4", "1", "2", "7", "7"]


# ---- CSV (H16) -------------------------------------------------------------------------------------------------------

NOT_NUMBERS = [
    "1.234,56", "1,234.56", "1,5", "\u22125", "(5.00)", "5.00-", "5\xa0000", "5\u202f000", "5 000", "1'000", "5 EUR",
    "€5", "5%", "1e3", "0x5", "\uff15", "\u0665", "--5", "+5", "five", "1.2.3", "NaN", "∞",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_NUMBERS)
@pytest.mark.parametrize("field", ["quantity", "price", "discount"])
def test_a_number_written_in_another_way_is_refused_and_never_guessed(shop: Shop, field: str, text: str) -> None:
    columns = {"customer": "C1", "sku": "P-1", "quantity": "1", field: f'"{text}"'}
    said = shop.refused_order(f"{','.join(columns)}\n{','.join(columns.values())}\n", name="order.csv")
    assert f"order.csv:2: {field}" in said


FAULTY_CSV: dict[str, bytes] = {
    "no header": b"C1,P-1,1\n",
    "only a header": b"customer,sku,quantity\n",
    "empty": b"",
    "semicolons": b"customer;sku;quantity\nC1;P-1;1\n",
    "tabs": b"customer\tsku\tquantity\nC1\tP-1\t1\n",
    "unknown column": b"customer,sku,qty\nC1,P-1,1\n",
    "column twice": b"customer,sku,sku,quantity\nC1,P-1,P-2,1\n",
    "nameless column": b"customer,,sku,quantity\nC1,x,P-1,1\n",
    "too few cells": b"customer,sku,quantity\nC1,P-1\n",
    "too many cells": b"customer,sku,quantity\nC1,P-1,1,2\n",
    "nul": b"customer,sku,quantity\nC1,P-1\x00,1\n",
    "utf-16": "customer,sku,quantity\nC1,P-1,1\n".encode("utf-16"),
    "latin-1": "customer,sku,quantity,text\nC1,P-1,1,Größe\n".encode("latin-1"),
    "huge cell": b"customer,sku,quantity,text\nC1,P-1,1," + b"x" * 131_073 + b"\n",
    "open quote": b'customer,sku,quantity\nC1,"P-1,1\n',
    "heads that differ": b"order,customer,sku,quantity,reference\nA,C1,P-1,1,x\nA,C1,P-2,1,y\n",
    "no customer": b"customer,sku,quantity\n,P-1,1\n",
}


@pytest.mark.parametrize("fault", FAULTY_CSV)
def test_a_faulty_csv_file_is_refused_with_its_line(shop: Shop, fault: str) -> None:
    said = shop.refused_order(FAULTY_CSV[fault], name="order.csv")
    assert "order.csv:" in said


def test_order_of_columns_byte_order_mark_and_line_ends_do_not_matter(shop: Shop) -> None:
    text = 'quantity,reference,sku,customer\r\n2,"a,""b",P-1,C1\r\n'
    assert shop.order(b"\xef\xbb\xbf" + text.encode(), name="order.csv").code == 0
    assert _reference(shop) == 'a,"b'


@pytest.mark.parametrize("name", ["order.txt.exe", "order", "order.ods", "order.xls", "order.json"])
def test_a_file_of_another_kind_is_refused(shop: Shop, name: str) -> None:
    shop.refused_order(b"customer,sku,quantity\nC1,P-1,1\n", name=name)


# ---- workbooks (H17) -------------------------------------------------------------------------------------------------


def test_a_formula_where_a_quantity_belongs_is_not_evaluated(shop: Shop) -> None:
    """Its stored result is what another program claimed; here it claims 1000000."""
    content = _workbook(shop, lambda sheet: sheet.write_formula(1, 2, "=1+1", None, 1_000_000))
    assert "order.xlsx:2: column 3: a formula" in shop.refused_order(content, name="order.xlsx")


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_cell_is_refused(shop: Shop, error: str) -> None:
    content = _workbook(shop, lambda sheet: sheet.write_formula(1, 2, "=1/0", None, error))
    assert "order.xlsx:2" in shop.refused_order(content, name="order.xlsx")


def test_a_number_in_a_text_cell_is_the_number_that_is_written(shop: Shop) -> None:
    assert shop.order(_workbook(shop, lambda sheet: sheet.write_string(1, 2, "2.5")), name="order.xlsx").code == 0
    assert " 2.5 C62" in shop.did("show", "SO-2026-0006")


def test_a_text_that_is_no_number_in_a_workbook_is_refused(shop: Shop) -> None:
    content = _workbook(shop, lambda sheet: sheet.write_string(1, 2, "1.234,56"))
    assert "order.xlsx:2" in shop.refused_order(content, name="order.xlsx")


def test_a_day_in_a_workbook_is_the_day_that_is_shown(shop: Shop) -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_datetime(1, 4, date(2026, 3, 9), shop_format)

    file = shop.root.parent / "made.xlsx"
    book = xlsxwriter.Workbook(str(file))
    shop_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for column, name in enumerate(("customer", "sku", "quantity", "reference", "requested_date")):
        sheet.write_string(0, column, name)
    sheet.write_row(1, 0, ["C1", "P-1", 1, "x"])
    write(sheet)
    book.close()
    answer = shop.order(file.read_bytes(), name="order.xlsx")
    assert answer.code == 0, answer
    assert "requested-date: 2026-03-09" in shop.journal.read_text()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook at all", b"PK\x03\x04" + b"\x00" * 5000])
def test_a_file_that_only_claims_to_be_a_workbook_is_refused(shop: Shop, content: bytes) -> None:
    shop.refused_order(content, name="order.xlsx")


def test_an_order_file_that_is_a_folder_a_device_or_missing_is_refused(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for place in (tmp_path / "folder.yaml", tmp_path / "missing.yaml"):
        assert place.name in shop.refused("order", "import", str(place), code=2)
