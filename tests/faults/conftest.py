"""Books with something to invoice and something to pay, made once and copied for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = new_shop(tmp_path_factory.mktemp("ready") / "books")
    delivered(shop, 2)
    shop.did("invoice", "create", "SO-2026-0001")
    return shop


@pytest.fixture
def shop(_ready: Shop, tmp_path: Path) -> Shop:
    """Two orders of 119.00 EUR: INV-2026-0001 is open, SO-2026-0002 is delivered and not invoiced."""
    return _ready.copy(tmp_path / "books")
