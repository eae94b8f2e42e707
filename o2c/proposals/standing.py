"""How a proposal stands against the books of a day: approvals good or void and why, lines stale, lines posted."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.approvals import Approval
from o2c.model.approvals import Need
from o2c.model.approvals import fault
from o2c.proposals.facts_about import stale
from o2c.proposals.needed import need_of
from o2c.proposals.proposal import REJECTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.model.findings import Source
    from o2c.proposals.proposal import Proposal
    from o2c.proposals.proposal import ProposalLine


class Given(NamedTuple):
    """An approval that stands in the books, and why it is void (empty: it is good)."""

    event: Event
    void: str


class Standing(NamedTuple):
    """How a proposal stands: approvals, stale lines with the names that changed, posted lines with their places."""

    needs: str
    role: str
    approvals: tuple[Given, ...]
    stale: Mapping[int, tuple[str, ...]]
    posted: Mapping[int, tuple[Source, ...]]
    separated: bool = True

    @property
    def is_approved(self) -> bool:
        """Tell whether nothing more is needed before it may be posted: no approval asked for, or a good one there."""
        return not self.needs or any(not given.void for given in self.approvals)


def posting_key(proposal: Proposal, line: ProposalLine) -> str:
    """Give the idempotency key under which a line is posted."""
    return f"{proposal.proposal_id}/{line.number}"


def standing(books: Books, proposal: Proposal, day: Date) -> Standing:
    """Hold a proposal against the books, on a day."""
    posted = _posted(books, proposal)
    waiting = proposal._replace(lines=tuple(line for line in proposal.lines if line.number not in posted))
    need, wanted = needed(books, waiting), wanted_approval(books, proposal)
    return Standing(
        needs=need.kind if need else "",
        role=wanted.role,
        approvals=tuple(Given(event, fault(event, wanted, day)) for event in given(books, proposal.proposal_id)),
        stale=stale(books, waiting),
        posted=posted,
        separated=not books.master.policies.approvals.is_single,
    )


def _posted(books: Books, proposal: Proposal) -> dict[int, tuple[Source, ...]]:
    found = {line.number: books.existed(posting_key(proposal, line)) for line in proposal.lines}
    return {number: tuple(entry.source for entry in entries) for number, entries in found.items() if entries}


def needed(books: Books, proposal: Proposal) -> Need | None:
    """Say what approval a proposal needs: what its entries need, whatever its head says; else what its head names.

    None where one person may do all (`approvals.mode: single`).
    """
    policy = books.master.policies.approvals
    if policy.is_single:
        return None
    accepted = [entry for line in proposal.lines if line.state != REJECTED for entry in line.entries]
    by_entries = need_of(books, accepted)
    if by_entries or not proposal.approval:
        return by_entries
    return policy.needs.get(proposal.approval, Need(proposal.approval, policy.role))


def given(books: Books, subject: str) -> list[Event]:
    """List the approvals in the books that name a proposal or customer."""
    return [event for event in books.customs(names.APPROVAL) if event.values[:1] == (subject,)]


def wanted_approval(books: Books, proposal: Proposal) -> Approval:
    """Say what an approval of this proposal must satisfy, after the policy of the books."""
    policies = books.master.policies
    need = needed(books, proposal) or policies.approvals.needs.get(proposal.approval)
    return Approval(
        hash=proposal.hash,
        preparer=proposal.act.by,
        role=need.role if need else policies.approvals.role,
        users=policies.users,
        valid_days=policies.approvals.valid_days,
        alone=policies.approvals.is_single,
    )
