"""What the tests of importing share: small files, profiles, books, and the command line as a user calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.importing import profile_files
from o2c.importing.reading_in import read_in
from o2c.starting import start_empty

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.importing.imported import Imported

HISTORY = """
kind: history
columns: {number: No, customer: Cust, date: Date, due: Due, amount: Amount, settled: Paid, disputed: Disputed}
optional: [due, settled, disputed]
disputed: ["yes"]
undisputed: ["no"]
currency: EUR
"""


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and give its path."""

    def write(text: str | bytes, name: str = "in.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def imported(text_file: Callable[..., Path]) -> Callable[..., Imported]:
    """Read a small file by a small profile."""

    def read(
        text: str, profile: str = HISTORY, command: str = "history", currency: str = "", **known: tuple[str, ...]
    ) -> Imported:
        parsed = profile_files.parse("test", profile.encode(), "test.yaml")
        return read_in(text_file(text), parsed, command, currency=currency, known=known)

    return read


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Make empty books."""
    root = tmp_path / "books"
    start_empty(root)
    return root
