"""Money is applied by the reference that stands on the transfer, as on the invoice; never where it is not unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.model.creditor_reference import creditor_reference
from o2c.model.creditor_reference import creditor_references
from o2c.model.creditor_reference import printed
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path

FIRST = creditor_reference("INV-2026-0001")


@pytest.fixture(scope="module")
def _invoiced(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = new_shop(tmp_path_factory.mktemp("invoiced") / "books")
    delivered(made, 2)
    made.did("invoice", "run")
    return made


@pytest.fixture
def shop(_invoiced: Shop, tmp_path: Path) -> Shop:
    """Two open invoices of 119.00 EUR to C1."""
    return _invoiced.copy(tmp_path / "books")


def test_a_receipt_is_applied_by_the_reference_as_the_customer_wrote_it(shop: Shop) -> None:
    remittance = f"Rechnung {printed(FIRST).lower()} danke"
    (reference,) = creditor_references(remittance)
    apply = ("receipt", "C1", "119.00", "EUR", "--ref", remittance, "--apply", printed(reference), "--key", "K1")
    shop.did(*apply)
    assert "INV-2026-0001" not in shop.did("report", "open-items")
    before = shop.files()
    shop.did(*apply)
    assert shop.files() == before, "the same command with the same key writes nothing, though the invoice is settled"


def test_a_credit_is_allocated_by_the_reference_of_the_invoice(shop: Shop) -> None:
    shop.did("receipt", "C1", "119.00", "EUR")
    shop.did("allocate", "RC-2026-0001", FIRST)
    assert "INV-2026-0001" not in shop.did("report", "open-items")


@pytest.mark.parametrize(
    ("customer", "reference", "said"),
    [
        ("C1", creditor_reference("INV-2026-0009"), "no invoice of C1 carries the reference"),
        ("C2", FIRST, "no invoice of C2 carries the reference"),
        ("C1", FIRST[:-1] + "7", "RF16INV20260007"),
    ],
)
def test_a_reference_that_nobody_carries_is_refused(shop: Shop, customer: str, reference: str, said: str) -> None:
    assert said in shop.refused("receipt", customer, "119.00", "EUR", "--apply", reference)


def test_a_reference_that_two_invoices_share_is_refused_with_both_names(shop: Shop) -> None:
    journal = shop.journal.read_text()
    assert "INV-2026-0002" in journal
    shop.journal.write_text(journal.replace("INV-2026-0002", "INV-20260001"))
    said = shop.refused("receipt", "C1", "119.00", "EUR", "--apply", FIRST)
    assert f"{FIRST} stands on INV-2026-0001, INV-20260001" in said
