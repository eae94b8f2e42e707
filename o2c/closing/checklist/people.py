"""Checks of the close over who decided what: limits to review, approvals, duties, proposals nobody finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.closing.checklist.proofs import named
from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.model.credit import in_force
from o2c.model.credit import limits_by_name
from o2c.model.documents import Opening
from o2c.model.duties import conflicts
from o2c.model.duties import of_roles
from o2c.model.duties import summaries
from o2c.proposals.folder import readable
from o2c.proposals.proposal import REJECTED
from o2c.proposals.standing import posting_key
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from o2c.closing.at_end import AtEnd
    from o2c.proposals import Proposal
    from o2c.proposals import ProposalLine


def limits(at_end: AtEnd) -> Found:
    """Find limits whose review was due by the end of the month; those that ended in the month are listed."""
    late: list[Seen] = []
    ended: list[Seen] = []
    for name, entries in sorted(limits_by_name(at_end.facts.customs).items()):
        limit = in_force(entries, at_end.month.last)
        if limit is None:
            continue
        if limit.review is not None and limit.review <= at_end.month.last:
            late.append(Seen(name, f"review was due on {limit.review}", limit.entries[-1].source))
        ended += [
            Seen(name, f"{entry.kind} {entry.amount} ended on {entry.until}", entry.source)
            for entry in limit.entries
            if entry.until is not None and at_end.month.first <= entry.until <= at_end.month.last
        ]
    said = f"{count(len(late), 'limit is', 'limits are')} due for review, {len(ended)} ended in the month"
    return Found(said, bool(late), (*late, *ended))


def approvals(at_end: AtEnd) -> Found:
    """Find entries that needed a second person and have no valid approval."""
    covers, rows = named(at_end, "approvals")
    return Found(
        f"{count(len(rows), 'entry', 'entries')} without a valid approval" if rows else covers, bool(rows), rows
    )


def duties(at_end: AtEnd) -> Found:
    """Say which duties one person holds that should be apart: said, not hidden; red only where the policy wants it."""
    policies = at_end.books.master.policies
    found = summaries([*conflicts(at_end.facts), *of_roles(policies.users)])
    rows = tuple(Seen(one.example.person, str(one), one.example.source) for one in found)
    said = (
        f"{count(len(rows), 'pair of duties is', 'pairs of duties are')} in one hand"
        if rows
        else "nobody did two things of one chain"
    )
    if policies.approvals.is_single:
        said = f"not separated: one person may do all (approvals.mode is single); {said}"
    return Found(said, is_red=bool(rows) and policies.approvals.duties == "error", seen=rows)


def proposals(at_end: AtEnd) -> Found:
    """Find proposals with entries of the month, or older, that are neither posted nor rejected."""
    found, faults = readable(at_end.books.root)
    rows = [Seen("proposals", fault) for fault in faults]
    for proposal in found:
        waiting = [line for line in proposal.lines if _waits(at_end, proposal, line)]
        if waiting:
            said = f"{proposal.kind}: {count(len(waiting), 'line is', 'lines are')} neither posted nor rejected"
            rows.append(Seen(proposal.proposal_id, said, proposal.source))
    said = f"{count(len(rows), 'proposal is', 'proposals are')} left over" if rows else "no proposal is left over"
    return Found(said, bool(rows), tuple(rows))


def _waits(at_end: AtEnd, proposal: Proposal, line: ProposalLine) -> bool:
    if line.state == REJECTED or at_end.facts.keys.get(posting_key(proposal, line)):
        return False
    days = [entry.date for entry in line.entries if not isinstance(entry, Opening)]
    return proposal.day <= at_end.month.last or any(day <= at_end.month.last for day in days)
