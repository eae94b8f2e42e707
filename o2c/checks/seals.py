"""Sealed periods are as they were sealed, and no leaf file lies about that no entry names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.sealing import proving
from o2c.model.sealing import seals as known

if TYPE_CHECKING:
    from o2c.checks.evidence import Evidence


_NOTHING = "no period is sealed"


def seals(evidence: Evidence) -> list[Finding]:
    """Compare every entry of every sealed period with what was sealed."""
    return list(_proof(evidence, quick=False).findings)


def covers(evidence: Evidence) -> str:
    """Say how much is sealed."""
    held = _proof(evidence, quick=True).seals
    entries = sum(
        int(str(one.close.event_fact("count"))) for one in held if str(one.close.event_fact("count")).isdigit()
    )
    return f"{len(held)} period{'s' if len(held) > 1 else ''} sealed, {entries:,} entries" if held else _NOTHING


def _proof(evidence: Evidence, *, quick: bool) -> proving.Proof:
    return proving.prove(evidence.books.booked, evidence.books.options, quick=quick)


def unnamed(evidence: Evidence) -> list[Finding]:
    """Find leaf files that no close names: of a seal that was interrupted, or whose entry somebody removed."""
    if evidence.loaded is None:
        return []
    named = {str(close.event_fact("file")) for close in known.ever(known.customs(evidence.books.booked))}
    message = (
        "no entry of the books names this list of a seal: if a close entry was removed, restore it from git; "
        "if `o2c close seal` was interrupted, run it again or delete this file"
    )
    return [
        Finding("leftovers", Source(str(path), 1), message)
        for path in evidence.files
        if path.suffix == ".leaves" and path.relative_to(evidence.root).as_posix() not in named
    ]
