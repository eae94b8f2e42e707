"""Making a close pack: all its files, as bytes, before anything is written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from o2c.closing.pack.book import BOOK
from o2c.closing.pack.book import book
from o2c.closing.pack.book import filled
from o2c.closing.pack.books_then import books_then
from o2c.closing.pack.letters import letters
from o2c.closing.pack.sample import sample
from o2c.closing.pack.sealed import sealed
from o2c.closing.pack.sections import sections
from o2c.closing.pack.workbook import WORKBOOK
from o2c.closing.pack.workbook import workbook
from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.master.company import Company

INDEX = "index.html"


def make(books: Books, asked: Asked) -> dict[str, bytes]:
    """Make the files of a pack by their names: the index, the book, the workbook, and the letters.

    Books and day alone decide the bytes. All tables but the subsequent receipts come from entries dated up to the end
    of the month, so a later pack has the same. Raises Refused for a month that is not over, and, unless a draft is
    asked for, for one that is not sealed or not as sealed; BooksBroken for books with errors.
    """
    last = asked.period.last
    if asked.day <= last:
        raise Refused(
            f"{asked.period.name} ends on {last} and is not over on {asked.day}; make its pack on a later day"
        )
    if not asked.draft:
        books.require_clean()
    seal = sealed(books, asked)
    then = books_then(books, last)
    drawn = sample(then, asked)
    written = letters(then, asked, drawn)
    made = sections(books, then, asked, seal, drawn, written)
    root, company = then.root, then.master.company
    del books, then  # drawing needs memory; who holds large books no longer has them here
    files = {BOOK: book(root, company, asked, seal, made), WORKBOOK: workbook(asked, made), **written.files}
    return {INDEX: _index(root, company, asked, files, [section.title for section in made]), **files}


def _index(root: Path, company: Company, asked: Asked, files: Mapping[str, bytes], titles: list[str]) -> bytes:
    listed = [(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()]
    shown = {"company": company, "asked": asked, "files": listed, "titles": titles}
    return filled(root, "pack/index.html", shown).encode()
