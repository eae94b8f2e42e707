"""Everything in the books that needed a second person has one, and bank details are those that were approved."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.books.index.months import reversed_in
from o2c.credit.rules import OF_LIMITS
from o2c.errors import Refused
from o2c.model.approvals import BANK_DETAIL
from o2c.model.approvals import LIMIT
from o2c.model.approvals import RELEASE
from o2c.model.approvals import customer
from o2c.model.approvals import kind_of
from o2c.model.approvals import lifts_limit
from o2c.model.approvals import made
from o2c.model.approvals import over
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.proposals.afterwards import fault_of
from o2c.proposals.bank_details import unapproved
from o2c.proposals.needed import is_recent
from o2c.proposals.needed import weighed
from o2c.proposals.posted import approval_fault
from o2c.proposals.standing import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.checks.evidence import Evidence
    from o2c.model.approvals import Weighed
    from o2c.model.documents import Document
    from o2c.model.documents import Event

NAME = "approvals"


def approvals(evidence: Evidence) -> list[Finding]:
    """List every entry over what one person may do alone that nobody else approved, and unapproved bank details.

    In the mode `single` nothing is missing; `covers` says then that duties are not separated.
    """
    if evidence.master is None or evidence.master.policies.approvals.is_single:
        return []
    return [*_of_entries(evidence), *_of_warnings(evidence), *_of_bank_details(evidence)]


def covers(evidence: Evidence) -> str:
    """Say how many entries were looked at, and where nobody separates duties."""
    if evidence.master is None or evidence.loaded is None:
        return "the policies are not known; see `o2c check master`"
    policy = evidence.master.policies.approvals
    if not policy.needs:
        return "not separated: policies.yaml names nothing that needs a second person"
    found = len(_asked(evidence))
    looked = f"{found:,} {'entry' if found == 1 else 'entries'} of {', '.join(policy.needs)} since {policy.since}"
    return f"not separated: one person may do all (approvals.mode is single); {looked}" if policy.is_single else looked


def _asked(evidence: Evidence) -> list[Document | Event]:
    """List the entries that may need a second person, in the order in which they were made."""
    policy = evidence.books.master.policies.approvals
    facts = evidence.books.facts
    undone = reversed_in(facts)
    found: list[Document | Event] = [
        doc for versions in facts.versions.values() for doc in versions if doc.doc_id not in undone
    ]
    found += [event for events in facts.events.values() for event in events]
    found += facts.customs
    return [entry for entry in found if kind_of(entry) in policy.needs and is_recent(entry, policy)]


def _of_entries(evidence: Evidence) -> Iterator[Finding]:
    books = evidence.books
    fault = approval_fault(evidence.root, books)
    alone: list[Weighed] = []
    why: dict[int, str] = {}
    for entry in _asked(evidence):
        try:
            one = weighed(books, [entry])[0]
        except Refused as error:
            yield Finding(NAME, entry.source, f"what it weighs is not known: {error}")
            continue
        said = fault(entry)
        if said:
            alone.append(one)
            why[id(one)] = said
    needs = books.master.policies.approvals.asked
    for one in over(sorted(alone, key=made), needs):
        yield _finding(one, why[id(one)], needs[one.kind].role)


def _finding(one: Weighed, why: str, role: str) -> Finding:
    name = getattr(one.entry, "doc_id", "") or getattr(one.entry, "subject", "") or customer(one.entry)
    within = "" if one.kind == LIMIT else f" in {one.entry.date:%Y-%m}"
    return Finding(
        NAME,
        one.entry.source,
        f"{one.kind} {name} needs approval by {role}, with what was done for {customer(one.entry) or 'it'}{within}: "
        f"{why}; reverse it and do it anew, or let {role} answer for it with `o2c proposal approve {name}`",
    )


def _of_warnings(evidence: Evidence) -> Iterator[Finding]:
    """Find warnings that let a document go beyond every limit, where no rule of the policies only warns of limits."""
    books = evidence.books
    policies = books.master.policies
    limits = [policies.credit.rules[name] for name in OF_LIMITS if name in policies.credit.rules]
    if RELEASE not in policies.approvals.asked or any("warn" in rule.actions.values() for rule in limits):
        return
    for event in (event for events in books.facts.events.values() for event in events):
        if lifts_limit(event) and is_recent(event, policies.approvals) and fault_of(books, event):
            yield Finding(
                NAME,
                event.source,
                f"this warning lets {event.subject} go beyond every limit, but the policies never only warn of limits; "
                f"take it out, or let {policies.approvals.role} answer for it with "
                f"`o2c proposal approve {event.subject}`",
            )


def _of_bank_details(evidence: Evidence) -> Iterator[Finding]:
    books = evidence.books
    if BANK_DETAIL not in books.master.policies.approvals.asked:
        return
    for one in books.master.customers.values():
        said = unapproved(books, one, given(books, one.code), Date.max)
        if said:
            file, _, line = one.source.rpartition(":")
            yield Finding(
                NAME,
                Source(file, int(line)),
                f"the bank details of {one.code} are not approved: {said}; compare them with the customer's letter, "
                f"then run `o2c customer approve {one.code}`",
            )
