"""Sealed books, made once and copied for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.sealing.sealed_books import Sealed
from tests.model.sealing.sealed_books import make

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return make(tmp_path_factory.mktemp("sealed") / "books")


@pytest.fixture
def sealed(_ready: Sealed, tmp_path: Path) -> Sealed:
    """Books with January and February sealed on 2026-03-05."""
    return _ready.copy(tmp_path / "books")
