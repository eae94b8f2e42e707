"""Books to post to, made once and copied for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import Shop
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return new_shop(tmp_path_factory.mktemp("empty") / "books")


@pytest.fixture
def shop(_empty: Shop, tmp_path: Path) -> Shop:
    """Books without entries."""
    return _empty.copy(tmp_path / "books")
