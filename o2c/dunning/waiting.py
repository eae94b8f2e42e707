"""What waits in proposals of dunning: lines that may still be posted, and lines that the books have overtaken."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c import proposals
from o2c.errors import Refused
from o2c.model.approvals import PROPOSAL
from o2c.model.documents import Event
from o2c.model.reminders import REMINDER
from o2c.proposals import folder
from o2c.proposals.facts_about import stale
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.proposals import Proposal
    from o2c.proposals import ProposalLine

#: What proposals of a dunning run are called.
KIND: Final = "dunning"

#: The customer and the name of an item.
Who = tuple[str, str]


class Waiting(NamedTuple):
    """A line that is neither rejected nor posted; `overtaken` tells that the books changed, so that it must not be."""

    proposal: Proposal
    line: ProposalLine
    overtaken: bool

    @property
    def customers(self) -> set[str]:
        """The customers that the line would remind."""
        return {customer for customer, _ in reminders(self.line)}


def waiting(root: Path, books: Books) -> list[Waiting]:
    """List what waits in proposals of dunning, in the order of their numbers; a proposal at fault is left out."""
    return [line for proposal in _not_posted(root, books) for line in _of(books, proposal)]


def _not_posted(root: Path, books: Books) -> Iterator[Proposal]:
    """Read the proposals of dunning of which nothing is posted: a proposal is posted in one step or not at all."""
    posted = {dict(event.extra).get(PROPOSAL) for events in books.events(REMINDER).values() for event in events}
    for path in sorted(folder.folder(root).glob("*.beancount")):
        if path.stem not in posted and f'"{KIND}"'.encode() in path.read_bytes():
            with suppress(Refused):
                found = proposals.load(root, path.stem)
                if found.kind == KIND:
                    yield found


def _of(books: Books, proposal: Proposal) -> Iterator[Waiting]:
    overtaken = stale(books, proposal)
    for line in proposal.in_state(OPEN, ACCEPTED):
        yield Waiting(proposal, line, line.number in overtaken)


def reminders(line: ProposalLine) -> list[Who]:
    """Name whom a line reminds of what."""
    return [(entry.customer, entry.subject) for entry in line.entries if isinstance(entry, Event)]


def places(lines: Sequence[Waiting]) -> dict[Who, str]:
    """Name the proposal in which the reminder of each item waits; lines that the books have overtaken do not count."""
    return {who: one.proposal.proposal_id for one in lines if not one.overtaken for who in reminders(one.line)}


def reject(root: Path, lines: Sequence[Waiting], act: Act) -> None:
    """Reject lines that the books have overtaken, so that the others of their proposals may be posted."""
    because = act._replace(why="the books changed since; a later dunning run looked again", key="", request="")
    for name in dict.fromkeys(one.proposal.proposal_id for one in lines):
        numbers = [one.line.number for one in lines if one.proposal.proposal_id == name]
        proposals.reject(root, name, numbers, because)
