"""The books as if nothing had been entered for the days after one: what a pack shows must not change later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.books import Books

if TYPE_CHECKING:
    from datetime import date as Date


def books_then(books: Books, last: Date) -> Books:
    """Give loaded books with only the entries dated up to and with a day; master data are those of today."""
    cut = Books(
        books.root,
        [entry for entry in books.parsed if entry.date <= last],
        [entry for entry in books.booked if entry.date <= last],
        [entry for entry in books.entries if entry.date <= last],
        books.errors,
        books.options,
        books.stamps,
    )
    cut.__dict__["master"] = books.master
    return cut
