"""Opens books as commands do: through their index, or loaded whole where that cannot be."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.index.books import IndexedBooks
from o2c.books.loaded import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books.loaded import Books


class _State:
    """Whether this process still uses the index; it stops when the index turned out to be damaged."""

    abandoned = False


@contextmanager
def abandoned() -> Iterator[None]:
    """Do without the index for a while: the books are loaded whole, and the damaged file is removed."""
    _State.abandoned = True
    try:
        yield
    finally:
        _State.abandoned = False


def opened(root: Path) -> Books:
    """Open the books through their index; loaded whole where the index cannot hold them or cannot be written.

    Raises NotFound when the folder holds no `main.beancount`.
    """
    books = indexed(root) if (root / MAIN).is_file() else None
    if books is None:
        from o2c.books.loading import load

        return load(root)
    return books if books.is_booked else books.whole


def indexed(root: Path) -> IndexedBooks | None:
    """Open the index of these books, up to date; None where it cannot hold them or cannot be written."""
    if _State.abandoned:
        store.path_of(root).unlink(missing_ok=True)
        return None
    try:
        connection = sync.opened(root)
    except (sqlite3.Error, OSError):
        return None
    unfit = connection.execute("select count(*) from file where not fit or errors > 0").fetchone()[0]
    if unfit:
        connection.close()
        return None
    return IndexedBooks(root, connection)


def note_loaded(loaded: Books) -> None:
    """Let the index of these books know what a full load has found."""
    books = indexed(loaded.root)
    if books is not None:
        books.note_loaded(loaded)
