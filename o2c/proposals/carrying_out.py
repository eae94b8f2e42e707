"""Posting a proposal: its accepted lines, exactly as approved, with true numbers, in one step, once.

All lines go into one file by one replacement. Each entry carries the key `ID/LINE`: after a kill, or when two people
post at once, the lines that are in the books are found under their keys and not posted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import posting
from o2c.errors import KeyConflict
from o2c.errors import Refused
from o2c.model import reading
from o2c.model.approvals import APPROVED_BY
from o2c.model.approvals import POSTED_BY
from o2c.model.approvals import POSTED_ON
from o2c.model.approvals import PROPOSAL
from o2c.model.documents import Opening
from o2c.model.writing import write
from o2c.posting import Placed
from o2c.posting import Posted
from o2c.proposals import folder
from o2c.proposals import numbers
from o2c.proposals.approving import stale_sentence
from o2c.proposals.proposal import ACCEPTED
from o2c.proposals.proposal import OPEN
from o2c.proposals.proposal import digest
from o2c.proposals.standing import posting_key
from o2c.proposals.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.documents import Value
    from o2c.proposals.proposal import Proposal
    from o2c.proposals.proposal import ProposalLine
    from o2c.proposals.standing import Standing

    #: Refuses what must not be posted any more, for reasons that only its producer knows; the day is that of posting.
    LastLook = Callable[[Books, Proposal, Date], None]


def post(
    root: Path, proposal_id: str, act: Act, day: Date, *, dry_run: bool = False, last_look: LastLook | None = None
) -> Posted:
    """Post the accepted lines of a proposal that are not in the books yet; what is there already is in `existed`.

    `act` says who posts and when; each entry keeps who prepared it and why. `last_look` may refuse on behalf of the
    producer, under the same lock. Raises Refused where a line is open or stale, where the approval is missing or void
    (each with its reason), or where the books would not be clean.
    """
    existed: list[Placed] = []

    def compose(books: Books) -> Sequence[Entry]:
        proposal = folder.load(root, proposal_id)
        found = standing(books, proposal, day)
        existed.extend(_existing(books, proposal))
        waiting = [line for line in proposal.in_state(ACCEPTED) if line.number not in found.posted]
        if not waiting and not proposal.in_state(OPEN):
            return _nothing(proposal)
        if last_look is not None:
            last_look(books, proposal, day)
        _require_ready(proposal, found)
        return _entries(books, proposal, waiting, _marks(act, day, found))

    done = posting.post(root, compose, act._replace(key="", request=""), dry_run=dry_run, explained=True)
    return Posted(done.placed, tuple(existed), done.text)


def _nothing(proposal: Proposal) -> Sequence[Entry]:
    if not proposal.in_state(ACCEPTED):
        raise Refused(f"every line of {proposal.proposal_id} is rejected; there is nothing to post")
    return ()


def _existing(books: Books, proposal: Proposal) -> list[Placed]:
    """Find what stands in the books under the keys of the lines; it must be of the same content."""
    found = []
    for line in proposal.in_state(ACCEPTED):
        for entry in books.existed(posting_key(proposal, line)):
            if entry.act.request != _request(line):
                raise KeyConflict(
                    f"{line.source}: line {line.number} was posted with other content ({entry.source}); "
                    "a posted line is not edited any more: restore the file, and propose the change anew"
                )
            found.append(Placed(entry, *entry.source))
    return found


def _marks(act: Act, day: Date, found: Standing) -> dict[str, Value]:
    """Make what every posted entry says about its way into the books."""
    good = [given.event.act.by for given in found.approvals if not given.void]
    approved = {APPROVED_BY: good[0]} if good else {}
    return {**approved, POSTED_BY: act.by, POSTED_ON: day, "at": act.at}


def _request(line: ProposalLine) -> str:
    return digest(write(line.entries))


def _require_ready(proposal: Proposal, found: Standing) -> None:
    name, waiting = proposal.proposal_id, proposal.in_state(OPEN)
    if waiting:
        raise Refused(
            f"line {waiting[0].number} of {name} is still open; accept or reject it, "
            f"or accept all with `o2c proposal accept {name}`"
        )
    for number, about in found.stale.items():
        raise Refused(stale_sentence(name, number, about))
    if not found.is_approved:
        raise Refused(_no_approval(name, proposal, found))


def _no_approval(name: str, proposal: Proposal, found: Standing) -> str:
    void = [f"the approval by {given.event.act.by} is void: {given.void}" for given in found.approvals]
    wish = f"{proposal.act.by or 'nobody named'} prepared it; another person with the role {found.role} runs "
    return "; ".join([f"{name} needs approval", *void, f"{wish}`o2c proposal approve {name}`"])


def _entries(
    books: Books, proposal: Proposal, lines: Sequence[ProposalLine], marks: Mapping[str, Value]
) -> list[Entry]:
    """Make the entries of the lines: booked against the books, with true numbers, marked with the proposal."""
    booked = _booked(books, [entry for line in lines for entry in line.entries])
    drawn = numbers.drawn(books, booked)
    rest = iter(booked)
    made = [_marked(numbers.renamed(next(rest), drawn), proposal, line, marks) for line in lines for _ in line.entries]
    return [entry for entry in made if not _is_open_already(books, entry)]


def _marked(entry: Entry, proposal: Proposal, line: ProposalLine, marks: Mapping[str, Value]) -> Entry:
    if isinstance(entry, Opening):
        return entry
    act = entry.act._replace(at=str(marks["at"]), key=posting_key(proposal, line), request=_request(line))
    said = {key: value for key, value in marks.items() if key != "at"} | {PROPOSAL: proposal.proposal_id}
    return entry._replace(act=act, extra=tuple(sorted((dict(entry.extra) | said).items())))


def _is_open_already(books: Books, entry: Entry) -> bool:
    return isinstance(entry, Opening) and books.opened(entry.account) is not None


def _booked(books: Books, entries: Sequence[Entry]) -> list[Entry]:
    """Book the entries against the books, which finds the cost of lots; errors are named with the line of the file."""
    text = write(entries)
    starts, line = [], 1
    for entry in entries:
        starts.append((line + 1, entry))
        line += write([entry]).count("\n")
    errors, directives = books.preview(text, 0)
    if errors:
        raise Refused("\n".join(_sentence(error.source.line, error.message, starts) for error in errors[:20]))
    found = [reading.placeless(directive) for directive in directives]
    return [read for read in found if read is not None]


def _sentence(line: int, message: str, starts: Sequence[tuple[int, Entry]]) -> str:
    place = [entry.source for start, entry in starts if start <= line]
    said = message.strip().splitlines()[0]
    return f"{place[-1]}: {said}; correct the proposal, or reject the line" if place else said
