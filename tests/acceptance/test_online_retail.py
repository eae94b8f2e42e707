"""The 240,007 order lines of a retailer: 12,468 documents, equal to TRUTH.json but for the roundings that are told."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c.cli import main
from o2c.importing import profile_files
from o2c.importing.reading_in import read_in

if TYPE_CHECKING:
    from o2c.importing.imported import Imported
    from o2c.model.documents import Document

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "orders" / "uci-online-retail-2010-2011-first240k"
FILE = DATA / "online_retail_2010_12_to_2011_06.csv.gz"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data do not lie beside the checkout"),
]
TRUTH: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text("utf-8")) if DATA.is_dir() else {}


@pytest.fixture(scope="module")
def imported() -> Imported:
    return read_in(FILE, profile_files.load("online-retail"), "history")


def total(documents: list[Document]) -> Decimal:
    return sum((doc.movements[0].amount for doc in documents), Decimal(0))


def test_every_row_is_read_and_every_document_made(imported: Imported) -> None:
    assert (imported.rows, imported.bad, imported.left_out) == (TRUTH["rows"], (), 0)
    assert len(imported.documents) == TRUTH["invoice_numbers"]
    notes = [doc for doc in imported.documents if doc.doc_type == "credit-note"]
    assert len(notes) == TRUTH["cancellation_invoices(C)"]
    assert sum(len(doc.lines) for doc in imported.documents) == TRUTH["rows"]
    assert sum(len(doc.lines) for doc in notes) == TRUTH["cancellation_rows"]
    assert all(doc.doc_id.startswith("C") for doc in notes)


def test_the_totals_are_the_exact_ones_and_the_roundings(imported: Imported) -> None:
    (rounding,) = imported.roundings
    assert (rounding.currency, rounding.lines, rounding.amount) == ("GBP", 1, Decimal("-0.001"))
    documents = list(imported.documents)
    assert total(documents) - rounding.amount == Decimal(TRUTH["sum_amount_all"])
    notes = [doc for doc in documents if doc.doc_type == "credit-note"]
    assert total(notes) == Decimal(TRUTH["sum_amount_cancellations"])
    sales = [doc for doc in documents if doc.doc_type == "invoice"]
    assert total(sales) - rounding.amount == Decimal(TRUTH["sum_amount_sales(no C/A)"])
    known = [doc for doc in documents if doc.customer != "ONE-TIME"]
    assert abs(total(known) - Decimal(TRUTH["sum_amount_known_customers"])) <= abs(rounding.amount)


def test_quantities_customers_and_months(imported: Imported) -> None:
    signs = {"invoice": 1, "credit-note": -1}
    quantity = sum(signs[doc.doc_type] * line.quantity for doc in imported.documents for line in doc.lines)
    assert quantity == TRUTH["quantity_sum"]
    assert len(imported.customers) == TRUTH["customers"] + 1
    one_time = [doc for doc in imported.documents if doc.customer == "ONE-TIME"]
    assert sum(len(doc.lines) for doc in one_time) == TRUTH["rows_without_customer"]
    months: defaultdict[str, list[Document]] = defaultdict(list)
    customers: defaultdict[str, list[Document]] = defaultdict(list)
    for doc in imported.documents:
        months[f"{doc.date:%Y-%m}"].append(doc)
        customers[doc.customer].append(doc)
    differences = [total(months[month]) - Decimal(amount) for month, amount in TRUTH["net_by_month"].items()]
    assert sorted(difference for difference in differences if difference) == [Decimal("-0.001")]
    for customer, amount in TRUTH["top5_customers_net"].items():
        assert total(customers[customer]) == Decimal(amount)


@pytest.mark.deep
def test_the_whole_way_through_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Import, check, and age: about a minute and a half."""
    root = tmp_path / "books"
    posted = json.loads(_o2c(root, capsys, "import", "history", str(FILE), "--profile", "online-retail", "--json"))
    assert len(posted["posted"]) == TRUTH["invoice_numbers"]
    (rounding,) = posted["roundings"]
    net = sum(Decimal(row["amount"]) for row in posted["totals"])
    assert net - Decimal(rounding["amount"]) == Decimal(TRUTH["sum_amount_all"])
    aging = json.loads(_o2c(root, capsys, "report", "aging", "--as-of", "2011-06-30", "--json"))
    assert [Decimal(row["total"]) for row in aging["totals"]] == [net]
    _o2c(root, capsys, "check")


def _o2c(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    if not root.exists():
        with pytest.raises(SystemExit):
            main(["init", str(root), "--empty"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main(["--books", str(root), *arguments])
    assert left.value.code == 0
    return capsys.readouterr().out
