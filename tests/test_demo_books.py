"""The demonstration books: clean, believable, with something of everything, and written again to the same bytes."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c import checks
from o2c.model import names
from o2c.model import progress
from o2c.reports import aging
from o2c.reports import dso
from o2c.starting import start_demo
from tools import write_demo_books

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.reports.table import Row

TOP = Path(__file__).parents[1]
END = date(2026, 3, 31)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "books"
    start_demo(folder)
    return folder


@pytest.fixture(scope="module")
def books(root: Path) -> Books:
    return door.load(root)


def _documents(books: Books, doc_type: str) -> list[Document]:
    return books.facts.documents(doc_type)


def _numbers(row: Row) -> dict[str, Decimal]:
    return {name: cell for name, cell in row.items() if isinstance(cell, Decimal)}


# ---- clean --------------------------------------------------------------------------------------------------------


def test_bean_check_finds_nothing(root: Path) -> None:
    command = [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(root / "main.beancount")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_check_of_ours_is_clean(root: Path) -> None:
    results = checks.run(checks.gather(root), ())
    assert [(result.check.name, result.findings) for result in results if not result.ok or result.skipped] == []


# ---- believable ---------------------------------------------------------------------------------------------------


def test_three_months_hold_as_many_documents_as_a_small_wholesaler_writes(books: Books) -> None:
    counts = Counter(doc.doc_type for doc in books.facts.documents())
    assert 110 <= counts[names.ORDER] <= 140
    assert 100 <= counts[names.DELIVERY] <= 140
    assert 100 <= counts[names.INVOICE] <= 140
    assert 70 <= counts[names.RECEIPT] <= 110
    assert counts[names.CREDIT_NOTE] >= 6
    assert counts[names.ALLOCATION] >= 5
    assert counts[names.WRITE_OFF] >= 5
    assert counts[names.OPENING_ITEM] >= 10
    assert counts[names.REFUND] >= 1
    assert counts[names.REVERSAL] >= 1


def test_every_customer_ordered_something(books: Books) -> None:
    assert {doc.customer for doc in _documents(books, names.ORDER)} == set(books.master.customers)


def test_goods_go_to_six_countries_and_are_invoiced_in_three_currencies(books: Books) -> None:
    invoices = _documents(books, names.INVOICE)
    countries = {books.master.customer(doc.customer).address.country for doc in invoices}
    assert countries == {"DE", "FR", "NL", "AT", "US", "GB"}
    assert {doc.currency for doc in invoices} == {"EUR", "USD", "GBP"}


def test_taxes_are_domestic_reduced_intra_community_reverse_charge_export_and_outside(books: Books) -> None:
    codes = {tax.code for doc in _documents(books, names.INVOICE) for tax in doc.taxes}
    assert codes == {"DE19", "DE07", "EU-GOODS", "EU-SERVICES", "EXPORT", "OUTSIDE"}


def test_documents_fall_into_the_first_quarter(books: Books) -> None:
    days = [doc.date for doc in books.facts.documents() if doc.doc_type != names.OPENING_ITEM]
    assert (min(days).month, max(days)) == (1, END)


def test_everybody_works_at_one_desk(books: Books) -> None:
    desks = {
        doc_type: {doc.act.by for doc in _documents(books, doc_type)}
        for doc_type in (names.ORDER, names.DELIVERY, names.INVOICE, names.RECEIPT)
    }
    assert list(desks.values()) == [{"anna"}, {"bernd"}, {"clara"}, {"dirk"}]


def test_aging_has_something_in_every_bucket_of_three_months(books: Books) -> None:
    euros, pounds, dollars = (_numbers(row) for row in aging.report(books, END).totals)
    assert euros["current"] > euros["d1_30"] > euros["d31_60"] > euros["d61_90"] > 0
    assert euros["d91_plus"] == 0
    assert euros["unapplied"] < 0
    assert pounds["d1_30"] > 0
    assert dollars["d1_30"] > 0


def test_dso_is_that_of_a_wholesaler_with_thirty_days_to_pay(books: Books) -> None:
    rows = dso.report(books, END).rows
    assert {row["currency"] for row in rows} == {"EUR", "USD", "GBP"}
    assert all(Decimal(35) <= _numbers(row)["dso"] <= Decimal(60) for row in rows)


# ---- something of everything --------------------------------------------------------------------------------------


def test_orders_were_held_released_cancelled_amended_and_left_incomplete(books: Books) -> None:
    events = {event.kind for found in books.facts.events.values() for event in found}
    assert {"order-confirmed", "order-held", "order-released", "order-cancelled"} <= events
    orders = _documents(books, names.ORDER)
    assert max(doc.version for doc in orders) == 2
    states = Counter(progress.state(doc, books.facts.events[doc.doc_id]) for doc in orders)
    assert states[progress.DRAFT] == 2
    assert states[progress.HELD] == 1


def test_an_order_was_delivered_in_parts(books: Books) -> None:
    parts = Counter(doc.refers for doc in _documents(books, names.DELIVERY))
    assert max(parts.values()) == 2


def test_invoices_have_instalments_one_settled_and_one_open(books: Books) -> None:
    items = {move.movement.item for move in books.facts.moved if move.doc_type == names.INVOICE}
    assert {"INV-2026-0002.1", "INV-2026-0002.2", "INV-2026-0002.3"} <= items


def test_credit_notes_name_their_reasons_by_quantity_by_amount_and_in_full(books: Books) -> None:
    notes = _documents(books, names.CREDIT_NOTE)
    assert {doc.reason for doc in notes} >= {"return", "price", "damaged", "rebate"}
    assert any(line.quantity == 0 for doc in notes for line in doc.lines)
    invoices = {doc.doc_id: len(doc.lines) for doc in _documents(books, names.INVOICE)}
    assert any(len(doc.lines) == invoices[doc.refers] > 1 for doc in notes)


def test_write_offs_are_small_and_large_and_correct_the_tax_of_a_bad_debt(books: Books) -> None:
    write_offs = _documents(books, names.WRITE_OFF)
    assert {doc.reason for doc in write_offs} == {"small-difference", "bank-charges", "unearned-discount", "bad-debt"}
    assert all(doc.taxes for doc in write_offs if doc.reason == "bad-debt")


def test_a_receipt_pays_several_invoices_one_pays_for_a_child_one_bounced_and_one_was_taken_back(books: Books) -> None:
    receipts = _documents(books, names.RECEIPT)
    assert max(len(doc.movements) for doc in receipts) >= 3
    allocations = _documents(books, names.ALLOCATION)
    assert [doc.customer for doc in allocations if doc.fact("payer") == "C0008"] == ["C0009"]
    assert sum(doc.fact("undoes") is True for doc in allocations) == 1
    reversed_ones = [doc.fact("reverses") for doc in _documents(books, names.REVERSAL)]
    assert [what for what in reversed_ones if what != "revaluation"] == ["receipt"]


def test_dollars_and_pounds_were_received_with_realised_differences(books: Books) -> None:
    account = books.master.company.accounts.fx
    receipts = _documents(books, names.RECEIPT)
    differing = {doc.currency for doc in receipts if any(other.account == account for other in doc.others)}
    assert differing == {"USD", "GBP"}


def test_entries_by_hand_move_items_beside_those_of_the_tool(books: Books) -> None:
    by_hand = [move for move in books.facts.moved if not move.doc_id]
    assert [move.movement.item for move in by_hand] == ["INV-2026-0066"]


# ---- guarded ------------------------------------------------------------------------------------------------------


def test_limits_are_permanent_temporary_insured_of_a_group_and_blocked(books: Books) -> None:
    limits = [(event.values[0], dict(event.extra).get("kind", "permanent")) for event in books.customs("o2c-limit")]
    assert {kind for _, kind in limits} == {"permanent", "temporary", "insured", "blocked"}
    assert ("RIVE-CLAIRE", "permanent") in limits


def test_one_order_over_the_limit_of_a_group_was_held_released_by_somebody_else_and_delivered(books: Books) -> None:
    events = [event for found in books.facts.events.values() for event in found]
    (held,) = (event for event in events if event.kind == "order-held" and ("reason", "credit") in event.extra)
    (released,) = (event for event in events if event.kind == "order-released" and event.subject == held.subject)
    assert (held.act.by, released.act.by) == ("anna", "petra")
    assert held.subject in {doc.refers for doc in _documents(books, names.DELIVERY)}


def test_what_was_lost_to_an_insolvency_took_a_second_person(books: Books) -> None:
    lost = [doc for doc in _documents(books, names.WRITE_OFF) if doc.reason == "bad-debt"]
    assert [(doc.fact("proposal"), doc.act.by) for doc in lost] == [("PR-2026-0004", "dirk"), ("PR-2026-0005", "dirk")]
    approvals = [(event.values[0], event.act.by) for event in books.customs("o2c-approval")]
    assert approvals == [("PR-2026-0004", "petra"), ("PR-2026-0005", "petra")]


def test_january_is_sealed_with_one_check_signed_off_february_closed_softly_and_march_open(books: Books) -> None:
    closes = [(event.values[0], event.values[2], "seal" in dict(event.extra)) for event in books.customs("o2c-close")]
    assert closes == [("2026-01", "closed", True), ("2026-02", "soft", False)]
    assert [event.values[:2] for event in books.customs("o2c-sign-off")] == [("2026-01", "bank-proof")]


# ---- the same again -----------------------------------------------------------------------------------------------


def test_the_story_told_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write_demo_books.write(tmp_path / "again")
    again, here = (write_demo_books.content(books) for books in (tmp_path / "again", TOP / "ledger"))
    assert list(again) == list(here)
    for name, content in again.items():
        assert content == here[name], f"ledger/{name} is not what the story says; see tools/write_demo_books.py"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="something else"):
        write_demo_books.main([str(tmp_path)])
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
