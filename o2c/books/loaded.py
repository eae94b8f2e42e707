"""The one door in: the books as Beancount loads them, and as they would be with more entries.

Beancount's pickle cache is never used: it executes code from the folder and answers from stale files (dangers D04,
D05). The garbage collector pauses while a book loads: nothing is freed then, and it costs a third of the time.
"""

from __future__ import annotations

import copy
import gc
import os
import sys
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount import loader
from beancount.core import data
from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import parser

from o2c import master
from o2c.books import guards
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.model import names
from o2c.model import periods
from o2c.model.facts import Facts
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.items import open_items
from o2c.model.money import ZERO
from o2c.model.numbering import Numbers
from o2c.model.numbering import last_numbers
from o2c.model.rates import require_rate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.data import Directive

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Moved
    from o2c.model.items import Item

MAIN = "main.beancount"
#: The name under which entries that are not yet written show in messages.
NEW = "new entries"


#: What escapes from Beancount's loader on bad input (danger D11), instead of becoming an error of the books.
_ESCAPING = (ArithmeticError, ValueError, TypeError, UnicodeError, RecursionError)


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
        return master.load(self.root)

    def about(self, *_names: str) -> Books:
        """Give books that hold at least everything about these documents, items and customers; here: all."""
        return self

    def unfinished(self, _step: str) -> list[str]:
        """Name the orders that may wait for a step (confirm, deliver, invoice); perhaps more, never fewer."""
        return [order.doc_id for order in self.facts.documents(names.ORDER)]

    def numbers(self) -> Numbers:
        """Prepare to draw numbers after those in the books."""
        company = self.master.company
        last = last_numbers(self.facts.documents(), company.numbering)
        return Numbers(last, company.numbering, company.fiscal_year_start)

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
        after, directives = preview(self, text, lines_before)
        return after.errors, directives

    def written(self, path: Path, content: bytes) -> None:
        """Take note that a file now has this content; nothing to do where all is loaded each time."""

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """List the items not settled at the end of a day, oldest due first; of a customer, in a currency if named."""
        return open_items(self._moved(customer, currency), as_of)

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
        return [*self.errors, *guards.findings(self.main, self.options), *lost]


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause the garbage collector while many objects are made and none is freed."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def load(root: Path) -> Books:
    """Load the books in a folder with Beancount, without any cache; errors are kept, not raised.

    Raises NotFound when the folder holds no `main.beancount`.
    """
    main = root / MAIN
    if not main.is_file():
        raise NotFound(f"{main}: no such file; give the folder of the books with --books, or make one with `o2c init`")
    with no_collection():
        known = _stamps_before(main)
        master_before = master_stamps(root)
        parsed, parse_errors, options = _parse(main)
        parsed.sort(key=data.entry_sortkey)
        booked, booking_errors = _book(main, parsed, options)
        stamps = {Path(name): known.get(Path(name)) or stamp(Path(name)) for name in options["include"]}
        stamps |= master_before
        return _transform(root, parsed, booked, [*parse_errors, *booking_errors], options, stamps)


def preview(books: Books, text: str, lines_before: int = 0) -> tuple[Books, list[Directive]]:
    """Show the books as they would be with this text behind them, and the directives it holds, in its order.

    `lines_before` is the number of lines that will stand before the text in its file: Beancount orders the entries of
    a day by their lines, so the preview books lots in the order in which the written file will.
    All plugins, balance assertions and validations run over old and new entries together; nothing touches the disk.
    """
    with no_collection():
        parsed, parse_errors, _ = parser.parse_string("\n" * lines_before + text, NEW)
        if _needs_rebooking(parsed):
            everything = sorted([*books.parsed, *parsed], key=data.entry_sortkey)
            booked, booking_errors = _book(books.main, everything, books.options)
            new = [entry for entry in booked if entry.meta["filename"] == NEW]
        else:
            new, booking_errors = _book(books.main, parsed, books.options)
            booked = sorted([*books.booked, *new], key=data.entry_sortkey)
        after = _transform(books.root, parsed, booked, [*parse_errors, *booking_errors], books.options, {})
        return after, sorted(new, key=lambda entry: int(entry.meta["lineno"]))


