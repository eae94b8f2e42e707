"""Notes about documents name documents that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.findings import Finding
from o2c.model.money import shown

if TYPE_CHECKING:
    from o2c.model.facts import Facts


def events(facts: Facts) -> list[Finding]:
    """Find notes (confirmed, held, disputed, sent ...) whose `subject` is no document, item or customer."""
    known = facts.versions.keys() | {move.movement.item for move in facts.moved}
    findings = []
    for subject, happened in facts.events.items():
        for event in happened:
            if subject and subject not in known and subject != event.customer:
                message = (
                    f"the note `{event.kind}` is about {shown(subject)}, which is not in the books; correct `subject`"
                )
                findings.append(Finding("events", event.source, message))
    return findings
