"""What customers received lies in documents/ as it was issued, byte for byte; `o2c document verify` looks inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.books.stored import FOLDER
from o2c.books.stored import ISSUED
from o2c.books.stored import stated
from o2c.books.stored import stored_bytes
from o2c.errors import Refused
from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.books.stored import Issued
    from o2c.checks.evidence import Evidence


def issued(evidence: Evidence) -> list[Finding]:
    """Compare each file with the hash in its note, and find files that no note speaks of."""
    return [*_changed(evidence), *_unspoken(evidence)]


def covers(evidence: Evidence) -> str:
    """Say how many documents were issued."""
    count = len(_notes(evidence))
    return f"{count:,} issued document{'' if count == 1 else 's'}"


def _changed(evidence: Evidence) -> Iterable[Finding]:
    for note in _notes(evidence):
        try:
            stored_bytes(evidence.root, note)
        except Refused as refusal:
            yield Finding("issued", note.source, str(refusal))


def _unspoken(evidence: Evidence) -> Iterable[Finding]:
    """Find files without a note: of a command that was stopped, or put there by hand. Nobody may send them."""
    folder = evidence.root / FOLDER
    known = {note.file for note in _notes(evidence)}
    for path in evidence.files:
        if path.suffix == ".pdf" and path.is_relative_to(folder):
            name = path.relative_to(evidence.root).as_posix()
            if name not in known:
                said = f"the ledger does not say that this was issued; `o2c document render {path.stem}` or delete it"
                yield Finding("issued", Source(str(path), 1), said)


def _notes(evidence: Evidence) -> list[Issued]:
    events = evidence.books.facts.events.values()
    return [stated(event) for notes in events for event in notes if event.kind == ISSUED]
