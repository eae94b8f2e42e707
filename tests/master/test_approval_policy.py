"""The section `approvals` of policies.yaml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount

from o2c import master
from o2c.errors import BooksBroken
from o2c.model.approvals import Need
from tests.faults.small_shop import new_shop
from tests.proposals.conftest import POLICY
from tests.proposals.conftest import two_persons

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master.approval_policy import ApprovalPolicy


def _policy(tmp_path: Path, text: str) -> ApprovalPolicy:
    return master.load(two_persons(new_shop(tmp_path / "books"), text).root).policies.approvals


def test_every_kind_has_its_amount_and_role(tmp_path: Path) -> None:
    text = POLICY.replace("{over: 50.00 EUR}", "{over: 50.00 EUR, role: treasury}").replace(
        "  kinds:", "  kinds:\n    reopen: {}"
    )
    policy = _policy(tmp_path, text)
    assert policy.since == date(2026, 3, 1)
    assert policy.valid_days == 10
    assert policy.asked["refund"] == Need("refund", "treasury", Amount(Decimal("50.00"), "EUR"))
    assert policy.asked["reopen"] == Need("reopen", "approvals", None)
    assert "limit" not in policy.asked


def test_without_the_section_nothing_needs_a_second_person(tmp_path: Path) -> None:
    assert _policy(tmp_path, "").asked == {}


def test_in_the_single_mode_nothing_waits(tmp_path: Path) -> None:
    policy = _policy(tmp_path, POLICY.replace("two-persons", "single"))
    assert policy.is_single
    assert policy.asked == {}
    assert "write-off" in policy.needs


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("mode: two-persons", "mode: three", "mode"),
        ("since: 2026-03-01", "since: soon", "since"),
        ("valid_days: 10", "valid_days: -1", "valid_days"),
        ("write-off:", "writeoff:", "kinds has no field `writeoff`; did you mean `write-off`?"),
        ("{over: 100.00 EUR}", "{over: -1 EUR}", "is below zero"),
        ("{over: 100.00 EUR}", "{over: 100.00 USD}", "write-off: sums are compared in EUR, the currency of the books"),
        ("{over: 100.00 EUR}", "{above: 100.00 EUR}", "above"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in POLICY
    with pytest.raises(BooksBroken) as broken:
        _policy(tmp_path, POLICY.replace(before, after, 1))
    assert said in str(broken.value)
    assert "policies.yaml:" in str(broken.value)