def _needs_rebooking(parsed: list[Directive]) -> bool:
    """Tell whether lots are at stake: then new entries are booked together with all old ones, in order of days."""
    return any(
        posting.cost is not None
        for entry in parsed
        if isinstance(entry, data.Transaction)
        for posting in entry.postings
    )


def master_stamps(root: Path) -> dict[Path, Stamp | None]:
    """Take the stamps of the master data, which postings are made from as well."""
    return {path: stamp(path) for path in sorted((root / "master").glob("*.yaml"))}


def _stamps_before(main: Path) -> dict[Path, Stamp | None]:
    """Take stamps before reading, so that a change during the load is noticed later."""
    folders = [main.parent, *(folder for folder in main.parent.rglob("*") if folder.is_dir() and folder.name[0] != ".")]
    return {path: stamp(path) for folder in folders for path in folder.glob("*.beancount")}


def _parse(main: Path) -> tuple[list[Directive], list[Any], dict[str, Any]]:
    """Parse the main file and its includes; a bad line that makes Beancount raise is reported as an error."""
    try:
        return loader._parse_recursive([(os.path.abspath(main), True)], None)
    except _ESCAPING as error:
        raise BooksBroken(f"{main}: Beancount cannot read the books: {error!r}") from error


def _book(main: Path, parsed: list[Directive], options: dict[str, Any]) -> tuple[list[Directive], list[Any]]:
    """Match lots and complete amounts; a number that is too long for Beancount's arithmetic is reported as an error."""
    try:
        booked, errors = booking.book(parsed, options)
    except _ESCAPING as error:
        raise BooksBroken(
            f"{main}: Beancount cannot book the entries: {error!r}; look for a very long number"
        ) from error
    return booked, errors


def _transform(
    root: Path,
    parsed: list[Directive],
    booked: list[Directive],
    errors: list[Any],
    options: dict[str, Any],
    stamps: dict[Path, Stamp | None],
) -> Books:
    options, main = _fresh(options), root / MAIN
    path_before = list(sys.path)
    try:
        entries, all_errors = loader.run_transformations(list(booked), errors, options, None)
        all_errors.extend(validation.validate(entries, options, None, None))
    except (Exception, SystemExit) as error:
        raise BooksBroken(f"{main}: a plugin stopped the load: {error!r}; nothing was checked") from error
    finally:
        sys.path[:] = path_before
    return Books(root, parsed, booked, entries, [_finding(main, error) for error in all_errors], options, stamps)


def _fresh(options: dict[str, Any]) -> dict[str, Any]:
    """Copy the options so far that plugins of one run cannot leave marks for the next."""
    fresh = copy.copy(options)
    fresh["include"] = list(options["include"])
    fresh.pop("o2c-ran", None)
    return fresh


def _finding(main: Path, error: Any) -> Finding:
    """Turn an error of the loader into a finding; a plugin that failed is named at its line, with the cause alone."""
    meta = error.source or {}
    place = Source(str(meta.get("filename", main)), int(meta.get("lineno", 0)))
    said = str(error.message).strip()
    if place.file == "<load>":
        place = Source(str(main), 0)
    if "Traceback (most recent call last)" in said:
        lines = said.splitlines()
        said = f"{lines[0].partition('Traceback')[0].strip()} {lines[-1].strip()}"
        name = said.partition('"')[2].partition('"')[0]
        place = guards.plugin_line(main, name)
    return Finding("loads", place, said)


def _sentence(error: Finding) -> str:
    return f"{error.source}: {error.message.splitlines()[0]}; correct it, `o2c check` shows all"
