"""Every scenario starts with the books of a small company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.books import Story

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Make books and the means to run commands on them."""
    return Story(tmp_path / "books")
