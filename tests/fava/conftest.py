"""The demonstration books in Fava."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.starting import start_demo
from tests.fava.fava_pages import Site
from tests.fava.fava_pages import site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo books, January to March 2026; nobody writes into them."""
    root = tmp_path_factory.mktemp("fava") / "books"
    start_demo(root)
    return site(root)


@pytest.fixture
def own_books(tmp_path: Path) -> Path:
    """A copy of the demo books that a test may change."""
    root = tmp_path / "books"
    start_demo(root)
    return root
