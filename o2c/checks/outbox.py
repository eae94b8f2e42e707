"""Messages and the ledger agree: what a server took is noted, and no state of a message is damaged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from o2c.checks.evidence import Evidence

_FOLDER = "outbox"
#: What waits for a person; it is told, but it is not wrong.
_WAITING = ("uncertain", "refused")


class _Message(NamedTuple):
    """What the file of a message says: document, Message-ID, the last state, and whether the ledger was told."""

    path: Path
    document: str
    message_id: str
    state: str
    noted: bool


def outbox(evidence: Evidence) -> list[Finding]:
    """Find damaged states, messages whose bytes are gone, and messages sent that the ledger says nothing of."""
    findings = []
    for path in _files(evidence):
        read = _read(path)
        findings += [read] if isinstance(read, Finding) else list(_wrong(evidence, read))
    return findings


def covers(evidence: Evidence) -> str:
    """Say how many messages there are, and name those that wait for a person."""
    files = _files(evidence)
    read = [message for path in files if isinstance(message := _read(path), _Message)]
    waiting = [f"{one.path.stem} {one.state}" for one in read if one.state in _WAITING]
    said = f"{len(files):,} message{'' if len(files) == 1 else 's'}"
    return said + (f"; somebody must decide (`o2c outbox list`): {', '.join(waiting)}" if waiting else "")


def _files(evidence: Evidence) -> list[Path]:
    folder = evidence.root / _FOLDER
    return [path for path in evidence.files if path.parent == folder and path.suffix == ".json"]


def _read(path: Path) -> _Message | Finding:
    try:
        said: Any = json.loads(path.read_bytes())
        steps = said["steps"]
        state = str(steps[-1]["state"]) if steps else "queued"
        return _Message(path, str(said["document"]), str(said["message_id"]), state, bool(said["noted"]))
    except (OSError, ValueError, TypeError, LookupError) as error:
        message = (
            f"this state of a message cannot be read ({type(error).__name__}); take the file from a backup, or remove "
            "it when you know whether the message was sent"
        )
        return Finding("outbox", Source(str(path), 1), message)


def _wrong(evidence: Evidence, message: _Message) -> Iterable[Finding]:
    place = Source(str(message.path), 1)
    if message.state == "sent" and message.message_id not in _noted(evidence, message.document):
        gone = "was sent and noted, and the note is gone; take the entry back from git or a backup"
        not_yet = "was sent, and the ledger does not say so yet; `o2c outbox retry` posts the note"
        yield Finding("outbox", place, f"{message.document} {gone if message.noted else not_yet}")
    if message.state != "sent" and not message.path.with_suffix(".eml").is_file():
        yield Finding("outbox", place, "the message itself (.eml) is gone; take it from a backup")


def _noted(evidence: Evidence, document: str) -> set[str]:
    notes = evidence.books.facts.events.get(document, ())
    return {str(dict(note.extra).get("message-id")) for note in notes if note.kind == "sent"}
