"""The shipped profiles for other systems, each on a small export of its layout (in exports/)."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from o2c.errors import BadInput
from o2c.errors import WrongUsage
from o2c.importing import profile_files
from o2c.importing.reading_in import read_in
from o2c.model.facts import Facts
from o2c.model.items import open_items

if TYPE_CHECKING:
    from o2c.importing.imported import Imported

EXPORTS = Path(__file__).parent / "exports"
YEAR_END = date(2026, 12, 31)


def read(name: str, command: str, currency: str = "") -> Imported:
    found = read_in(EXPORTS / f"{name}.csv", profile_files.load(name), command, currency=currency)
    assert not found.bad, [row.sentence(name) for row in found.bad]
    return found


def open_at(found: Imported, day: date = YEAR_END) -> dict[str, tuple[str, Decimal, str]]:
    facts = Facts(())
    for doc in found.documents:
        facts.add(doc)
    return {item.item: (item.customer, item.open, str(item.due)) for item in open_items(facts.moved, day)}


def kinds(found: Imported) -> dict[str, int]:
    return dict(Counter(doc.doc_type for doc in found.documents))


@pytest.mark.parametrize("command", ["history", "open-items"])
def test_netsuite(command: str) -> None:
    found = read("netsuite-transactions", command)
    assert open_at(found) == {
        "INV10042": ("HARBOR-TOOLS-INC", Decimal("980.10"), "2026-03-05"),
        "CM-10042": ("HARBOR-TOOLS-INC", Decimal("-80.10"), "2026-02-10"),
        "INV10043": ("PRAIRIE-SUPPLY", Decimal("12000.50"), "2026-03-31"),
    }
    assert {doc.currency for doc in found.documents} == {"USD", "CAD"}
    if command == "history":
        assert kinds(found) == {"invoice": 3, "credit-note": 1, "receipt": 1}
        assert "INV10041" in open_at(found, date(2026, 2, 19))
    assert found.left_out == (2 if command == "history" else 3)


@pytest.mark.parametrize("command", ["history", "open-items"])
def test_sap(command: str) -> None:
    found = read("sap-fbl5n", command)
    assert open_at(found) == {
        "1000-1800000031-2026-1": ("0000100234", Decimal("2380.50"), "2026-03-03"),
        "1000-1600000004-2026-1": ("0000100234", Decimal(-119), "2026-02-05"),
        "1000-1400000078-2026-1": ("0000100987", Decimal(-500), "2026-02-20"),
    }
    if command == "history":
        assert kinds(found) == {"invoice": 2, "credit-note": 1, "receipt": 2}
        assert open_at(found, date(2026, 2, 14))["1000-1800000012-2026-1"][1] == 1190


@pytest.mark.parametrize("command", ["history", "open-items"])
def test_oracle(command: str) -> None:
    found = read("oracle-receivables", command)
    assert open_at(found) == {
        "10026142-1": ("1005", Decimal("600.5"), "2026-03-03"),
        "10026142-2": ("1005", Decimal("600.5"), "2026-04-02"),
        "10026150-1": ("1005", Decimal(-100), "2026-02-15"),
        "R-88-1": ("1006", Decimal(-250), "2026-02-20"),
    }
    if command == "history":
        assert open_at(found, date(2026, 2, 9))["10026141-1"][1] == 1500
    assert {customer.name for customer in found.customers} == {"Business World", "Hilman and Associates"}


def test_quickbooks_open_items() -> None:
    found = read("quickbooks", "open-items", "USD")
    assert open_at(found) == {
        "1021": ("AMY-S-BIRD-SANCTUARY", Decimal(459), "2026-02-04"),
        "CM-1026": ("AMY-S-BIRD-SANCTUARY", Decimal(-100), "2026-02-01"),
        "1027": ("BILL-S-WINDSURF-SHOP", Decimal(85), "2026-03-06"),
    }


def test_quickbooks_history_has_payments_on_account() -> None:
    found = read("quickbooks", "history", "USD")
    assert kinds(found) == {"invoice": 2, "receipt": 1, "credit-note": 1}
    assert {item: amount for item, (_, amount, _) in open_at(found).items()} == {
        "1021": 1459,
        "PMT-1021": -1000,
        "CM-1026": -100,
        "1027": 85,
    }
    assert found.left_out == 4


@pytest.mark.parametrize("name", ["netsuite-transactions", "sap-fbl5n", "oracle-receivables", "quickbooks"])
def test_the_same_export_as_a_workbook_of_texts_says_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet = book.add_worksheet()
    with (EXPORTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        for place, row in enumerate(csv.reader(stream)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    book.close()
    profile = profile_files.load(name)
    from_book = read_in(path, profile, "open-items", currency="USD" if name == "quickbooks" else "")
    from_text = read(name, "open-items", "USD" if name == "quickbooks" else "")
    assert not from_book.bad
    assert open_at(from_book) == open_at(from_text)


def test_a_workbook_with_typed_cells_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "sap.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet()
    columns = "Company Code,Account,Document Number,Fiscal Year,Line item,Document Type,Document Date,Net due date"
    sheet.write_row(0, 0, [*columns.split(","), "Amount in doc. curr.", "Document currency"])
    day, due = date(2026, 2, 1), date(2026, 3, 3)
    sheet.write_row(1, 0, [1000, "0000100234", 1800000031, 2026, 1, "DR", day, due, 2380.5, "EUR"])
    sheet.write_row(2, 0, [1000, "0000100234", 1800000032, 2026, 1, "DG", day, 46084, -119, "EUR"])
    book.close()
    found = read_in(path, profile_files.load("sap-fbl5n"), "open-items")
    assert open_at(found) == {"1000-1800000031-2026-1": ("0000100234", Decimal("2380.50"), "2026-03-03")}
    assert [(row.line, row.column, row.what.split(";")[0]) for row in found.bad] == [
        (3, "Net due date", "'46084' is a number, not a day"),
    ]


def test_a_file_of_another_layout_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"quickbooks\.csv:1: there is no column .*TRX_NUMBER.*; the file has Date"):
        read_in(EXPORTS / "quickbooks.csv", profile_files.load("oracle-receivables"), "history")
    with pytest.raises(WrongUsage, match="reads history; use `o2c import history`"):
        read_in(EXPORTS / "quickbooks.csv", profile_files.load("ibm-history"), "open-items")
