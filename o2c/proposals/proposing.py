"""Making a proposal out of what a producer found: the file is written, the books are not touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.master.lock import writer_lock
from o2c.model.text import code
from o2c.proposals import folder
from o2c.proposals import numbers
from o2c.proposals.facts_about import bases
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import OPEN
from o2c.proposals.proposal import REJECTED
from o2c.proposals.proposal import Part
from o2c.proposals.proposal import Proposal
from o2c.proposals.proposal import ProposalLine
from o2c.proposals.proposal import produced
from o2c.proposals.standing import posting_key
from o2c.proposals.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Extra


def propose(
    root: Path,
    books: Books,
    kind: str,
    day: Date,
    act: Act,
    parts: Sequence[Part],
    approval: str = "",
    *,
    accepted: bool = False,
) -> Proposal:
    """Write a proposal with the next number, and give it; `books` are those that the parts were made from.

    `kind` says what it is (accruals, write-off); `approval` names the kind of approval that it needs (empty: none).
    `accepted`: its lines need no look of their own, as for the one line of a single act. The same key and request, or
    else the same kind and entries while nothing is decided against them or posted, give the proposal that is there.
    Raises Refused where there is nothing to propose, KeyConflict, NotFinished.
    """
    if not parts:
        raise Refused("there is nothing to propose")
    with writer_lock(root):
        groups = numbers.proposed(books, [part.entries for part in parts])
        made = produced(groups)
        existing = _existing(root, books, code(kind, "kind"), act, made)
        if existing:
            return existing
        number = folder.next_number(root, books, day)
        based = bases(books, [part.about for part in parts])
        state = ACCEPTED if accepted else OPEN
        lines = tuple(
            ProposalLine(n, state, visible(part.summary), part.about, basis, _evidence(part.evidence), entries)
            for n, (part, entries, basis) in enumerate(zip(parts, groups, based, strict=True), 1)
        )
        return folder.create(root, Proposal(number, kind, day, act, approval, made, lines))


def _evidence(facts: Extra) -> Extra:
    return tuple(sorted((key, visible(value) if isinstance(value, str) else value) for key, value in facts))


def _existing(root: Path, books: Books, kind: str, act: Act, made: str) -> Proposal | None:
    """Find the proposal that the same command, or the same kind with the same entries, made before."""
    if act.key and act.request:
        return folder.with_key(root, act)
    for found in folder.saying(root, made):
        if (found.kind, found.produced, found.act.key) == (kind, made, act.key) and (
            act.key or _is_pending(books, found)
        ):
            return found
    return None


def _is_pending(books: Books, proposal: Proposal) -> bool:
    return not proposal.in_state(REJECTED) and not any(
        books.existed(posting_key(proposal, line)) for line in proposal.lines
    )
