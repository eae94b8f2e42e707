"""The demo books in a temporary folder, with their index, as if it had been made a while ago."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from o2c import books as door

DEMO = Path(__file__).parents[3] / "ledger"


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("indexed") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    door.note_loaded(door.load(root))
    return root


@pytest.fixture
def root(indexed: Path, tmp_path: Path) -> Path:
    """The folder of the books."""
    shutil.copytree(indexed, tmp_path / "books")
    return tmp_path / "books"
