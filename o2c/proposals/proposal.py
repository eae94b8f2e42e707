"""A proposal as a value: what would be posted, line by line, with its evidence, and the hash that an approval names."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Entry
from o2c.model.documents import Event
from o2c.model.documents import Extra
from o2c.model.documents import Opening
from o2c.model.findings import NOWHERE
from o2c.model.findings import Source
from o2c.model.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date as Date

    from o2c.model.documents import Value

OPEN = "open"
ACCEPTED = "accepted"
REJECTED = "rejected"
STATES = (OPEN, ACCEPTED, REJECTED)
EVIDENCE = "evidence-"


class Part(NamedTuple):
    """What a producer proposes for one line: the entries, the names they depend on, evidence, one sentence.

    `about` names documents, items and customers: when their facts change, the line is stale. New documents are
    numbered as the producer drew them, or `NEW-1`, `NEW-2`; the true numbers are drawn when the proposal is posted.
    """

    entries: tuple[Entry, ...]
    about: tuple[str, ...] = ()
    evidence: Extra = ()
    summary: str = ""


class ProposalLine(NamedTuple):
    """One line of a proposal: `state` is open, accepted or rejected; `act` says who decided, when and why.

    `basis` is the hash of the facts about the names of `about`, as they were when the line was proposed.
    """

    number: int
    state: str
    summary: str
    about: tuple[str, ...]
    basis: str
    evidence: Extra
    entries: tuple[Entry, ...]
    act: Act = Act()
    source: Source = NOWHERE


class Proposal(NamedTuple):
    """One proposal. `approval` is the kind of approval it needs (empty: none); `act` says who prepared it, and why.

    `produced` is the hash of the entries as they were first written, to tell whether somebody edited them.
    """

    proposal_id: str
    kind: str
    day: Date
    act: Act
    approval: str
    produced: str
    lines: tuple[ProposalLine, ...]
    source: Source = NOWHERE

    @property
    def hash(self) -> str:
        """The hash of the whole content, which an approval names: any change of any field gives another."""
        return digest(write(_content(self)))

    @property
    def is_edited(self) -> bool:
        """Tell whether the entries are no longer those that were first written."""
        return self.produced != produced(line.entries for line in self.lines)

    def in_state(self, *states: str) -> tuple[ProposalLine, ...]:
        """Give the lines in one of these states."""
        return tuple(line for line in self.lines if line.state in states)


def digest(text: str) -> str:
    """Hash a text, as `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def produced(groups: Iterable[Iterable[Entry]]) -> str:
    """Hash the entries of all lines, without the moment at which they were made."""
    return digest("\n".join(write(without_moment(entry) for entry in group) for group in groups))


def without_moment(entry: Entry) -> Entry:
    """Give an entry without the moment at which it was made."""
    return entry if isinstance(entry, Opening) else entry._replace(act=entry.act._replace(at=""))


def head(proposal: Proposal) -> Event:
    """Write the head of a proposal as an event: `custom "o2c-proposal" ID KIND`."""
    return Event(
        names.PROPOSAL,
        proposal.day,
        subject="",
        customer="",
        act=proposal.act,
        values=(proposal.proposal_id, proposal.kind),
        extra=_facts({"approval": proposal.approval, "produced": proposal.produced}),
    )


def line_head(line: ProposalLine, day: Date) -> Event:
    """Write the head of a line as an event: `custom "o2c-proposal-line" N STATE`."""
    facts: dict[str, Value] = {"summary": line.summary, "about": " ".join(line.about), "basis": line.basis}
    facts |= {EVIDENCE + key: value for key, value in line.evidence}
    return Event(
        names.PROPOSAL_LINE,
        day,
        subject="",
        customer="",
        act=line.act,
        values=(Decimal(line.number), line.state),
        extra=_facts(facts),
    )


def _facts(facts: Mapping[str, Value]) -> Extra:
    return tuple(sorted((key, value) for key, value in facts.items() if value != ""))


def _content(proposal: Proposal) -> list[Entry]:
    found: list[Entry] = [head(proposal)]
    for line in proposal.lines:
        found += [line_head(line, proposal.day), *line.entries]
    return found


def text(proposal: Proposal) -> str:
    """Write a proposal as the text of its file; `reading_in.read` gives the same proposal back."""
    return write(_content(proposal)).removeprefix("\n")


def documents(proposal: Proposal) -> list[Document]:
    """List the documents of all lines."""
    return [entry for line in proposal.lines for entry in line.entries if isinstance(entry, Document)]
