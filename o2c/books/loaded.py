"""The books at one moment, loaded whole: what verbs, reports and checks may ask of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core import data

from o2c.books import guards
from o2c.errors import BooksBroken
from o2c.model import ages
from o2c.model import names
from o2c.model import periods
from o2c.model.facts import Facts
from o2c.model.items import open_items
from o2c.model.memory import no_collection
from o2c.model.money import ZERO
from o2c.model.numbering import Numbers
from o2c.model.numbering import last_numbers
from o2c.model.rates import require_rate

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Moved
    from o2c.model.findings import Finding
    from o2c.model.findings import Source
    from o2c.model.items import Item

MAIN = "main.beancount"
#: Sales by currency and day.
SalesByDay = dict[str, dict["Date", "Decimal"]]
#: The name under which entries that are not yet written show in messages.
NEW = "new entries"


class Numbered(NamedTuple):
    """A number, the type and day of the document that used it first, and where that stands."""

    doc_id: str
    doc_type: str
    date: Date
    source: Source


class Stamp(NamedTuple):
    """What tells a file from a changed one: size, times of content and inode, inode."""

    size: int
    mtime: int
    ctime: int
    inode: int


def stamp(path: Path) -> Stamp | None:
    """Take the stamp of a file; None where there is no such file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def master_stamps(root: Path) -> dict[Path, Stamp | None]:
    """Take the stamps of the master data, which postings are made from as well."""
    return {path: stamp(path) for path in sorted((root / "master").glob("*.yaml"))}


