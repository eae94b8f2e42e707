"""Books with one of everything that a command can name, made once and copied for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The books themselves; a test takes a copy."""
    shop = new_shop(tmp_path_factory.mktemp("stocked") / "books")
    delivered(shop, 3)
    delivered(shop, 1, "US1")
    shop.did("invoice", "create", "SO-2026-0001")
    shop.did("invoice", "create", "SO-2026-0004")
    shop.did("receipt", "C1", "50.00 EUR")
    assert shop.order("{customer: C1, lines: [{sku: P-1, quantity: 10}]}", "--confirm").code == 0
    return shop


@pytest.fixture
def shop(stocked: Shop, tmp_path: Path) -> Shop:
    """Books for hostile input.

    INV-2026-0001 of C1 over 119.00 EUR and INV-2026-0002 of US1 over 120.00 USD are open, SO-2026-0002 and -0003 are
    delivered, SO-2026-0005 is confirmed; RC-2026-0001 is 50.00 EUR on account of C1.
    """
    return stocked.copy(tmp_path / "books")
