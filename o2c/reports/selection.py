"""Whom and what a report looks at: everybody, one customer, or a credit group; all currencies, or one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.ages import DUE
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.reports import scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.ages import AgesByCustomer
    from o2c.model.documents import Document
    from o2c.model.facts import Moved
    from o2c.model.items import Item


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of the books that a report looks at, and the questions it asks of it.

    `customer` and `currency` empty: all. `members` are the customers of a credit group; None: no group was asked for.
    Amounts are debit positive, gross of tax, each in its own currency; days include their end.
    """

    books: Books
    customer: str = ""
    currency: str = ""
    members: frozenset[str] | None = None

    def takes(self, customer: str, currency: str = "") -> bool:
        """Tell whether something of this customer, in this currency, belongs to the selection."""
        if self.currency and currency and currency != self.currency:
            return False
        if self.members is not None:
            return customer in self.members
        return not self.customer or customer == self.customer

    def open_items(self, day: date) -> list[Item]:
        """List the items not settled at the end of a day, oldest due first."""
        found = self.books.open_items(day, self.customer, self.currency)
        return found if self.members is None else [item for item in found if item.customer in self.members]

    def ages(self, day: date, last_days: Sequence[int], basis: str = DUE) -> AgesByCustomer:
        """Sum what is open by customer, currency and age; see `model.ages`."""
        found = self.books.ages(day, last_days, basis, customer=self.customer, currency=self.currency)
        return {key: ages for key, ages in found.items() if self.takes(key[0])}

    def balances(self, day: date) -> dict[str, Decimal]:
        """Sum the customers' accounts at the end of a day, by currency."""
        sums: dict[str, Decimal] = {}
        for (customer, currency), balance in self.books.balances(day, self.customer, self.currency).items():
            if self.takes(customer):
                sums[currency] = sums.get(currency, ZERO) + balance
        return sums

    def sales(self, after: date, until: date) -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency."""
        if self.members is None:
            return self.books.sales(after, until, self.customer, self.currency)
        return added(self.books.sales(after, until, member, self.currency) for member in sorted(self.members))

    def moved(self, until: date) -> list[Moved]:
        """List the movements on customers' accounts up to and with a day, in the order of the books."""
        return [
            move
            for move in self.books.facts.moved
            if move.date <= until and self.takes(names.customer_of(move.movement.account), move.movement.currency)
        ]

    def documents(self, *doc_types: str, until: date) -> Iterable[Document]:
        """List documents up to and with a day, in the order of the books, orders in the version of the day."""
        for doc in self.books.facts.documents(*doc_types, as_of=until):
            if self.takes(doc.customer, doc.currency):
                yield doc


def select(books: Books, customer: str = "", currency: str = "", group: str = "") -> Selection:
    """Choose what a report looks at; a group is the `credit_group` of the master data, as it is today.

    Raises NotFound for an unknown customer or group, WrongUsage for what is no currency and for customer and group at
    once.
    """
    if customer and group:
        raise WrongUsage("--customer and --group contradict each other; give one of them")
    scope.require(books, customer, currency)
    return Selection(books, customer, currency, _members(books, group) if group else None)


def _members(books: Books, group: str) -> frozenset[str]:
    groups: dict[str, set[str]] = {}
    for code, customer in books.master.customers.items():
        if customer.credit_group:
            groups.setdefault(customer.credit_group, set()).add(code)
    if group not in groups:
        known = ", ".join(sorted(groups)) or "none"
        raise NotFound(f"there is no credit group {shown(group)}; known are {known}: `credit_group` in customers.yaml")
    return frozenset(groups[group])


def added(sums: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Add sums by currency."""
    total: dict[str, Decimal] = {}
    for one in sums:
        for currency, amount in one.items():
            total[currency] = total.get(currency, ZERO) + amount
    return total


def reason_text(books: Books, reason: str) -> str:
    """Say what a reason means, by the policies of today; empty where they do not know it."""
    try:
        known = books.master.policies.reasons.get(reason)
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return ""
    return known.text if known else ""
