"""Cut files, receipts entered twice, customers nobody knows (dangers D13, D14)."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from beancount import loader

from o2c import checks
from o2c import master
from o2c.shipped import DEMO_LEDGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Said = Callable[[str], list[str]]


def test_a_transaction_cut_after_its_head_is_found(journal: Path, main: Path, said: Said) -> None:
    text = journal.read_text()
    journal.write_text(text[: text.index('  doc-type: "receipt"')])
    assert loader.load_file(str(main))[1] == []
    (message,) = said("truncation")
    assert "has no postings" in message


def test_a_document_cut_in_its_metadata_is_found(journal: Path, said: Said) -> None:
    text = journal.read_text()
    journal.write_text(text[: text.index("  Assets:Bank")])
    assert "has no postings" in said("truncation")[0]


def test_an_invoice_that_moves_no_customer_is_found(journal: Path, said: Said) -> None:
    journal.write_text(
        journal.read_text() + '\n2026-01-30 * "cut"\n  doc-type: "invoice"\n  doc-id: "I"\n  Assets:Bank  0.00 EUR\n'
    )
    (message,) = said("truncation")
    assert "moves no customer's account" in message


def test_a_missing_line_end_is_only_a_remark(journal: Path, root: Path) -> None:
    journal.write_text(journal.read_text().rstrip("\n"))
    (result,) = checks.run(checks.gather(root), ["truncation"])
    assert result.ok
    assert result.covers == "2 transactions; no line end after the last line of 2026-01.beancount"


def again(journal: Path, old: str = "", new: str = "") -> str:
    text = journal.read_text()
    receipt = text[text.index("2026-01-20") :].replace("RC-2026-0001", "RC-2026-0002")
    return text + "\n" + receipt.replace(old, new)


def test_a_receipt_entered_twice_is_found(journal: Path, said: Said) -> None:
    journal.write_text(again(journal))
    (message,) = said("duplicates")
    assert message.startswith("RC-2026-0002 looks like RC-2026-0001 at ")


@pytest.mark.parametrize(
    ("old", "new"),
    [("SEPA 1", "SEPA 2"), ("2026-01-20", "2026-01-21"), ("100.00", "99.00"), ('  reference: "SEPA 1"\n', "")],
)
def test_twins_that_differ_are_two_receipts(journal: Path, said: Said, old: str, new: str) -> None:
    journal.write_text(again(journal, old, new))
    assert said("duplicates") == []


def test_two_receipts_without_a_reference_may_be_alike(journal: Path, said: Said) -> None:
    journal.write_text(again(journal).replace('  reference: "SEPA 1"\n', ""))
    assert said("duplicates") == []


def test_a_double_receipt_that_was_reversed_is_right(journal: Path, said: Said) -> None:
    head = '\n2026-01-21 * "undo"\n  doc-type: "reversal"\n  doc-id: "RV-1"\n'
    undo = head + '  refers: "RC-2026-0002"\n  Assets:Bank  0.00 EUR\n'
    journal.write_text(again(journal) + undo)
    assert said("duplicates") == []


def test_every_error_of_the_loader_is_a_finding(main: Path, said: Said) -> None:
    main.write_text(main.read_text() + "2026-02-01 balance Assets:Bank  1.00 EUR\n2026-02-01 close Assets:Nowhere\n")
    assert len(said("loads")) >= 2


def test_master_data_that_do_not_load_are_found(root: Path, said: Said) -> None:
    (root / "master").mkdir()
    (root / "master" / "customers.yaml").write_text("customers: [\n")
    assert said("master")


def test_a_customer_with_an_account_must_be_in_the_master_data(root: Path, main: Path, said: Said) -> None:
    shutil.copytree(DEMO_LEDGER / "master", root / "master")
    assert said("master") == [
        "customer C1 has an account here, but is not in master/customers.yaml; `o2c customer add` it"
    ]
    known = next(iter(master.load(root).customers))
    for path in (main, *root.glob("journal/*")):
        path.write_text(path.read_text().replace(":C1", f":{known}"))
    assert said("master") == []
