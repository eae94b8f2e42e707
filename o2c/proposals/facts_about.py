"""What the books say about the names that a line depends on, as one hash: when it changes, the line is stale."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.findings import NOWHERE
from o2c.proposals.proposal import REJECTED
from o2c.proposals.proposal import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.proposals.proposal import Proposal

#: Events that say something about a proposal, not about what it depends on.
_NOT_FACTS = frozenset({names.APPROVAL})


def bases(books: Books, groups: Sequence[Sequence[str]]) -> list[str]:
    """Hash the facts about the names of each line: documents, movements of items, notes, what customers were granted.

    An invoice of a customer does not make a line about the customer stale: a line that depends on items names them.
    """
    wanted = {name for group in groups for name in group}
    said = _said(books, wanted) if wanted else {}
    return [digest("\n".join(one for name in sorted(set(group)) for one in (name, *said[name]))) for group in groups]


def stale(books: Books, proposal: Proposal) -> dict[int, tuple[str, ...]]:
    """List the lines, not rejected, whose facts changed since they were proposed, with the names they depend on."""
    lines = [line for line in proposal.lines if line.state != REJECTED and line.about]
    now = bases(books, [line.about for line in lines])
    return {line.number: line.about for line, basis in zip(lines, now, strict=True) if basis != line.basis}


def _said(books: Books, wanted: set[str]) -> dict[str, list[str]]:
    """Collect, in one pass, what the books say about each name."""
    facts, said = books.about(*sorted(wanted)).facts, defaultdict[str, list[str]](list)
    for name in wanted:
        said[name] += [_stable(doc) for doc in facts.versions.get(name, ())]
        said[name] += [_stable(event) for event in facts.events.get(name, ())]
    for event in facts.customs:
        for name in wanted & {event.subject, event.customer, *(v for v in event.values if isinstance(v, str))}:
            said[name] += [] if event.kind in _NOT_FACTS else [_stable(event)]
    for move in facts.moved:
        if move.movement.item in wanted:
            said[move.movement.item].append(f"{move.date} {move.doc_id} {tuple(move.movement[:4])!r}")
    return {name: sorted(said[name]) for name in wanted}


def _stable(entry: Document | Event) -> str:
    """Write an entry the same way in every process, without who made it and where it stands."""
    plain = entry._replace(act=Act(), source=NOWHERE, links=frozenset())
    tags = sorted(plain.tags) if isinstance(plain, Document) else []
    return repr((plain._replace(tags=frozenset()) if isinstance(plain, Document) else plain, sorted(entry.links), tags))
