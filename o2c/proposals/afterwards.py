"""Approving afterwards what stands in the books without approval: entries by hand, or from before the rule.

It is a second look, not a second signature before the deed: `o2c check duties` goes on saying who did what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import posting
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model.approvals import RELEASE
from o2c.model.approvals import Approval
from o2c.model.approvals import customer
from o2c.model.approvals import fault
from o2c.model.approvals import kind_of
from o2c.model.approvals import lifts_limit
from o2c.model.approvals import person_fault
from o2c.model.documents import Event
from o2c.proposals.approving import entry
from o2c.proposals.content import content
from o2c.proposals.proposal import digest
from o2c.proposals.standing import given

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.posting import Posted

#: Who made an entry that does not say it.
UNKNOWN = "not known"
#: A second look at what is posted does not expire.
_FOREVER = 400_000


def approve(root: Path, name: str, act: Act, day: Date, *, dry_run: bool = False) -> Posted:
    """Post an approval of each entry about a document, order or customer that needs one and has none.

    Raises NotFound where no such entry is in the books, Refused where the person made it or lacks the role.
    """

    def compose(books: Books) -> Sequence[Event]:
        found = _entries(books, name)
        if not found:
            raise NotFound(f"there is no proposal {name}, and nothing in the books under {name} needs approval")
        waiting = [one for one in found if fault_of(books, one)]
        return [_approval(books, one, name, act, day) for one in waiting]

    return posting.post(root, compose, act, dry_run=dry_run)


def _approval(books: Books, one: Document | Event, name: str, act: Act, day: Date) -> Event:
    wanted = _wanted(books, one)
    problem = person_fault(act.by, wanted)
    if problem:
        raise Refused(f"{one.source}: {problem}; nothing was approved")
    return entry(act, day, name, wanted, kind_of(one) or RELEASE)


def _entries(books: Books, name: str) -> list[Document | Event]:
    facts, asked = books.about(name).facts, books.master.policies.approvals.asked
    found: list[Document | Event] = [*facts.versions.get(name, ()), *facts.events.get(name, ())]
    found += [event for event in books.customs("o2c-limit", "o2c-close") if customer(event) == name]
    return [one for one in found if kind_of(one) in asked or (isinstance(one, Event) and lifts_limit(one))]


def fault_of(books: Books, one: Document | Event) -> str:
    """Say why an entry is not approved afterwards; empty where it is. Copies of a note need an approval each."""
    names = {getattr(one, "doc_id", ""), getattr(one, "subject", ""), customer(one)} - {""}
    wanted = _wanted(books, one)
    faults = [fault(event, wanted, event.date) for name in sorted(names) for event in given(books, name)]
    return "" if faults.count("") >= _times(books, one) > 0 else "nobody approved it"


def _times(books: Books, one: Document | Event) -> int:
    """Count how often a note that adds up stands in the books; other copies do no harm, or other checks find them."""
    if not isinstance(one, Event) or kind_of(one) != RELEASE:
        return 1
    return sum(content(each) == content(one) for each in books.about(one.subject).facts.events.get(one.subject, ()))


def _wanted(books: Books, one: Document | Event) -> Approval:
    policies = books.master.policies
    need = policies.approvals.needs.get(kind_of(one))
    role = need.role if need else policies.approvals.role
    said = digest(content(one))
    return Approval(said, one.act.by or UNKNOWN, role, policies.users, _FOREVER, alone=policies.approvals.is_single)
