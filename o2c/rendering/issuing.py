"""Issues documents: the bytes are stored first, then a note in the ledger says so, with their hash (rule R2).

What the ledger does not say was issued does not count: a run that is stopped between the two is simply run again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import posting
from o2c.errors import Refused
from o2c.master.lock import writer_lock
from o2c.model import names
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.text import identifier
from o2c.posting import replace
from o2c.rendering.stored import FOLDER
from o2c.rendering.stored import ISSUED
from o2c.rendering.stored import digest
from o2c.rendering.stored import issued

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.posting import Posted

PDF = "application/pdf"
#: Seconds to wait for another command that is storing its documents.
_PATIENCE = 60.0


def issue(root: Path, drawn: Mapping[str, bytes], act: Act, day: date) -> Posted:
    """Store documents (number to PDF bytes) and note them in the ledger; what was issued before stays as it is.

    Raises Refused where another file already lies in the place of a document that the ledger says nothing of.
    """

    def compose(books: Books) -> list[Event]:
        return [
            _note(books, number, content, act, day)
            for number, content in drawn.items()
            if issued(books.facts, number) is None
        ]

    (root / FOLDER).mkdir(exist_ok=True)
    with writer_lock(root, _PATIENCE, "documents-lock"):
        replace.remove_leftovers(root / FOLDER)
        for number, content in drawn.items():
            _store(root, number, content)
        return posting.post(root, compose, act, about=list(drawn))


def file_of(number: str) -> str:
    """Name the file of a document, below the books' folder; numbers pass the gate of identifiers (danger D44)."""
    return f"{FOLDER}/{identifier(number, 'number')}.pdf"


def _store(root: Path, number: str, content: bytes) -> None:
    path = root / file_of(number)
    there = replace.current(path)
    if there is None:
        replace.replace(path, expected=None, content=content)
    elif there != content:
        raise Refused(f"{path}: another file lies here, and the ledger does not say that it was issued; move it away")


def _note(books: Books, number: str, content: bytes, act: Act, day: date) -> Event:
    doc = books.facts.document(number)
    return Event(
        kind=ISSUED,
        date=max(day, doc.date),
        subject=number,
        customer=doc.customer,
        act=act._replace(key="", request=""),
        account=names.receivable(doc.customer),
        comment="Issued",
        links=frozenset({number}),
        extra=extra(file=file_of(number), sha256=digest(content), media=PDF),
    )
