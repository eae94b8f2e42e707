"""The bank details of customers: an approval names the hash of exactly these IBANs, and a changed one voids it.

Who last changed customers.yaml is not known to the books: the approver must hold the role, but that it was another
person who made the change cannot be proved here; version control may tell.
"""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c import posting
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model.approvals import BANK_DETAIL
from o2c.model.approvals import Approval
from o2c.model.approvals import fault
from o2c.model.approvals import person_fault
from o2c.proposals.approving import entry
from o2c.proposals.proposal import digest
from o2c.proposals.standing import given

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.books import Books
    from o2c.master.customers import Customer
    from o2c.model.documents import Act
    from o2c.model.documents import Event
    from o2c.posting import Posted

#: What the books know of who prepared a change of master data.
UNKNOWN = "not known"


def content_hash(customer: Customer) -> str:
    """Hash a customer's code and IBANs, in any order."""
    return digest("\n".join((customer.code, *sorted(customer.ibans))))


def approve(root: Path, codes: Sequence[str], act: Act, day: Date, *, dry_run: bool = False) -> Posted:
    """Post an approval of the bank details of each customer; those approved already stay as they are.

    Raises Refused where the person lacks the role or a customer has no bank details, NotFound for an unknown one.
    """

    def compose(books: Books) -> Sequence[Event]:
        made = []
        for code in codes:
            customer = _customer(books, code)
            wanted = _wanted(books, customer)
            problem = person_fault(act.by, wanted)
            if problem:
                raise Refused(f"{code}: {problem}; nothing was approved")
            if unapproved(books, customer, given(books, code), Date.max):
                made.append(entry(act, day, code, wanted, BANK_DETAIL))
        return made

    return posting.post(root, compose, act, dry_run=dry_run)


def _customer(books: Books, code: str) -> Customer:
    customer = books.master.customers.get(code)
    if customer is None:
        raise NotFound(f"there is no customer {code}; `o2c customer list` shows them")
    if not customer.ibans:
        raise Refused(f"{customer.source}: {code} has no bank details to approve")
    return customer


def _wanted(books: Books, customer: Customer) -> Approval:
    policies = books.master.policies
    policy = policies.approvals
    need = policy.needs.get(BANK_DETAIL)
    days = (Date.max - Date(1900, 1, 1)).days
    role = need.role if need else policy.role
    return Approval(content_hash(customer), UNKNOWN, role, policies.users, days, alone=policy.is_single)


def unapproved(books: Books, customer: Customer, approvals: Sequence[Event], day: Date) -> str:
    """Say why the bank details of a customer are not approved as of a day; empty where they are, or there are none."""
    if not customer.ibans:
        return ""
    wanted = _wanted(books, customer)
    faults = [fault(event, wanted, day) for event in approvals]
    if "" in faults:
        return ""
    return faults[-1] if faults else "nobody approved them"


def require_approved(books: Books, code: str, day: Date) -> None:
    """Refuse to pay money to a customer whose bank details nobody approved, where the policy asks for that."""
    customer = books.master.customers.get(code)
    if customer is None or BANK_DETAIL not in books.master.policies.approvals.asked:
        return
    problem = unapproved(books, customer, given(books, code), day)
    if problem:
        raise Refused(
            f"{customer.source}: the bank details of {code} are not approved: {problem}; "
            f"another person runs `o2c customer approve {code}`, then do this again"
        )
