"""The list of proposals: what each is, how far its review has come, and what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import OPEN
from o2c.proposals.proposal import REJECTED
from o2c.proposals.standing import standing
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date

    from o2c.books import Books
    from o2c.proposals import Proposal
    from o2c.proposals import Standing
    from o2c.reports.table import Row

_COLUMNS = (
    Column("proposal", "code"),
    Column("kind", "code"),
    Column("date", "date"),
    Column("prepared_by", "text"),
    Column("lines", "count"),
    Column("open", "count"),
    Column("accepted", "count"),
    Column("rejected", "count"),
    Column("posted", "count"),
    Column("state", "text"),
    Column("why", "text"),
)
#: States in which nothing is left to do.
FINISHED = frozenset({"posted", "rejected"})


def proposals(books: Books, as_of: Date, found: Sequence[Proposal], *, waiting: bool = False) -> Table:
    """List proposals by number; `waiting`: only those with which something is left to do."""
    rows = [_row(books, as_of, one) for one in found]
    kept = [row for row in rows if not waiting or row["state"] not in FINISHED]
    return Table("proposals", "Proposals", as_of, "", _COLUMNS, tuple(kept))


def _row(books: Books, day: Date, proposal: Proposal) -> Row:
    now = standing(books, proposal, day)
    return {
        "proposal": proposal.proposal_id,
        "kind": proposal.kind,
        "date": proposal.day,
        "prepared_by": proposal.act.by,
        "lines": len(proposal.lines),
        "open": len(proposal.in_state(OPEN)),
        "accepted": len(proposal.in_state(ACCEPTED)),
        "rejected": len(proposal.in_state(REJECTED)),
        "posted": len(now.posted),
        "state": state(proposal, now),
        "why": proposal.act.why,
    }


def state(proposal: Proposal, now: Standing) -> str:
    """Say in a word or two what a proposal waits for."""
    accepted = proposal.in_state(ACCEPTED)
    if proposal.in_state(OPEN):
        return "review"
    if not accepted:
        return "rejected"
    if all(line.number in now.posted for line in accepted):
        return "posted"
    if now.stale:
        return "stale"
    return "ready to post" if now.is_approved else f"approval by {now.role}"
