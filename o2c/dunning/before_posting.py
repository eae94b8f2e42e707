"""A last look before a dunning proposal is posted: nobody is reminded who paid, or was blocked, after the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.dunning import standing
from o2c.dunning.waiting import KIND
from o2c.dunning.waiting import reminders
from o2c.errors import Refused
from o2c.model.documents import Event
from o2c.proposals.proposal import REJECTED
from o2c.proposals.standing import posting_key

if TYPE_CHECKING:
    from datetime import date as Date

    from o2c.books import Books
    from o2c.dunning.standing import Standing
    from o2c.proposals import Proposal
    from o2c.proposals import ProposalLine


def require_dunning(proposal: Proposal) -> Proposal:
    """Give the proposal back; raises Refused where it is of another kind."""
    if proposal.kind != KIND:
        name = proposal.proposal_id
        raise Refused(f"{name} is a proposal of {proposal.kind}, not of {KIND}; `o2c proposal post {name}` posts it")
    return proposal


def require_unstopped(books: Books, proposal: Proposal, day: Date) -> None:
    """Raise Refused where a line reminds a customer who is blocked or whose credits cover what is overdue by now.

    `day`: that of the posting. What was paid, disputed, promised or blocked itself makes its line stale; a block of the
    customer, and money that nobody applied yet, say nothing about the item. Refused is also a level that somebody wrote
    into the proposal and that is not the next one of the item.
    """
    waiting = _waiting(books, proposal, day)
    found = [_sentence(proposal, line, one) for line, one in waiting if one.reason in standing.STOPS]
    found += [
        _no_level(proposal, line, one, level)
        for line, one in waiting
        if (level := _level(line, one)) not in {None, one.reached.level + 1}
    ]
    if found:
        raise Refused("\n".join(found))


def _waiting(books: Books, proposal: Proposal, day: Date) -> list[tuple[ProposalLine, Standing]]:
    """List the items that lines not posted yet remind of, as they stand on the day."""
    lines = [line for line in proposal.lines if _may_be_posted(books, proposal, line)]
    of_item = {who: line for line in lines for who in reminders(line)}
    customers = {customer for customer, _ in of_item}
    only = min(customers) if len(customers) == 1 else ""
    known = standing.standings(books, max(day, proposal.day), only) if of_item else []
    return [(of_item[who], one) for one in known if (who := (one.item.customer, one.item.item)) in of_item]


def _may_be_posted(books: Books, proposal: Proposal, line: ProposalLine) -> bool:
    return line.state != REJECTED and not books.existed(posting_key(proposal, line))


def _level(line: ProposalLine, one: Standing) -> object:
    """Give the level at which a line reminds of an item; None where it does not say one, which is the next."""
    own = (entry for entry in line.entries if isinstance(entry, Event) and entry.subject == one.item.item)
    return next((dict(entry.extra).get("level") for entry in own), None)


def _no_level(proposal: Proposal, line: ProposalLine, one: Standing, level: object) -> str:
    return (
        f"line {line.number} of {proposal.proposal_id} reminds of {one.item.item} at level {level}, but level "
        f"{one.reached.level + 1} comes next; correct the level, or reject the line"
    )


def _sentence(proposal: Proposal, line: ProposalLine, one: Standing) -> str:
    name, number = proposal.proposal_id, line.number
    remedy = "apply it, or reject the line" if one.reason == standing.CREDIT else "reject the line"
    return (
        f"line {number} of {name} asks {one.item.customer} for {one.item.item}, but {one.why}; {remedy}: "
        f"`o2c proposal reject {name} --line {number} --reason TEXT`, or run `o2c dun propose` again, which does it"
    )
