"""Whom and what a report looks at: everybody, one customer, or a credit group; all currencies, or one."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
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
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.books.loaded import SalesByDay
    from o2c.model.ages import AgesByCustomer
    from o2c.model.documents import Document
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.reports.span import Span


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of the books that a report looks at, and the questions it asks of it.

    `customer` and `currency` empty: all. `members` are the customers of a credit group; None: no group was asked for.
    `group` is its code. Amounts are debit positive, gross of tax, each in its own currency; days include their end.
    """

    books: Books
    customer: str = ""
    currency: str = ""
    members: frozenset[str] | None = None
    group: str = ""

    def takes(self, customer: str, currency: str = "") -> bool:
        """Tell whether something of this customer, in this currency, belongs to the selection."""
        if self.currency and currency and currency != self.currency:
            return False
        if self.members is not None:
            return customer in self.members
        return not self.customer or customer == self.customer

    def concerns(self, name: str) -> bool:
        """Tell whether an act about a customer, or about a credit group, belongs to the selection."""
        return self.takes(name) or (self.members is not None and name == self.group)

    def open_items(self, day: date) -> list[Item]:
        """List the items not settled at the end of a day, oldest due first."""
        found = self.books.open_items(day, self.customer, self.currency)
        return found if self.members is None else [item for item in found if item.customer in self.members]

    def ages(self, day: date, last_days: Sequence[int], basis: str = DUE) -> AgesByCustomer:
        """Sum what is open by customer, currency and age; see `model.ages`."""
        found = self.books.ages(day, last_days, basis, customer=self.customer, currency=self.currency)
        return {key: ages for key, ages in found.items() if self.takes(key[0])}

    def accounts(self, day: date) -> dict[tuple[str, str], Decimal]:
        """Give the balance of each customer at the end of a day, by customer and currency."""
        found = self.books.balances(day, self.customer, self.currency)
        return {key: balance for key, balance in found.items() if self.takes(key[0])}

    def brought_forward(self, period: Span) -> dict[tuple[str, str], Decimal]:
        """Give the balance of each customer before the first day of a period, by customer and currency."""
        return self.accounts(period.before) if period.before < period.first else {}

    def balances(self, day: date) -> dict[str, Decimal]:
        """Sum the customers' accounts at the end of a day, by currency."""
        sums: dict[str, Decimal] = {}
        for (_, currency), balance in self.accounts(day).items():
            sums[currency] = sums.get(currency, ZERO) + balance
        return sums

    def sales(self, after: date, until: date) -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency."""
        if self.members is None:
            return self.books.sales(after, until, self.customer, self.currency)
        return added(self.books.sales(after, until, member, self.currency) for member in sorted(self.members))

    def sales_by_day(self, until: date) -> SalesByDay:
        """Sum the sales of each day up to and with a day, by currency; days without sales are left out."""
        if self.members is None:
            return self.books.sales_by_day(until, self.customer, self.currency)
        found: SalesByDay = {}
        for member in sorted(self.members):
            for currency, days in self.books.sales_by_day(until, member, self.currency).items():
                found[currency] = added_by_day(found.get(currency, {}), days)
        return found

    def during(self, period: Span, *, doc_types: Collection[str] | None = None, with_items: bool = False) -> Selection:
        """Give the same selection of books that hold at least the entries of a period; see `Books.dated`."""
        whom = {self.customer} if self.customer else self.members
        return replace(self, books=self.books.dated(*period, whom, doc_types=doc_types, with_items=with_items))

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
    return Selection(books, customer, currency, _members(books, group) if group else None, group)


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


def added_by_day(one: Mapping[date, Decimal], other: Mapping[date, Decimal]) -> dict[date, Decimal]:
    """Add sums by day."""
    return {day: one.get(day, ZERO) + other.get(day, ZERO) for day in one.keys() | other.keys()}


def reason_text(books: Books, reason: str) -> str:
    """Say what a reason means, by the policies of today; empty where they do not know it."""
    try:
        known = books.master.policies.reasons.get(reason)
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return ""
    return known.text if known else ""
