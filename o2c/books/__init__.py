"""The one door in: the books as Beancount loads them, and as they would be with more entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.books.index.opening import note_loaded
from o2c.books.index.opening import opened
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.books.loaded import Books
from o2c.books.loaded import Stamp
from o2c.books.loaded import stamp
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from pathlib import Path

    from beancount.core.data import Directive


def load(root: Path) -> Books:
    """Load the books in a folder whole; see `books.loading.load`, which most commands never need."""
    from o2c.books import loading

    return loading.load(root)


def preview(books: Books, text: str, lines_before: int = 0) -> tuple[Books, list[Directive]]:
    """Show loaded books as they would be with more text; see `books.loading.preview`."""
    from o2c.books import loading

    return loading.preview(books, text, lines_before)


__all__ = ["MAIN", "NEW", "Books", "Stamp", "load", "no_collection", "note_loaded", "opened", "preview", "stamp"]
