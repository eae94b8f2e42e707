"""Approving a proposal: an entry in the books that names the hash of its exact content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import posting
from o2c.errors import Refused
from o2c.model import names
from o2c.model.approvals import person_fault
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.proposals import folder
from o2c.proposals.facts_about import stale
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import OPEN
from o2c.proposals.standing import given
from o2c.proposals.standing import posting_key
from o2c.proposals.standing import wanted_approval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.approvals import Approval
    from o2c.model.documents import Act
    from o2c.posting import Posted
    from o2c.proposals.proposal import Proposal


def approve(root: Path, proposal_id: str, act: Act, day: Date, *, expected: str = "", dry_run: bool = False) -> Posted:
    """Post `custom "o2c-approval" ID HASH`, by `act.by`; the same person approving the same content again does nothing.

    `expected` is the hash that the person saw (empty: whatever stands there now). Raises Refused where lines are open
    or stale, where the person prepared it, is unknown or lacks the role, or where the content is not the expected.
    """

    def compose(books: Books) -> Sequence[Event]:
        proposal = folder.load(root, proposal_id)
        wanted = wanted_approval(books, proposal)
        if any(books.existed(posting_key(proposal, line)) for line in proposal.lines):
            raise Refused(f"{proposal_id} is posted already; there is nothing left to approve")
        _require_ready(books, proposal, expected)
        _require_person(act.by, wanted, proposal_id)
        if _is_there(books, proposal_id, wanted, act.by, day):
            return ()
        return (entry(act, day, proposal_id, wanted, proposal.approval or proposal.kind),)

    return posting.post(root, compose, act, dry_run=dry_run)


def entry(act: Act, day: Date, subject: str, wanted: Approval, kind: str) -> Event:
    """Write an approval: of whom, of what, by whom, and who prepared it."""
    return Event(
        names.APPROVAL,
        day,
        subject=subject,
        customer="",
        act=act,
        values=(subject, wanted.hash),
        extra=extra(kind=kind, preparer=wanted.preparer, role=wanted.role),
    )


def _require_ready(books: Books, proposal: Proposal, expected: str) -> None:
    name = proposal.proposal_id
    if expected and expected != proposal.hash:
        raise Refused(f"{name} is not what you saw: its hash is {proposal.hash}; look with `o2c proposal show {name}`")
    waiting = proposal.in_state(OPEN)
    if waiting:
        raise Refused(f"line {waiting[0].number} of {name} is still open; accept or reject every line first")
    if not proposal.in_state(ACCEPTED):
        raise Refused(f"every line of {name} is rejected; there is nothing to approve")
    for number, about in stale(books, proposal).items():
        raise Refused(stale_sentence(name, number, about))


def stale_sentence(name: str, number: int, about: Sequence[str]) -> str:
    """Say that a line is stale, and what to do."""
    return (
        f"line {number} of {name} is stale: the books changed since about {', '.join(about)}; "
        f"reject the line, and propose it anew"
    )


def _require_person(by: str, wanted: Approval, name: str) -> None:
    problem = person_fault(by, wanted)
    if problem:
        raise Refused(f"{name}: {problem}; nothing was approved")


def _is_there(books: Books, subject: str, wanted: Approval, by: str, day: Date) -> bool:
    return any(
        event.act.by == by and event.values[1:2] == (wanted.hash,) and event.date == day
        for event in given(books, subject)
    )
