"""How `o2c proposal show` prints a proposal: for the person who must answer for it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core.amount import Amount

from o2c.cli.posting import near
from o2c.model import money
from o2c.model.writing import write
from o2c.proposals.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.documents import Value
    from o2c.proposals import Proposal
    from o2c.proposals import ProposalLine
    from o2c.proposals import Standing
    from o2c.proposals.standing import Given


def as_text(proposal: Proposal, now: Standing, state: str, *, brief: bool) -> Iterator[str]:
    """Give the lines of the page: the head, then each line with summary, evidence, state and its exact entries."""
    yield f"{proposal.proposal_id}  {proposal.kind}  {proposal.day}  {state}"
    for label, value in _head(proposal, now):
        yield f"  {label + ':':<11}{visible(value)}"
    for line in proposal.lines:
        yield ""
        yield from _line(line, now, brief=brief)


def _head(proposal: Proposal, now: Standing) -> Iterator[tuple[str, str]]:
    act = proposal.act
    yield "prepared", f"by {act.by or 'nobody named'} {act.at}: {act.why}".rstrip(": ")
    yield "file", f"{near(proposal.source.file)}:{proposal.source.line}"
    yield "hash", proposal.hash
    counts = Counter(line.state for line in proposal.lines)
    yield "lines", ", ".join(f"{count} {name}" for name, count in counts.items())
    if proposal.is_edited:
        yield "edited", "the entries are not those that were first written"
    yield "needs", _needs(proposal, now)
    for given in now.approvals:
        yield "approval", _given(given)


def _needs(proposal: Proposal, now: Standing) -> str:
    if not now.separated:
        return "nobody else: not separated (approvals.mode is single)"
    if not now.needs:
        return "no approval"
    return f"approval ({proposal.approval}) by another person with the role {now.role}"


def _given(given: Given) -> str:
    event = given.event
    return f"by {event.act.by} on {event.date}: {'void: ' + given.void if given.void else 'good'} ({event.source})"


def _line(line: ProposalLine, now: Standing, *, brief: bool) -> Iterator[str]:
    yield f"{line.number}  {line.state}  {visible(line.summary)}  {near(line.source.file)}:{line.source.line}"
    if line.act.by:
        yield f"   decided:  by {line.act.by} {line.act.at}: {visible(line.act.why)}"
    if line.about:
        yield f"   about:    {', '.join(line.about)}"
    if line.number in now.stale:
        yield "   stale:    the books changed since about these; reject the line and propose it anew"
    for key, value in line.evidence:
        yield f"   {key + ':':<10}{visible(_plain(value))}"
    for source in now.posted.get(line.number, ()):
        yield f"   posted:   {near(source.file)}:{source.line}"
    if not brief:
        yield from (f"     {visible(row)}".rstrip() for row in write(line.entries).splitlines() if row)


def _plain(value: Value) -> str:
    if isinstance(value, Amount):
        return money.text(value.number or Decimal(0), value.currency)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def as_json(proposal: Proposal, now: Standing, state: str) -> dict[str, Any]:
    """Give the same as values: amounts and numbers as strings with a point, days in ISO."""
    return {
        "proposal": proposal.proposal_id,
        "kind": proposal.kind,
        "date": str(proposal.day),
        "state": state,
        "prepared_by": proposal.act.by,
        "at": proposal.act.at,
        "why": proposal.act.why,
        "file": proposal.source.file,
        "hash": proposal.hash,
        "edited": proposal.is_edited,
        "needs": now.needs,
        "role": now.role,
        "separated": now.separated,
        "approved": now.is_approved,
        "approvals": [
            {"by": g.event.act.by, "date": str(g.event.date), "good": not g.void, "void": g.void, **_place(g.event)}
            for g in now.approvals
        ],
        "lines": [_line_as_json(line, now) for line in proposal.lines],
    }


def _line_as_json(line: ProposalLine, now: Standing) -> dict[str, Any]:
    return {
        "line": line.number,
        "state": line.state,
        "summary": line.summary,
        "about": list(line.about),
        "stale": line.number in now.stale,
        "evidence": {key: _plain(value) for key, value in line.evidence},
        "decided_by": line.act.by,
        "reason": line.act.why,
        "posted": [{"file": source.file, "line": source.line} for source in now.posted.get(line.number, ())],
        "entries": write(line.entries).strip("\n"),
    }


def _place(entry: Any) -> dict[str, Any]:
    return {"file": entry.source.file, "line": entry.source.line}
