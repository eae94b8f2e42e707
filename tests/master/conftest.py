"""Books that have nothing but the demonstration company's master data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

LEDGER = Path(__file__).parents[2] / "ledger"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a copy of the demonstration master data, to be changed at will."""
    shutil.copytree(LEDGER / "master", tmp_path / "books" / "master")
    return tmp_path / "books"
