"""Small books cut out of large ones, to show or judge some documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from o2c.books.index import closure
from o2c.books.index import customers
from o2c.books.index import slices
from o2c.books.index import store
from o2c.books.loaded import Books
from o2c.model.ages import DUE
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal
    from typing import Any

    from beancount.core.data import Directive

    from o2c.books.loaded import Numbered
    from o2c.books.loaded import SalesByDay
    from o2c.master import Master
    from o2c.model.ages import AgesByCustomer
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts
    from o2c.model.items import Item
    from o2c.model.numbering import Numbers


class Slice(Books):
    """Small books cut out of large ones: facts of what was asked for, everything else from the large ones."""

    def __init__(self, of: Books, entries: list[Directive], facts: Facts) -> None:
        """Hold what was cut out."""
        super().__init__(of.root, entries, entries, entries, (), of.options, {})
        self._of = of
        self.facts = facts

    @cached_property
    def master(self) -> Master:
        """The master data beside the ledger."""
        return self._of.master

    def customer_names(self) -> Mapping[str, str]:
        """Ask the large books."""
        return self._of.customer_names()

    def about(self, *wanted: str, since: Date | None = None) -> Books:
        """Ask the large books."""
        return self._of.about(*wanted, since=since)

    def unfinished(self, step: str) -> list[str]:
        """Ask the large books."""
        return self._of.unfinished(step)

    def in_parts(self, as_of: Date, only: str = "", customer: str = "") -> Iterator[tuple[Books, list[str]]]:
        """Ask the large books."""
        return self._of.in_parts(as_of, only, customer)

    def makers(self, as_of: Date, *, currencies: bool = False) -> Facts:
        """Ask the large books."""
        return self._of.makers(as_of, currencies=currencies)

    def events(self, *kinds: str) -> dict[str, list[Event]]:
        """Ask the large books."""
        return self._of.events(*kinds)

    def customs(self, *kinds: str) -> list[Event]:
        """Ask the large books."""
        return self._of.customs(*kinds)

    def numbers(self) -> Numbers:
        """Draw after the numbers of the large books."""
        return self._of.numbers()

    def existed(self, key: str) -> list[Document | Event]:
        """Ask the large books."""
        return self._of.existed(key)

    def rate(self, currency: str, day: Date) -> Decimal:
        """Ask the large books."""
        return self._of.rate(currency, day)

    def opened(self, account: str) -> Date | None:
        """Ask the large books."""
        return self._of.opened(account)

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """Ask the large books: all items, not only those that were cut out."""
        return self._of.open_items(as_of, customer, currency)

    def balances(self, as_of: Date, customer: str = "", currency: str = "") -> dict[tuple[str, str], Decimal]:
        """Ask the large books."""
        return self._of.balances(as_of, customer, currency)

    def ages(
        self, as_of: Date, last_days: Sequence[int], basis: str = DUE, *, customer: str = "", currency: str = ""
    ) -> AgesByCustomer:
        """Ask the large books."""
        return self._of.ages(as_of, last_days, basis, customer=customer, currency=currency)

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Ask the large books."""
        return self._of.sales(after, until, customer, currency)

    def sales_by_day(self, until: Date, customer: str = "", currency: str = "") -> SalesByDay:
        """Ask the large books."""
        return self._of.sales_by_day(until, customer, currency)

    def numbered(self, until: Date) -> Iterable[Numbered]:
        """Ask the large books."""
        return self._of.numbered(until)

    def posted(self, account: str, as_of: Date) -> dict[str, Decimal]:
        """Ask the large books."""
        return self._of.posted(account, as_of)


def cut_out(
    connection: sqlite3.Connection, options: dict[str, Any], wanted: Iterable[str], since: Date | None
) -> tuple[list[Directive], Facts]:
    """Read everything about these documents, items, names and customers. Raises Torn where it cannot be read alone."""
    wanted = _texts(wanted)
    asked = set(wanted)
    with store.reading(connection), no_collection():
        for name in sorted(asked):
            asked.update(customers.names_about(connection, name, since))
        found, complete = closure.pieces(connection, asked)
        more = [*closure.events(connection, closure.GENERAL), *closure.of_customers(connection, wanted)]
        found |= {piece.id: piece for piece in more}
        entries = slices.booked(slices.directives(connection, found.values()), options)
    return entries, slices.facts(entries, complete)


def _texts(names: Iterable[str]) -> list[str]:
    """Leave out names made of bytes that are no text: nothing in the books is called so, and SQLite cannot be asked."""
    return [name for name in names if not any("\ud800" <= sign <= "\udfff" for sign in name)]
