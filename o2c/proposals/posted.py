"""Whether what stands in the books is what was approved: each posted entry against the text of its proposal."""

from __future__ import annotations

from datetime import date as Date
from functools import cache
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model.approvals import POSTED_ON
from o2c.model.approvals import PROPOSAL
from o2c.model.approvals import fault
from o2c.model.documents import Document
from o2c.model.documents import Opening
from o2c.proposals import folder
from o2c.proposals import numbers
from o2c.proposals.afterwards import fault_of
from o2c.proposals.content import content
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.standing import given
from o2c.proposals.standing import posting_key
from o2c.proposals.standing import wanted_approval

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Entry
    from o2c.model.documents import Event
    from o2c.proposals.proposal import Proposal


def approval_fault(root: Path, books: Books) -> Callable[[Document | Event], str]:
    """Make a function that says why an entry in the books has no good approval; empty where it has one.

    Good: it names a proposal whose text names, by its hash, what a person with the role approved, in time; and the
    entry says exactly what that text says.
    """

    @cache
    def checked(proposal_id: str) -> tuple[Proposal | None, str, frozenset[tuple[str, str]]]:
        try:
            proposal = folder.load(root, proposal_id)
        except Refused as error:
            return None, f"its proposal cannot be read: {error}", frozenset()
        return proposal, "", frozenset(_as_posted(books, proposal))

    def check(entry: Document | Event) -> str:
        proposal_id = dict(entry.extra).get(PROPOSAL)
        if not fault_of(books, entry):
            return ""
        if not isinstance(proposal_id, str):
            return "nobody approved it"
        proposal, said, contents = checked(proposal_id)
        if proposal is None:
            return said
        if (entry.act.key, content(entry)) not in contents:
            return f"it is not what {proposal_id} says ({proposal.source})"
        if len(books.existed(entry.act.key)) > len(_meant(proposal, entry.act.key)):
            return f"it stands in the books more often than in {proposal_id} ({proposal.source})"
        return _approval_fault(books, proposal, dict(entry.extra).get(POSTED_ON), entry.date)

    return check


def _approval_fault(books: Books, proposal: Proposal, posted_on: object, dated: Date) -> str:
    day = posted_on if isinstance(posted_on, Date) else dated
    wanted = wanted_approval(books, proposal)
    faults = [fault(event, wanted, day) for event in given(books, proposal.proposal_id)]
    if "" in faults:
        return ""
    return f"the approval is void: {faults[-1]}" if faults else f"nobody approved {proposal.proposal_id}"


def _meant(proposal: Proposal, key: str) -> list[Document | Event]:
    """List what the line with a key posts."""
    lines = [line for line in proposal.in_state(ACCEPTED) if posting_key(proposal, line) == key]
    return [entry for line in lines for entry in line.entries if not isinstance(entry, Opening)]


def _as_posted(books: Books, proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Write the entries of each line as they must stand in the books, with the numbers that were drawn."""
    pairs: list[tuple[Entry, Document | Event]] = []
    for line in proposal.in_state(ACCEPTED):
        stand = sorted(books.existed(posting_key(proposal, line)), key=lambda entry: entry.source)
        meant = _meant(proposal, posting_key(proposal, line))
        pairs += list(zip(meant, stand, strict=False))
    drawn = {
        one.doc_id: other.doc_id
        for one, other in pairs
        if isinstance(one, Document) and isinstance(other, Document) and numbers.is_new(one.doc_id)
    }
    for line in proposal.in_state(ACCEPTED):
        for entry in line.entries:
            if not isinstance(entry, Opening):
                yield posting_key(proposal, line), content(numbers.renamed(entry, drawn))
