"""The books through the index: the same questions as loaded books, answered without loading all.

What only a full load can tell (balance assertions, plugins of others, lots by hand) is known from the last full check
of exactly these bytes; where that is missing, small books are loaded whole, and large ones say so.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount.parser import parser

from o2c.books.index import accounts
from o2c.books.index import cleanliness
from o2c.books.index import dated
from o2c.books.index import documents
from o2c.books.index import master_data
from o2c.books.index import open_items
from o2c.books.index import orders
from o2c.books.index import series
from o2c.books.index import small_books
from o2c.books.index import store
from o2c.books.index import sums
from o2c.books.index import sync
from o2c.books.index.slices import Torn
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.books.loaded import Books
from o2c.books.loaded import master_stamps
from o2c.errors import BooksBroken
from o2c.model import ages
from o2c.model import periods
from o2c.model.numbering import Numbers
from o2c.model.rates import no_rate

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.data import Directive

    from o2c.books.loaded import Numbered
    from o2c.books.loaded import SalesByDay
    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts
    from o2c.model.findings import Finding
    from o2c.model.items import Item

#: Books up to this many bytes are checked by a full load whenever that is not known; it takes about a second.
SMALL = 4_000_000


class IndexedBooks(Books):
    """Books that load only what a question is about; everything else works as in loaded books, from a full load."""

    def __init__(self, root: Path, connection: sqlite3.Connection) -> None:
        """Hold an index that is up to date."""
        self.root = root
        self.main = root / MAIN
        self.connection = connection
        self._text: str | None = None
        self._master_stamps = master_stamps(root)

    # ---- what a full load knows: loaded when somebody asks for it -------------------------------------------------

    @cached_property
    def whole(self) -> Books:
        """The books loaded whole."""
        from o2c.books.loading import load

        self.note_loaded(loaded := load(self.root))
        return loaded

    def note_loaded(self, loaded: Books) -> None:
        """Take note that these bytes load clean, if they do and nobody changed them since."""
        sync.refresh(self.connection, self.root)
        if not loaded.faults() and all(self.stamps.get(path) == known for path, known in loaded.stamps.items()):
            cleanliness.note(self.connection)

    @property
    def parsed(self) -> list[Directive]:  # type: ignore[override]  # here they are loaded when asked for
        """All directives as parsed."""
        return self.whole.parsed

    @property
    def booked(self) -> list[Directive]:  # type: ignore[override]  # as above
        """All directives as booked."""
        return self.whole.booked

    @property
    def entries(self) -> list[Directive]:  # type: ignore[override]  # as above
        """All directives after plugins."""
        return self.whole.entries

    @property
    def facts(self) -> Facts:
        """All facts."""
        return self.whole.facts

    @property
    def errors(self) -> tuple[Finding, ...]:  # type: ignore[override]  # as above
        """All errors; none without loading where these bytes were loaded clean before, or are unchecked."""
        return () if self.is_known_clean or self.is_unchecked else self.whole.errors

    @property
    def stamps(self) -> dict[Path, Any]:  # type: ignore[override]  # as above
        """The files as they were when the index read them."""
        known = sync.known_files(self.connection)
        return {Path(path): file.stamp for path, file in known.items()} | self._master_stamps

    @cached_property
    def master(self) -> Master:
        """The master data beside the ledger; raises BooksBroken with every fault."""
        return master_data.read(self.connection, self.root)

    def customer_names(self) -> Mapping[str, str]:
        """Give the names of customers by their codes; none where the master data are at fault."""
        return master_data.customer_names(self.connection, self.root)

    @cached_property
    def options(self) -> dict[str, Any]:  # type: ignore[override]  # read from the main file alone
        """The options of the main file."""
        options: dict[str, Any] = parser.parse_file(str(self.main))[2]
        return options

    # ---- clean or not ---------------------------------------------------------------------------------------------

    @property
    def is_known_clean(self) -> bool:
        """Tell whether exactly these bytes were loaded whole without an error."""
        return cleanliness.is_known(self.connection)

    @property
    def is_unchecked(self) -> bool:
        """Tell whether the books are large and changed since they were last loaded whole."""
        return not self.is_known_clean and cleanliness.size(self.connection) > SMALL

    @property
    def is_booked(self) -> bool:
        """Tell whether Beancount books every entry as it is written: it drops one whose lot cannot be taken out."""
        return self.is_known_clean or cleanliness.lots_can_be_booked(self.connection, self.options)

    def require_clean(self) -> None:
        """Raise BooksBroken unless the books are clean: known, or found by loading them where they are small."""
        if self.is_known_clean:
            return
        if self.is_unchecked:
            raise BooksBroken(
                f"{self.main}: the books changed since they were last checked whole; run `o2c check`, then this again"
            )
        self.whole.require_clean()

    # ---- questions ------------------------------------------------------------------------------------------------

    def about(self, *wanted: str, since: Date | None = None) -> Books:
        """Give small books that hold everything about these documents, items, names and customers; see `Books.about`.

        Where they cannot be cut out, it is the books loaded whole.
        """
        try:
            entries, facts = small_books.cut_out(self.connection, self.options, wanted, since)
        except Torn:
            return self.whole
        return small_books.Slice(self, entries, facts)

    def dated(
        self,
        first: Date,
        last: Date,
        customers: Collection[str] | None = None,
        *,
        doc_types: Collection[str] | None = None,
        with_items: bool = False,
    ) -> Books:
        """Give small books with everything of these days; see `Books.dated`.

        Where they cannot be cut out, it is the books loaded whole.
        """
        try:
            wanted = dated.Wanted(first, last, customers, doc_types, with_items)
            entries, facts = dated.cut_out(self.connection, self.options, wanted)
        except Torn:
            return self.whole
        return small_books.Slice(self, entries, facts)

    def unfinished(self, step: str) -> list[str]:
        """Name the orders that may wait for a step (confirm, deliver, invoice); perhaps more, never fewer."""
        return orders.unfinished(self.connection, step)

    def in_parts(self, as_of: Date, only: str = "", customer: str = "") -> Iterator[tuple[Books, list[str]]]:
        """Give the orders of a day, some at a time, with books that hold everything about them."""
        found = orders.listed(self.connection, as_of, only, customer)
        for start in range(0, len(found), documents.AT_ONCE):
            part = found[start : start + documents.AT_ONCE]
            yield self.about(*part), part

    def documents(
        self,
        *doc_types: str,
        as_of: Date,
        customer: str = "",
        among: Collection[str] | None = None,
        brief: bool = False,
    ) -> Iterable[Document]:
        """List documents in the order of the books, in the version of the day; see `Books.documents`."""
        try:
            yield from documents.documents(self.connection, doc_types, as_of, customer, among, brief=brief)
        except Torn:
            raise BooksBroken(f"{self.root}: a file changed while we read it; run the command again") from None

    def makers(self, as_of: Date, *, currencies: bool = False) -> Facts:
        """Give facts up to the end of a day that tell who made what; see `Books.makers`."""
        from o2c.books.index import makers

        with suppress(Torn):
            if self.is_booked:
                return makers.facts(self.connection, as_of, currencies=currencies)
        return self.whole.makers(as_of, currencies=currencies)

    def events(self, *kinds: str) -> dict[str, list[Event]]:
        """Give the events of some kinds by their subjects, in the order of the books."""
        try:
            return documents.events(self.connection, kinds)
        except Torn:
            return self.whole.events(*kinds)

    def customs(self, *kinds: str) -> list[Event]:
        """List the customs of some kinds, in the order of the books."""
        return [event for events in self.events(*kinds).values() for event in events]

    def numbers(self) -> Numbers:
        """Prepare to draw numbers after those in the index."""
        company = self.master.company
        return Numbers(self._last, company.numbering, company.fiscal_year_start)

    def _last(self, doc_type: str, pattern: str, year: int) -> tuple[int, Date] | None:
        return series.last_number(self.connection, doc_type, pattern, year)

    def existed(self, key: str) -> list[Document | Event]:
        """List what was posted under an idempotency key."""
        found = self.connection.execute("select doc_id from entry where key = ? and key <> ''", (key,)).fetchall()
        return self.about(*(name for (name,) in found)).facts.keys.get(key, []) if found else []

    def rate(self, currency: str, day: Date) -> Decimal:
        """Give the worth of one unit of a currency on a day; raises Refused, with the line to add, if unknown."""
        of_books = self.master.company.currency
        found = series.rate(self.connection, currency, of_books, day)
        if found is None:
            raise no_rate(currency, of_books, day)
        return found

    def opened(self, account: str) -> Date | None:
        """Give the day on which an account was opened; None where it was not."""
        return series.opened(self.connection, account)

    def closed_through(self) -> Date | None:
        """Give the last day of the latest closed period; None while all is open."""
        return periods.closed_through(self.customs(periods.CLOSE))

    def payee(self, doc_id: str) -> str:
        """Give the name on a document; empty where there is none."""
        return self.about(doc_id).payee(doc_id)

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """List the items not settled at the end of a day, oldest due first; of a customer, in a currency if named."""
        return open_items.open_items(self.connection, as_of, customer, currency)

    def ages(
        self, as_of: Date, last_days: Sequence[int], basis: str = ages.DUE, *, customer: str = "", currency: str = ""
    ) -> ages.AgesByCustomer:
        """Sum what is open at the end of a day by customer, currency and age; see `model.ages`."""
        return sums.ages(self.connection, as_of, last_days, basis, customer=customer, currency=currency)

    def balances(self, as_of: Date, customer: str = "", currency: str = "") -> dict[tuple[str, str], Decimal]:
        """Sum the accounts of customers at the end of a day, by customer and currency, debit positive."""
        return sums.balances(self.connection, as_of, customer, currency)

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency, gross."""
        return sums.sales(self.connection, after, until, customer, currency)

    def sales_by_day(self, until: Date, customer: str = "", currency: str = "") -> SalesByDay:
        """Sum sales of each day up to and with a day, by currency, gross; days without sales are left out."""
        return sums.sales_by_day(self.connection, until, customer, currency)

    def numbered(self, until: Date) -> Iterable[Numbered]:
        """List the numbers of all documents up to and with a day, each once, as it was first used."""
        return documents.numbered(self.connection, until)

    def posted(self, account: str, as_of: Date) -> dict[str, Decimal]:
        """Sum the postings on any account up to the end of a day, by currency; looked for in the text."""
        try:
            return accounts.posted(self.connection, self.options, account, as_of)
        except Torn:
            return self.whole.posted(account, as_of)

    # ---- posting --------------------------------------------------------------------------------------------------

    def preview(self, text: str, lines_before: int) -> tuple[Sequence[Finding], list[Directive]]:
        """Give the errors the books would have with this text behind them, and its directives, in its order.

        New entries are judged together with all entries about the same documents, items and accounts. Where that is not
        enough to know what a full load would say, the books are loaded whole.
        """
        from o2c.books.index import judging

        parsed, errors, _ = parser.parse_string("\n" * lines_before + text, NEW)
        if errors or not self.is_known_clean:
            return self._preview_whole(text, lines_before)
        try:
            found = judging.judged(self.connection, self.options, parsed)
        except Torn:
            return self._preview_whole(text, lines_before)
        self._text = text
        return found

    def _preview_whole(self, text: str, lines_before: int) -> tuple[Sequence[Finding], list[Directive]]:
        found = self.whole.preview(text, lines_before)
        self._text = text if self.is_known_clean else None
        return found

    def written(self, path: Path, content: bytes) -> None:
        """Read the file that was written to, from its old end; clean books with checked entries behind are clean.

        That is so only if nobody changed any file meanwhile. The entries are in the books by now, whatever happens to
        the index: an index that cannot take note is abandoned.
        """
        from o2c.books.index import files

        try:
            before = cleanliness.hashes(self.connection)
            sync.refresh(self.connection, self.root)
            expected = {**before, str(path): files.digest(content)}
            if self._text is not None and cleanliness.hashes(self.connection) == expected:
                cleanliness.note(self.connection)
        except (sqlite3.Error, OSError):
            with suppress(OSError):
                store.path_of(self.root).unlink(missing_ok=True)