class Books:
    """The books at one moment.

    `parsed`, `booked` and `entries` are the directives after parsing, after booking (before plugins: what the files
    say) and after plugins; each sorted as Beancount sorts. `errors` are all errors of the loader, plugins included.
    `stamps` are the files as they were before they were read.
    """

    def __init__(
        self,
        root: Path,
        parsed: list[Directive],
        booked: list[Directive],
        entries: list[Directive],
        errors: Sequence[Finding],
        options: dict[str, Any],
        stamps: dict[Path, Stamp | None],
    ) -> None:
        """Hold what one load gave."""
        self.root = root
        self.main = root / MAIN
        self.parsed = parsed
        self.booked = booked
        self.entries = entries
        self.errors = tuple(errors)
        self.options = options
        self.stamps = stamps

    @cached_property
    def facts(self) -> Facts:
        """Documents, events and movements of the entries as the files say them, before plugins."""
        with no_collection():
            return Facts(self.booked)

    @cached_property
    def master(self) -> Master:
        """The master data beside the ledger; raises BooksBroken with every fault."""
        from o2c import master

        return master.load(self.root)

    def customer_names(self) -> Mapping[str, str]:
        """Give the names of customers by their codes; none where the master data are at fault."""
        try:
            return {code: customer.name for code, customer in self.master.customers.items()}
        except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
            return {}

    def about(self, *_names: str, since: Date | None = None) -> Books:  # noqa: ARG002 - here: all
        """Give books that hold at least everything about these documents, items and customers; here: all.

        Of a customer: open items, orders not cancelled of which something is not delivered or not invoiced, and limits,
        approvals and other entries that name him; as of any day from `since` on, without it as of the end of the books.
        """
        return self

    def dated(
        self,
        first: Date,  # noqa: ARG002 - here: all days
        last: Date,  # noqa: ARG002 - as above
        customers: Collection[str] | None = None,  # noqa: ARG002 - here: everybody
        *,
        doc_types: Collection[str] | None = None,  # noqa: ARG002 - here: all types
        with_items: bool = False,  # noqa: ARG002 - here: always
    ) -> Books:
        """Give books that hold at least everything dated from the first to the last day, both inclusive; here: all.

        That is documents, with all their versions and events, with the documents that reversals and allocations refer
        to, and movements. `customers` and `doc_types`: of some customers, only documents of some types; else of all.
        `with_items`: also all movements of the items moved in these days. Questions about other days (balances, open
        items, sales) have the answers of all books.
        """
        return self

    def unfinished(self, _step: str) -> list[str]:
        """Name the orders that may wait for a step (confirm, deliver, invoice); perhaps more, never fewer."""
        return [order.doc_id for order in self.facts.documents(names.ORDER)]

    def in_parts(
        self,
        as_of: Date,
        only: str = "",  # noqa: ARG002 - here: all at once
        customer: str = "",  # noqa: ARG002 - as above
    ) -> Iterator[tuple[Books, list[str]]]:
        """Give the orders of a day in the order of the books, with books that hold everything about them; here: all.

        `only`: at least those that are open, held or incomplete. `customer`: at least those of a customer.
        """
        yield self, [order.doc_id for order in self.facts.documents(names.ORDER, as_of=as_of)]

    def documents(
        self,
        *doc_types: str,
        as_of: Date,
        customer: str = "",
        among: Collection[str] | None = None,
        brief: bool = False,  # noqa: ARG002 - here: all of them
    ) -> Iterable[Document]:
        """List documents in the order of the books, in the version of the day; of a customer, among these numbers.

        `brief`: of a document at least type, number, day, customer, payee, currency, due date, terms, reason, version,
        what it refers to, who made it, and the facts `reverses`, `undoes` and `invoice`; its movements; of its lines
        what they sell, quantity, unit, net, and the order, its line and the delivery they are of; bases of its taxes;
        its place. That is quicker to read.
        """
        return [
            doc
            for doc in self.facts.documents(*doc_types, as_of=as_of)
            if (not customer or doc.customer == customer) and (among is None or doc.doc_id in among)
        ]

    def makers(self, as_of: Date, *, currencies: bool = False) -> Facts:  # noqa: ARG002 - here they are always known
        """Give facts up to the end of a day, at least what `model.duties` compares: who made what, and what it names.

        Only with `currencies` all documents are sure to have theirs.
        """
        if all(entry.date <= as_of for entry in self.booked[-1:]):
            return self.facts
        return Facts(entry for entry in self.booked if entry.date <= as_of)

    def events(self, *kinds: str) -> dict[str, list[Event]]:
        """Give the events of some kinds by their subjects, in the order of the books."""
        found = {
            subject: [event for event in events if event.kind in kinds] for subject, events in self.facts.events.items()
        }
        return {subject: events for subject, events in found.items() if events}

    def numbers(self) -> Numbers:
        """Prepare to draw numbers after those in the books."""
        company = self.master.company
        last = last_numbers(self.facts.documents(), company.numbering)
        return Numbers(last, company.numbering, company.fiscal_year_start)

    def customs(self, *kinds: str) -> list[Event]:
        """List the customs of some kinds, like o2c-limit, in the order of the books."""
        return [event for event in self.facts.customs if event.kind in kinds]

    def existed(self, key: str) -> list[Document | Event]:
        """List what was posted under an idempotency key."""
        return self.facts.keys.get(key, [])

    def rate(self, currency: str, day: Date) -> Decimal:
        """Give the worth of one unit of a currency on a day; raises Refused, with the line to add, if unknown."""
        return require_rate(self.booked, currency, self.master.company.currency, day)

    def opened(self, account: str) -> Date | None:
        """Give the day on which an account was opened; None where it was not."""
        return self._opened.get(account)

    @cached_property
    def _opened(self) -> dict[str, Date]:
        return {entry.account: entry.date for entry in self.entries if isinstance(entry, data.Open)}

    def closed_through(self) -> Date | None:
        """Give the last day of the latest closed period; None while all is open."""
        return periods.closed_through(self.facts.customs)

    def preview(self, text: str, lines_before: int) -> tuple[Sequence[Finding], list[Directive]]:
        """Give the errors the books would have with this text behind them, and its directives, in its order."""
        from o2c.books.loading import preview

        after, directives = preview(self, text, lines_before)
        return after.errors, directives

    def written(self, path: Path, content: bytes) -> None:
        """Take note that a file now has this content; nothing to do where all is loaded each time."""

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """List the items not settled at the end of a day, oldest due first; of a customer, in a currency if named."""
        return open_items(self._moved(customer, currency), as_of)

    def ages(
        self, as_of: Date, last_days: Sequence[int], basis: str = ages.DUE, *, customer: str = "", currency: str = ""
    ) -> ages.AgesByCustomer:
        """Sum what is open at the end of a day by customer, currency and age; see `model.ages`."""
        return ages.ages(self.open_items(as_of, customer, currency), as_of, last_days, basis)

    def balances(self, as_of: Date, customer: str = "", currency: str = "") -> dict[tuple[str, str], Decimal]:
        """Sum the accounts of customers at the end of a day, by customer and currency, debit positive."""
        sums: dict[tuple[str, str], Decimal] = {}
        for move in self._moved(customer, currency):
            if move.date <= as_of:
                key = (names.customer_of(move.movement.account), move.movement.currency)
                sums[key] = sums.get(key, ZERO) + move.movement.amount
        return sums

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency, gross."""
        sums: dict[str, Decimal] = {}
        for move in self._moved(customer, currency):
            if after < move.date <= until and self._is_sale(move):
                sums[move.movement.currency] = sums.get(move.movement.currency, ZERO) + move.movement.amount
        return sums

    def sales_by_day(self, until: Date, customer: str = "", currency: str = "") -> SalesByDay:
        """Sum sales of each day up to and with a day, by currency, gross; days without sales are left out."""
        sums: SalesByDay = {}
        for move in self._moved(customer, currency):
            if move.date <= until and self._is_sale(move):
                days = sums.setdefault(move.movement.currency, {})
                days[move.date] = days.get(move.date, ZERO) + move.movement.amount
        return sums

    def numbered(self, until: Date) -> Iterable[Numbered]:
        """List the numbers of all documents up to and with a day, each once, as it was first used."""
        first = (min(versions, key=lambda doc: doc.date) for versions in self.facts.versions.values())
        return [Numbered(doc.doc_id, doc.doc_type, doc.date, doc.source) for doc in first if doc.date <= until]

    def posted(self, account: str, as_of: Date) -> dict[str, Decimal]:
        """Sum the postings on any account up to the end of a day, by currency, debit positive; zeros are left out."""
        return posted(self.booked, account, as_of)

    def _is_sale(self, move: Moved) -> bool:
        if move.doc_type != names.REVERSAL:
            return move.doc_type in names.SALES_TYPES
        reversed_ = self.facts.versions.get(self.facts.versions[move.doc_id][0].refers, ())
        return any(doc.doc_type in names.SALES_TYPES for doc in reversed_)

    def _moved(self, customer: str, currency: str) -> list[Moved]:
        accounts = {names.receivable(customer), names.deposit(customer)}
        return [
            move
            for move in self.facts.moved
            if (not customer or move.movement.account in accounts)
            and (not currency or move.movement.currency == currency)
        ]

    def payee(self, doc_id: str) -> str:
        """Give the name on a document; empty where there is none."""
        return next((doc.payee for doc in self.facts.versions.get(doc_id, ()) if doc.payee), "")

    @property
    def is_unchecked(self) -> bool:
        """Tell whether nobody knows yet if the books load clean; loaded books are checked."""
        return False

    def require_clean(self) -> None:
        """Raise BooksBroken with every error, unless the books load clean and were really checked."""
        if faults := self.faults():
            raise BooksBroken(_sentence(fault) for fault in faults)

    def faults(self) -> list[Finding]:
        """List what makes the books unfit for posting: errors, a guard that did not run, options that hide errors."""
        lost = guards.lost(self.main, self.booked, self.entries)
        return [*self.errors, *guards.findings(self.main, self.options, self.booked), *lost]


def posted(entries: Iterable[Directive], account: str, as_of: Date) -> dict[str, Decimal]:
    """Sum the postings of booked entries on an account up to the end of a day, by currency; zeros are left out."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        if isinstance(entry, data.Transaction) and entry.date <= as_of:
            for posting in entry.postings:
                if posting.account == account and posting.units is not None and posting.units.number is not None:
                    code = posting.units.currency
                    sums[code] = sums.get(code, ZERO) + posting.units.number
    return {code: number for code, number in sums.items() if number}


def _sentence(error: Finding) -> str:
    return f"{error.source}: {error.message.splitlines()[0]}; correct it, `o2c check` shows all"
