"""The books as they stand at the end of a month: read once, asked by every check and proposal of the close."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.data import Transaction

from o2c.errors import Refused
from o2c.model import unbilled
from o2c.model.items import open_items
from o2c.model.money import ZERO
from o2c.model.reading import source

if TYPE_CHECKING:
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.model.documents import Value
    from o2c.model.facts import Facts
    from o2c.model.findings import Source
    from o2c.model.items import Item
    from o2c.model.periods import Period
    from o2c.model.unbilled import Gap


class Posted(NamedTuple):
    """A posting on an account: its day, amount (debit positive), metadata, and the entry where it stands."""

    date: Date
    entry: Transaction
    account: str
    number: Decimal
    currency: str
    facts: dict[str, Value]

    @property
    def title(self) -> str:
        """The number of its document, or what the entry says."""
        return str(self.entry.meta.get("doc-id") or self.entry.narration or "transaction")

    @property
    def place(self) -> Source:
        """Where the entry stands."""
        return source(self.entry)


class AtEnd:
    """Loaded books and a month; everything here counts what is dated up to and with its last day."""

    def __init__(self, books: Books, month: Period) -> None:
        """Look at books at the end of a month."""
        self.books = books
        self.month = month
        self.currency = books.master.company.currency
        self.accounts = books.master.company.accounts
        self._rates: dict[str, Decimal] = {}

    @property
    def next_day(self) -> Date:
        """The first day after the month, on which its accruals are taken back."""
        return self.month.last + timedelta(days=1)

    @property
    def facts(self) -> Facts:
        """All facts of the books, later ones too."""
        return self.books.facts

    @cached_property
    def items(self) -> list[Item]:
        """The open items."""
        return open_items(self.facts.moved, self.month.last)

    @cached_property
    def gaps(self) -> list[Gap]:
        """The order lines where delivery and invoice differ."""
        return unbilled.gaps(self.facts, self.month.last)

    @cached_property
    def documents(self) -> list[Document]:
        """The documents of the month itself, in the order of the books."""
        return [doc for doc in self.facts.documents() if self.month.first <= doc.date <= self.month.last]

    @cached_property
    def postings(self) -> dict[str, list[Posted]]:
        """The postings by account."""
        found: dict[str, list[Posted]] = defaultdict(list)
        for entry in self.books.booked:
            if isinstance(entry, Transaction) and entry.date <= self.month.last:
                for posting in entry.postings:
                    units = posting.units
                    if units is not None and units.number:
                        one = Posted(
                            entry.date, entry, posting.account, units.number, units.currency, posting.meta or {}
                        )
                        found[posting.account].append(one)
        return found

    def balance(self, account: str, currency: str = "") -> Decimal:
        """Sum an account in a currency (that of the books), debit positive."""
        wanted = currency or self.currency
        return sum((one.number for one in self.postings.get(account, ()) if one.currency == wanted), ZERO)

    def rate(self, currency: str) -> Decimal:
        """Give the rate of the last day; raises Refused, with the line to add, where none is known."""
        if currency == self.currency:
            return ZERO + 1
        if currency not in self._rates:
            self._rates[currency] = self.books.rate(currency, self.month.last)
        return self._rates[currency]

    def name_of(self, customer: str) -> str:
        """Give a customer's name as master data have it, else the code."""
        known = self.books.master.customers.get(customer)
        return known.name if known else customer

    def require_open(self, account: str) -> str:
        """Pass an account that is open on the last day; raises Refused with the line to add, or its day."""
        opened, start = self.books.opened(account), self.books.master.company.books_start
        not_open = f"{account} is not open on {self.month.last}"
        if opened is None:
            raise Refused(f"{not_open}; add the line `{start} open {account}` to the accounts")
        if opened > self.month.last:
            raise Refused(f"{not_open}: it opens on {opened}; date its `open` line {start}, or name a later month")
        return account
