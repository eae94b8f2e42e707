"""A small shop with two persons: ann works, bob approves, cora holds no role that approves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """
approvals:
  mode: two-persons
  since: 2026-03-01
  valid_days: 10
  kinds:
    write-off: {over: 100.00 EUR}
    credit-note: {over: 150.00 EUR}
    refund: {over: 50.00 EUR}
    manual-match: {over: 60.00 EUR}
    price-override: {over: 5.00 EUR}
users:
  ann: [orders, invoicing, cash]
  bob: [approvals]
  cora: [cash]
"""


def two_persons(shop: Shop, policy: str = POLICY) -> Shop:
    """Write the policy of two persons into the books of a shop."""
    file = shop.root / "master" / "policies.yaml"
    before = file.read_text()
    assert "approvals:\n  mode: single\n" in before
    file.write_text(before.replace("approvals:\n  mode: single\n", policy))
    return shop


@pytest.fixture(scope="session")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = two_persons(new_shop(tmp_path_factory.mktemp("ready") / "books"))
    delivered(shop, 3)
    for number in (1, 2, 3):
        shop.did("invoice", "create", f"SO-2026-000{number}")
    return shop


@pytest.fixture
def shop(_ready: Shop, tmp_path: Path) -> Shop:
    """Three open invoices of 119.00 EUR of C1; nobody may write off more than 100.00 EUR alone."""
    return _ready.copy(tmp_path / "books")
