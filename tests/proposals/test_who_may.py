"""Who may approve, what is approved, and for how long (fault F36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.proposals.ask import FIRST
from tests.proposals.ask import bob
from tests.proposals.ask import edit
from tests.proposals.ask import file_of
from tests.proposals.ask import proposed

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

ITEM = "INV-2026-0001"


def test_the_preparer_cannot_approve_even_with_the_role(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("ann: [orders", "ann: [approvals, orders"))
    proposed(shop.root, ITEM)
    said = shop.refused("proposal", "approve", FIRST)
    assert "ann prepared it; another person must approve; nothing was approved" in said


def test_an_unknown_person_cannot_approve(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    said = shop.refused("--user", "mallory", "proposal", "approve", FIRST)
    assert "mallory is not among the users of policies.yaml" in said


def test_a_person_without_the_role_cannot_approve(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    said = shop.refused("--user", "cora", "proposal", "approve", FIRST)
    assert "cora does not hold the role approvals" in said


def test_one_cent_after_the_approval_voids_it(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    edit(shop, "-119.00 EUR", "-118.99 EUR")
    edit(shop, "tax-base: 100.00 EUR", "tax-base: 99.99 EUR")
    edit(shop, "100.00 EUR\n", "99.99 EUR\n")
    said = shop.refused("proposal", "post", FIRST)
    assert "the approval by bob is void: the content changed after it was approved" in said
    assert "another person with the role approvals runs `o2c proposal approve PR-2026-0001`" in said
    shown = shop.did("proposal", "show", FIRST)
    assert "void: the content changed after it was approved" in shown
    assert "edited:" in shown


@pytest.mark.parametrize(("day", "code"), [("2026-03-12", 0), ("2026-03-13", 1)])
def test_an_approval_is_good_on_its_last_day_and_not_on_the_next(shop: Shop, day: str, code: int) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    answer = shop.run("--today", day, "proposal", "post", FIRST)
    assert answer.code == code
    assert ("it expired: it is dated 2026-03-02 and good for 10 days" in answer.err) == bool(code)


def test_an_expired_approval_can_be_given_again(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    bob(shop, "--today", "2026-03-20", "proposal", "approve", FIRST)
    shop.did("--today", "2026-03-20", "proposal", "post", FIRST)
    shop.did("check", "approvals")


def test_an_approval_written_by_hand_by_the_preparer_is_void(shop: Shop) -> None:
    made = proposed(shop.root, ITEM)
    text = f'\n2026-03-02 custom "o2c-approval" "{FIRST}" "{made.hash}"\n  subject: "{FIRST}"\n  by: "ann"\n'
    (shop.root / "manual" / "approvals.beancount").write_text(text)
    assert "the approval by ann is void: ann does not hold the role" in shop.refused("proposal", "post", FIRST)


def test_the_head_of_a_proposal_cannot_say_that_it_needs_no_approval(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    edit(shop, '  approval: "write-off"\n', "")
    assert "PR-2026-0001 needs approval" in shop.refused("proposal", "post", FIRST)


def test_the_approver_can_name_the_hash_that_was_seen(shop: Shop) -> None:
    seen = proposed(shop.root, ITEM).hash
    edit(shop, "they will never pay", "they may never pay")
    said = shop.refused("--user", "bob", "proposal", "approve", FIRST, "--hash", seen)
    assert "is not what you saw: its hash is sha256:" in said


def test_approving_twice_on_one_day_writes_once(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    after = shop.files()
    assert bob(shop, "proposal", "approve", FIRST) == "nothing to do\n"
    assert shop.files() == after


def test_what_was_posted_and_then_edited_in_its_proposal_is_a_conflict(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    edit(shop, "Write-off NEW-1: INV-2026-0001", "Write-off NEW-1: something else")
    assert "line 1 was posted with other content" in shop.refused("proposal", "post", FIRST)
    assert file_of(shop).exists()


def test_the_head_of_a_proposal_cannot_choose_an_easier_approver(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    text = policies.read_text().replace("refund: {over: 50.00 EUR}", "refund: {over: 50.00 EUR, role: cash}")
    policies.write_text(text)
    proposed(shop.root, ITEM)
    edit(shop, 'approval: "write-off"', 'approval: "refund"')
    assert "cora does not hold the role approvals" in shop.refused("--user", "cora", "proposal", "approve", FIRST)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
