"""The one door in: the books as Beancount loads them, and as they would be with more entries."""

from __future__ import annotations

from o2c.books.index.books import note_loaded
from o2c.books.index.books import opened
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.books.loaded import Books
from o2c.books.loaded import Stamp
from o2c.books.loaded import load
from o2c.books.loaded import no_collection
from o2c.books.loaded import preview
from o2c.books.loaded import stamp

__all__ = ["MAIN", "NEW", "Books", "Stamp", "load", "no_collection", "note_loaded", "opened", "preview", "stamp"]
