"""Documents as they were issued: the bytes lie in `documents/`, their hash in the ledger, and both must agree."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.model.documents import Event
    from o2c.model.facts import Facts
    from o2c.model.findings import Source

ISSUED = "issued"
FOLDER = "documents"


class Issued(NamedTuple):
    """What the ledger says about an issued document: its file (below the books) and the SHA-256 of its bytes."""

    number: str
    file: str
    sha256: str
    media: str
    source: Source


def issued(facts: Facts, number: str) -> Issued | None:
    """Find what was issued under a number; the first issue counts, for it is what the customer has."""
    events = [event for event in facts.events[number] if event.kind == ISSUED]
    return stated(events[0]) if events else None


def stated(event: Event) -> Issued:
    """Read what a note says was issued."""
    said = dict(event.extra)
    return Issued(event.subject, str(said["file"]), str(said["sha256"]), str(said["media"]), event.source)


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes as the ledger writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def stored_bytes(root: Path, document: Issued) -> bytes:
    """Read the bytes that were issued; raises Refused where they are gone, changed, or named outside the folder."""
    folder = (root / FOLDER).resolve()
    path = (root / document.file).resolve()
    if not path.is_relative_to(folder):
        raise Refused(f"{document.source}: {document.file} does not lie in {FOLDER}/; correct the note")
    try:
        content = path.read_bytes()
    except OSError as error:
        said = f"{path}: {document.number} was issued, but its file cannot be read ({error.strerror})"
        raise Refused(f"{said}; take it from a backup") from error
    if digest(content) != document.sha256:
        raise Refused(
            f"{path}: this is not what was issued as {document.number} ({document.source} says {document.sha256}, "
            f"the file is {digest(content)}); take the file from a backup"
        )
    return content
