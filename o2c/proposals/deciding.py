"""Accepting and rejecting lines of a proposal: who, when and why stands in the line; earlier approvals are void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import books as door
from o2c.errors import KeyConflict
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.master.lock import writer_lock
from o2c.proposals import folder
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import REJECTED
from o2c.proposals.standing import posting_key

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from o2c.model.documents import Act
    from o2c.proposals.proposal import Proposal
    from o2c.proposals.proposal import ProposalLine


def accept(root: Path, proposal_id: str, lines: Collection[int], act: Act, *, dry_run: bool = False) -> Proposal:
    """Accept some lines (none named: all that are open).

    With a key, a line that this very request decided before stays as it is. Raises NotFound, Refused once the proposal
    is posted, KeyConflict where the key stands for another request.
    """
    return _decide(root, proposal_id, lines, act, ACCEPTED, dry_run=dry_run)


def reject(root: Path, proposal_id: str, lines: Collection[int], act: Act, *, dry_run: bool = False) -> Proposal:
    """Reject some lines (none named: all), with `act.why`; raises as `accept`."""
    return _decide(root, proposal_id, lines, act, REJECTED, dry_run=dry_run)


def _decide(root: Path, proposal_id: str, numbers: Collection[int], act: Act, state: str, *, dry_run: bool) -> Proposal:
    with writer_lock(root):
        before = folder.load(root, proposal_id)
        if _is_done(before, act):
            return before
        chosen = _chosen(root, before, numbers, state)
        if not chosen:
            return before
        after = before._replace(
            lines=tuple(_with(line, state, act) if line.number in chosen else line for line in before.lines)
        )
        return after if dry_run else folder.decided(root, before, after, chosen)


def _is_done(proposal: Proposal, act: Act) -> bool:
    """Tell whether a request with this key decided about lines of the proposal already."""
    for line in proposal.lines:
        if act.key and line.act.key == act.key:
            if line.act.request != act.request:
                raise KeyConflict(
                    f"{proposal.proposal_id}: the key {act.key!r} was used to decide otherwise; choose another --key"
                )
            return True
    return False


def _chosen(root: Path, proposal: Proposal, numbers: Collection[int], state: str) -> set[int]:
    """Find the lines to decide about: those named, or all that may be; lines in that state already stay as they are."""
    known = {line.number: line for line in proposal.lines}
    unknown = sorted(set(numbers) - set(known))
    if unknown:
        raise NotFound(f"{proposal.proposal_id} has no line {unknown[0]}; it has lines 1 to {len(known)}")
    waiting = {number for number, line in known.items() if state == REJECTED or line.state != REJECTED}
    chosen = {number for number in set(numbers) or waiting if known[number].state != state}
    books = door.opened(root)
    if chosen and any(books.existed(posting_key(proposal, line)) for line in proposal.lines):
        raise Refused(
            f"{proposal.proposal_id} is posted, and nothing of it is decided any more; "
            "reverse what is wrong, and propose anew what was left out"
        )
    return chosen


def _with(line: ProposalLine, state: str, act: Act) -> ProposalLine:
    return line._replace(state=state, act=act)
