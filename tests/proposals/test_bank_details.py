"""The IBANs of a customer need the approval of exactly these before money goes back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import new_shop
from tests.proposals.conftest import POLICY
from tests.proposals.conftest import two_persons

if TYPE_CHECKING:
    from pathlib import Path

OLD = "DE89370400440532013000"
NEW = "DE38200505500358531912"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Acme has an IBAN and a credit of 40.00 EUR; bank details need a second person."""
    shop = two_persons(new_shop(tmp_path / "books"), POLICY.replace("  kinds:", "  kinds:\n    bank-detail: {}"))
    shop.did("customer", "edit", "C1", "--set", f"ibans={OLD}")
    shop.did("receipt", "C1", "40.00 EUR")
    return shop


def test_no_refund_before_the_bank_details_are_approved(shop: Shop) -> None:
    said = shop.refused("refund", "RC-2026-0001", "10.00 EUR")
    assert "customers.yaml:2: the bank details of C1 are not approved: nobody approved them" in said
    assert "o2c customer approve C1" in said
    shop.did("--user", "bob", "customer", "approve", "C1")
    shop.did("refund", "RC-2026-0001", "10.00 EUR")
    shop.did("check")


def test_a_changed_iban_voids_the_approval_and_is_found_by_the_check(shop: Shop) -> None:
    shop.did("--user", "bob", "customer", "approve", "C1")
    answer = shop.run("customer", "edit", "C1", "--set", f"ibans={NEW}")
    assert answer.code == 0
    assert "the bank details of C1 wait for `o2c customer approve C1` by another person" in answer.err
    assert "the content changed after it was approved" in shop.refused("refund", "RC-2026-0001", "10.00 EUR")
    checked = shop.run("check", "approvals")
    assert checked.code == 1
    assert "customers.yaml:2: the bank details of C1 are not approved" in checked.out


def test_the_old_iban_back_again_is_approved_still_and_the_order_of_ibans_does_not_matter(shop: Shop) -> None:
    shop.did("customer", "edit", "C1", "--set", f"ibans={OLD},{NEW}")
    shop.did("--user", "bob", "customer", "approve", "C1")
    shop.did("customer", "edit", "C1", "--set", f"ibans={NEW},{OLD}")
    shop.did("check", "approvals")


def test_other_fields_of_the_customer_do_not_matter(shop: Shop) -> None:
    shop.did("--user", "bob", "customer", "approve", "C1")
    answer = shop.run("customer", "edit", "C1", "--set", "address.city=Bremen")
    assert (answer.code, answer.err) == (0, "")
    shop.did("check", "approvals")


def test_approving_needs_the_role_and_something_to_approve(shop: Shop) -> None:
    assert "ann does not hold the role approvals" in shop.refused("customer", "approve", "C1")
    assert "C2 has no bank details to approve" in shop.refused("--user", "bob", "customer", "approve", "C2")
    assert "there is no customer C9" in shop.refused("--user", "bob", "customer", "approve", "C9")


def test_approving_twice_writes_once(shop: Shop) -> None:
    shop.did("--user", "bob", "customer", "approve", "C1")
    assert shop.did("--user", "bob", "customer", "approve", "C1") == "nothing to do\n"


def test_where_the_policy_does_not_ask_nothing_is_refused_and_nothing_found(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("    bank-detail: {}\n", ""))
    shop.did("refund", "RC-2026-0001", "10.00 EUR")
    shop.did("check", "approvals")
