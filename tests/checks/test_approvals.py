"""The checks `approvals` and `duties`: what needed a second person has one; who did two things that two should do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop
from tests.proposals.ask import FIRST
from tests.proposals.ask import WRITE_OFF
from tests.proposals.ask import bob
from tests.proposals.ask import edit
from tests.proposals.ask import file_of
from tests.proposals.conftest import two_persons

if TYPE_CHECKING:
    from pathlib import Path

#: A write-off as somebody writes it by hand, around the rule.
BY_HAND = """
2026-03-03 * "Acme" "Gone"
  doc-type: "write-off"
  doc-id: "WO-2026-0001"
  customer: "C1"
  currency: "EUR"
  by: "ann"
  Assets:AR:C1                 -119.00 EUR
    item: "INV-2026-0002"
  Expenses:Bad-Debt             119.00 EUR
"""


@pytest.fixture(scope="module")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = two_persons(new_shop(tmp_path_factory.mktemp("ready") / "books"))
    delivered(shop, 2)
    for number in (1, 2):
        shop.did("invoice", "create", f"SO-2026-000{number}")
    return shop


@pytest.fixture
def shop(_ready: Shop, tmp_path: Path) -> Shop:
    return _ready.copy(tmp_path / "books")


def _found(shop: Shop, check: str = "approvals") -> str:
    answer = shop.run("check", check)
    assert answer.code == 1, answer
    return answer.out


def _posted(shop: Shop) -> None:
    shop.run(*WRITE_OFF)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)


def test_posted_after_approval_is_fine(shop: Shop) -> None:
    _posted(shop)
    assert shop.did("check", "approvals").startswith("ok   approvals  1 entry of write-off, credit-note")


def test_an_entry_by_hand_over_the_amount_is_found_at_its_line(shop: Shop) -> None:
    (shop.root / "manual" / "around.beancount").write_text(BY_HAND)
    said = _found(shop)
    assert "around.beancount:2: write-off WO-2026-0001 needs approval by approvals" in said
    assert "nobody approved it" in said


def test_an_entry_by_hand_can_be_approved_afterwards_by_another_person(shop: Shop) -> None:
    (shop.root / "manual" / "around.beancount").write_text(BY_HAND)
    assert "ann does not hold the role" in shop.refused("proposal", "approve", "WO-2026-0001")
    bob(shop, "proposal", "approve", "WO-2026-0001")
    shop.did("check", "approvals")
    assert bob(shop, "proposal", "approve", "WO-2026-0001") == "nothing to do\n"


def test_a_cent_changed_after_the_second_look_is_found(shop: Shop) -> None:
    file = shop.root / "manual" / "around.beancount"
    file.write_text(BY_HAND)
    bob(shop, "proposal", "approve", "WO-2026-0001")
    file.write_text(BY_HAND.replace("119.00", "118.99"))
    assert "WO-2026-0001 needs approval" in _found(shop)


def test_an_entry_that_is_no_longer_what_was_approved_is_found(shop: Shop) -> None:
    _posted(shop)
    text = shop.journal.read_text()
    changed = text.replace('reason: "bad-debt"', 'reason: "small-difference"')
    assert changed != text
    shop.journal.write_text(changed)
    assert f"it is not what {FIRST} says" in _found(shop)


def test_a_proposal_edited_after_it_was_posted_is_found(shop: Shop) -> None:
    _posted(shop)
    edit(shop, 'summary: "', 'summary: "other ')
    assert "the approval is void: the content changed after it was approved" in _found(shop)


def test_a_proposal_that_is_gone_is_found(shop: Shop) -> None:
    _posted(shop)
    file_of(shop).unlink()
    assert "its proposal cannot be read" in _found(shop)


def test_an_entry_that_only_claims_a_proposal_is_found(shop: Shop) -> None:
    _posted(shop)
    claimed = BY_HAND.replace("WO-2026-0001", "WO-2026-0002").replace(
        '  by: "ann"', f'  proposal: "{FIRST}"\n  approved-by: "bob"\n  by: "ann"\n  key: "{FIRST}/1"'
    )
    (shop.root / "manual" / "around.beancount").write_text(claimed)
    assert (
        f"WO-2026-0002 needs approval by approvals, with what was done for C1 in 2026-03: it is not what {FIRST}"
        in (_found(shop))
    )


def test_small_entries_by_hand_are_summed_and_only_those_beyond_are_named(shop: Shop) -> None:
    parts = ""
    for number, amount in ((1, "60.00"), (2, "40.00"), (3, "0.01")):
        parts += BY_HAND.replace("119.00", amount).replace("WO-2026-0001", f"WO-2026-000{number}")
    (shop.root / "manual" / "around.beancount").write_text(parts)
    said = _found(shop)
    assert "WO-2026-0003 needs approval" in said
    assert "WO-2026-0001" not in said
    assert "WO-2026-0002" not in said


def test_an_approver_who_is_no_longer_a_user_is_named(shop: Shop) -> None:
    _posted(shop)
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("  bob: [approvals]\n", ""))
    assert "bob is not among the users of policies.yaml" in _found(shop)


def test_without_a_policy_the_check_says_that_nothing_is_separated(tmp_path: Path) -> None:
    shop = two_persons(new_shop(tmp_path / "books"), "")
    assert "not separated: policies.yaml names nothing" in shop.did("check", "approvals")


def test_duties_in_one_hand_are_said_and_do_not_fail_the_check(shop: Shop) -> None:
    said = shop.did("check", "duties")
    assert "not separated: ann did order and delivery 2 times" in said
    assert "ann did invoicing and cash (role invoicing, role cash)" in said


def test_duties_in_one_hand_fail_the_check_where_the_policy_wants_it(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("valid_days: 10", "valid_days: 10\n  duties: error"))
    said = _found(shop, "duties")
    assert "duties not separated: ann did order and delivery 2 times" in said
    assert "policies.yaml:1: duties not separated: ann did invoicing and cash" in said


def test_two_persons_are_separated(shop: Shop) -> None:
    shop.did("--user", "bob", "credit-note", "create", "INV-2026-0001", "--reason", "return", "--line", "1=1")
    assert "credit-note" not in shop.did("check", "duties")
    shop.did("credit-note", "create", "INV-2026-0001", "--reason", "return", "--line", "1=1")
    assert "ann did invoice and credit-note (INV-2026-0001, CN-2026-0002)" in shop.did("check", "duties")
