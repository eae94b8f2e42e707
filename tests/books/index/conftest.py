"""The demo books in a temporary folder, with their index, as if it had been made a while ago."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

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


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Let the index not wait until the disk has everything: these tests make thousands of them."""
    real = store._open

    def opened(path: Path) -> sqlite3.Connection:
        connection = real(path)
        connection.execute("pragma synchronous = off")
        return connection

    store._open = opened
    yield
    store._open = real
