"""Books for the tests of reports: loaded by the real loader's steps, without a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from beancount.core import data
from beancount.parser import booking
from beancount.parser import parser

from o2c.books import Books

if TYPE_CHECKING:
    from collections.abc import Callable


def _books(text: str) -> Books:
    parsed, errors, options = parser.parse_string(text, dedent=True)
    assert not errors, errors
    parsed.sort(key=data.entry_sortkey)
    booked, errors = booking.book(parsed, options)
    assert not errors, errors
    return Books(Path("/no/such/folder"), parsed, booked, booked, (), options, {})


@pytest.fixture(scope="session")
def books() -> Callable[[str], Books]:
    """Make books from the text of a ledger; without master data, payees give the names."""
    return _books
