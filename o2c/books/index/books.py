"""The books through the index: the same questions as loaded books, answered without loading all.

What only a full load can tell (balance assertions, plugins of others, lots by hand) is known from the last full check
of exactly these bytes; where that is missing, small books are loaded whole, and large ones say so.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import contextmanager
from contextlib import suppress
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.ops import validation
from beancount.parser import parser

from o2c.books.index import closure
from o2c.books.index import files
from o2c.books.index import lots
from o2c.books.index import master_data
from o2c.books.index import rows
from o2c.books.index import slices
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.books.loaded import Books
from o2c.books.loaded import load
from o2c.books.loaded import master_stamps
from o2c.errors import BooksBroken
from o2c.errors import Refused
from o2c.model import names
from o2c.model import numbering
from o2c.model import periods
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.items import Item
from o2c.model.money import decimals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Facts

#: Books up to this many bytes are checked by a full load whenever that is not known; it takes about a second.
SMALL = 4_000_000
#: Plugins that are proved to judge new entries by the entries they are about.
OURS = frozenset({"beancount_o2c.document_integrity"})
#: Open items with the document of their name, where exactly one entry opened them and it is that document; the
#: others come without a document.
_OPEN_ITEMS = (
    "select account, item, currency, total, entry.doc_type, entry.date, due, original, entry.file, entry.line from ("
    "select account, item, currency, sum(amount) as total, min(case when opens then entry end) as first, "
    "max(case when opens then entry end) as last, max(case when opens then due else 0 end) as due, "
    "sum(case when opens then amount else 0 end) as original "
    "from move where {where} group by item, account, currency having sum(amount) <> 0"
    ") left join entry on entry.id = first and first = last and entry.doc_id = item"
)
_LEFT = (
    "select distinct ordered from (select ordered from quantity group by ordered, line having "
    "{} > sum(case what when '{}' then quantity else 0 end))"
)
_UP_TO = "max(sum(case what when 'o' then quantity else 0 end), sum(case what when 'd' then quantity else 0 end))"
_UNFINISHED = {
    "confirm": "select doc_id from entry as made where kind = 'd' and doc_type = 'order' group by doc_id "
    "having count(*) > (select count(*) from entry where entry.doc_id = made.doc_id and entry.doc_id <> '' "
    "and kind = 'e' and doc_type = 'order-confirmed')",
    "deliver": _LEFT.format(_UP_TO, "d"),
    "invoice": _LEFT.format(_UP_TO, "i"),
}


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
        loaded = load(self.root)
        self.note_loaded(loaded)
        return loaded

    def note_loaded(self, loaded: Books) -> None:
        """Take note that these bytes load clean, if they do and nobody changed them since."""
        sync.refresh(self.connection, self.root)
        if not loaded.faults() and all(self.stamps.get(path) == known for path, known in loaded.stamps.items()):
            self._note_clean()

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
    def is_unchecked(self) -> bool:
        """Tell whether the books are large and changed since they were last loaded whole."""
        return not self.is_known_clean and self._size() > SMALL

    @property
    def stamps(self) -> dict[Path, Any]:  # type: ignore[override]  # as above
        """The files as they were when the index read them."""
        from pathlib import Path

        known = sync._known(self.connection)  # noqa: SLF001 - one package
        return {Path(path): file.stamp for path, file in known.items()} | self._master_stamps

    @cached_property
    def master(self) -> Master:
        """The master data beside the ledger; raises BooksBroken with every fault."""
        return master_data.read(self.connection, self.root)

    @cached_property
    def options(self) -> dict[str, Any]:  # type: ignore[override]  # read from the main file alone
        """The options of the main file."""
        options: dict[str, Any] = parser.parse_file(str(self.main))[2]
        return options

    # ---- clean or not ---------------------------------------------------------------------------------------------

    @property
    def is_known_clean(self) -> bool:
        """Tell whether exactly these bytes were loaded whole without an error."""
        row = self.connection.execute("select value from about where key = 'clean'").fetchone()
        return row is not None and row[0] == self._digest()

    @property
    def is_booked(self) -> bool:
        """Tell whether Beancount books every entry as it is written: it drops one whose lot cannot be taken out."""
        if self.is_known_clean:
            return True
        try:
            with store.reading(self.connection):
                found = closure.with_lots(self.connection)
                slices.booked(slices.directives(self.connection, found), self.options)
        except slices.Torn:
            return False
        return True

    def require_clean(self) -> None:
        """Raise BooksBroken unless the books are clean: known, or found by loading them where they are small."""
        if self.is_known_clean:
            return
        if self.is_unchecked:
            raise BooksBroken(
                f"{self.main}: the books changed since they were last checked whole; run `o2c check`, then this again"
            )
        self.whole.require_clean()

    def _size(self) -> int:
        return int(self.connection.execute("select coalesce(sum(size), 0) from file").fetchone()[0])

    def _digest(self) -> str:
        found = self.connection.execute("select path, hash from file order by path")
        return hashlib.sha256(repr(list(found)).encode()).hexdigest()

    def _note_clean(self) -> None:
        self.connection.execute("insert or replace into about values ('clean', ?)", (self._digest(),))

    def written(self, path: Path, content: bytes) -> None:
        """Read the file that was written to, from its old end; clean books with checked entries behind are clean.

        That is so only if nobody changed any file meanwhile. The entries are in the books by now, whatever happens to
        the index: an index that cannot take note is abandoned.
        """
        try:
            before = self._hashes()
            sync.refresh(self.connection, self.root)
            expected = {**before, str(path): files.digest(content)}
            if self._text is not None and self._hashes() == expected:
                self._note_clean()
        except (sqlite3.Error, OSError):
            with suppress(OSError):
                store.path_of(self.root).unlink(missing_ok=True)

    def _hashes(self) -> dict[str, bytes]:
        return dict(self.connection.execute("select path, hash from file"))

    # ---- questions ------------------------------------------------------------------------------------------------

    def about(self, *wanted: str) -> Books:
        """Give small books that hold everything about these documents, items and names; else the books loaded whole."""
        try:
            with store.reading(self.connection):
                found, complete = closure.pieces(self.connection, wanted)
                for piece in closure.of_kinds(self.connection, "c"):
                    found[piece.id] = piece
                entries = slices.booked(slices.directives(self.connection, found.values()), self.options)
        except slices.Torn:
            return self.whole
        return Slice(self, entries, slices.facts(entries, complete))

    def unfinished(self, step: str) -> list[str]:
        """Name the orders that may wait for a step (confirm, deliver, invoice); perhaps more, never fewer."""
        return [name for (name,) in self.connection.execute(_UNFINISHED[step])]

    def numbers(self) -> numbering.Numbers:
        """Prepare to draw numbers after those in the index."""
        company = self.master.company
        return numbering.Numbers(self._last, company.numbering, company.fiscal_year_start)

    def _last(self, doc_type: str, pattern: str, year: int) -> tuple[int, Date] | None:
        series = pattern.partition("{number")[0].format(year=year)
        if series[-1:].isdigit() or not pattern.endswith("}"):  # the rows cannot tell the number from what is beside it
            whole = numbering.last_numbers(self.whole.facts.documents(doc_type), {doc_type: pattern})
            return whole(doc_type, pattern, year)
        number, day = self.connection.execute(
            "select max(number), max(date) from entry where kind = 'd' and series = ? and doc_type = ?",
            (series, doc_type),
        ).fetchone()
        return None if number is None else (number, Date.fromordinal(day))

    def existed(self, key: str) -> list[Document | Event]:
        """List what was posted under an idempotency key."""
        rows_found = self.connection.execute("select doc_id from entry where key = ? and key <> ''", (key,)).fetchall()
        return self.about(*(name for (name,) in rows_found)).facts.keys.get(key, []) if rows_found else []

    def rate(self, currency: str, day: Date) -> Decimal:
        """Give the worth of one unit of a currency on a day; raises Refused, with the line to add, if unknown."""
        books_currency = self.master.company.currency
        row = self.connection.execute(
            "select count(*) from entry where kind not in ('d', 't') and kind = 'p' "
            "and doc_type = ? and doc_id = ? and date <= ?",
            (currency, books_currency, day.toordinal()),
        ).fetchone()
        if not row[0]:
            raise Refused(
                f"no rate for {currency} on {day}; add a line like `{day} price {currency} 0.92 {books_currency}` "
                "to manual/prices.beancount"
            )
        text = self.connection.execute(
            "select customer from entry where kind not in ('d', 't') and kind = 'p' "
            "and doc_type = ? and doc_id = ? and date <= ? order by date desc, line desc limit 1",
            (currency, books_currency, day.toordinal()),
        ).fetchone()[0]
        return Decimal(text)

    def opened(self, account: str) -> Date | None:
        """Give the day on which an account was opened; None where it was not."""
        row = self.connection.execute(
            "select min(date) from entry where kind not in ('d', 't') and kind = 'o' and doc_type = ?", (account,)
        ).fetchone()
        return Date.fromordinal(row[0]) if row[0] is not None else None

    def closed_through(self) -> Date | None:
        """Give the last day of the latest closed period; None while all is open."""
        return periods.closed_through(self.about().facts.customs)

    def payee(self, doc_id: str) -> str:
        """Give the name on a document; empty where there is none."""
        return self.about(doc_id).payee(doc_id)

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """List the items not settled at the end of a day, oldest due first; of a customer, in a currency if named."""
        where, values = _where(customer, currency, as_of)
        with store.reading(self.connection):
            sums = self.connection.execute(_OPEN_ITEMS.format(where=where), values).fetchall()
            paths = dict(self.connection.execute("select id, path from file"))
            others = [row[:4] for row in sums if row[4] is None]
            openings = self._openings(as_of, others)
            owners = self._owners()
        found = [_plain_item(row, paths) for row in sums if row[4] is not None]
        found += [_item(row, openings[row[0], row[1], row[2]], owners.get(row[1])) for row in others]
        return sorted(found, key=lambda item: (item.due, item.date, item.item, item.account))

    def _openings(
        self, as_of: Date, sums: list[tuple[str, str, str, int]]
    ) -> dict[tuple[str, str, str], list[tuple[Any, ...]]]:
        """Find the movements of the open items, in the order of the books, to tell which of them opened each."""
        self.connection.execute("create temp table if not exists wanted (account text, item text, currency text)")
        self.connection.execute("delete from wanted")
        self.connection.executemany("insert into wanted values (?,?,?)", [row[:3] for row in sums])
        moves = self.connection.execute(
            "select move.account, move.item, move.currency, move.amount, move.due, move.date, entry.doc_id, "
            "entry.doc_type, entry.file, entry.line, move.entry from wanted cross join move on move.item = wanted.item "
            "and move.account = wanted.account and move.currency = wanted.currency join entry on entry.id = move.entry "
            "where +move.date <= ?",
            (as_of.toordinal(),),
        )
        paths = dict(self.connection.execute("select id, path from file"))
        found: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
        for account, item, currency, *rest in moves:
            found.setdefault((account, item, currency), []).append((*rest, paths))
        return found

    def _owners(self) -> dict[str, tuple[int, int, str]]:
        """Give the first documents that items are named after: day, line, type."""
        found: dict[str, tuple[int, int, str]] = {}
        for name, *owner in self.connection.execute(
            "select entry.doc_id, entry.date, entry.line, entry.doc_type from (select distinct item from wanted) "
            "as named cross join entry on entry.doc_id = named.item where entry.kind = 'd' and entry.doc_id <> ''"
        ):
            found[name] = min(found.get(name, tuple(owner)), tuple(owner))
        return found

    def balances(self, as_of: Date, customer: str = "", currency: str = "") -> dict[tuple[str, str], Decimal]:
        """Sum the accounts of customers at the end of a day, by customer and currency, debit positive."""
        where, values = _where(customer, currency, as_of)
        result: dict[tuple[str, str], Decimal] = {}
        for account, code, amount in self.connection.execute(
            f"select account, currency, sum(amount) from move where {where} group by account, currency",
            values,
        ):
            key = (names.customer_of(account), code)
            result[key] = result.get(key, Decimal(0)) + _money(amount, code)
        return result

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency, gross."""
        where, values = _where(customer, currency, until)
        found = self.connection.execute(
            f"select move.currency, sum(amount) from move join entry on entry.id = move.entry where {where} "
            "and move.date > ? and sale group by move.currency",
            (*values, after.toordinal()),
        )
        return {code: _money(amount, code) for code, amount in found}

    # ---- posting --------------------------------------------------------------------------------------------------

    def preview(self, text: str, lines_before: int) -> tuple[Sequence[Finding], list[Directive]]:
        """Give the errors the books would have with this text behind them, and its directives, in its order.

        New entries are judged together with all entries about the same documents, items and accounts. Where that is not
        enough to know what a full load would say, the books are loaded whole.
        """
        parsed, errors, _ = parser.parse_string("\n" * lines_before + text, NEW)
        if errors or self._needs_whole(parsed):
            return self._preview_whole(text, lines_before)
        try:
            _, old_findings = self._judge([], parsed)
            after, new_findings = self._judge(parsed, parsed)
        except slices.Torn:
            return self._preview_whole(text, lines_before)
        more = Counter(finding.message for finding in new_findings)
        more.subtract(Counter(finding.message for finding in old_findings))
        self._text = text
        new = [entry for entry in after if entry.meta["filename"] == NEW]
        fresh = [finding for finding in new_findings if more[finding.message] > 0]
        return fresh, sorted(new, key=lambda entry: int(entry.meta["lineno"]))

    def _preview_whole(self, text: str, lines_before: int) -> tuple[Sequence[Finding], list[Directive]]:
        found = self.whole.preview(text, lines_before)
        self._text = text if self.is_known_clean else None
        return found

    def _needs_whole(self, parsed: list[Directive]) -> bool:
        """Tell whether only a full load can judge: plugins of others, later balance assertions, lots of both signs."""
        if any(name not in OURS for name, _ in self.options["plugin"]) or not self.is_known_clean:
            return True
        if not all(_fits(entry) for entry in parsed):
            return True
        if lots.mixed(self.connection, parsed, self.options["operating_currency"]):
            return True
        asserted = [
            (account, day)
            for account, day in self.connection.execute(
                "select doc_type, max(date) from entry where kind not in ('d', 't') and kind = 'b' group by doc_type"
            )
        ]
        return any(
            posting.account == account or posting.account.startswith(account + ":")
            for entry in parsed
            if isinstance(entry, data.Transaction)
            for posting in entry.postings
            for account, day in asserted
            if entry.date.toordinal() < day
        )

    def _judge(self, new: list[Directive], concerning: list[Directive]) -> tuple[list[Directive], list[Finding]]:
        """Book, check and validate new entries with the old ones that they concern."""
        from beancount.loader import run_transformations

        old = self._concerned(concerning)
        options = {**self.options, "include": []}
        everything = sorted([*old, *new], key=data.entry_sortkey)
        booked, errors = slices.book(everything, options)
        lots.require_found(booked)
        entries, errors = run_transformations(list(booked), errors, options, None)
        errors = [*errors, *validation.validate(entries, options, None, None)]
        return booked, [_finding(error) for error in errors]

    def _concerned(self, concerning: list[Directive]) -> list[Directive]:
        wanted: set[str] = set()
        accounts: set[str] = set()
        for entry in concerning:
            made = rows.row(entry)
            if made is not None and made.kind in "dte":
                wanted |= {made.doc_id, *made.names}
            accounts |= {posting.account for posting in getattr(entry, "postings", ())}
            accounts.add(getattr(entry, "account", ""))
        with store.reading(self.connection):
            found, _ = closure.pieces(self.connection, wanted)
            entries = slices.directives(self.connection, found.values())
            accounts |= {posting.account for entry in entries for posting in getattr(entry, "postings", ())}
            accounts |= {entry.account for entry in entries if isinstance(entry, data.Note)}
            opens = slices.directives(self.connection, closure.openings(self.connection, accounts - {""}))
        return [*opens, *entries]


class Slice(Books):
    """Small books cut out of large ones: facts of what was asked for, everything else from the large ones."""

    def __init__(self, of: IndexedBooks, entries: list[Directive], facts: Facts) -> None:
        """Hold what was cut out."""
        super().__init__(of.root, entries, entries, entries, (), of.options, {})
        self._of = of
        self.facts = facts

    @cached_property
    def master(self) -> Master:
        """The master data beside the ledger."""
        return self._of.master

    def about(self, *wanted: str) -> Books:
        """Ask the large books."""
        return self._of.about(*wanted)

    def numbers(self) -> numbering.Numbers:
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


class _State:
    """Whether this process still uses the index; it stops when the index turned out to be damaged."""

    abandoned = False


@contextmanager
def abandoned() -> Iterator[None]:
    """Do without the index for a while: the books are loaded whole, and the damaged file is removed."""
    _State.abandoned = True
    try:
        yield
    finally:
        _State.abandoned = False


def opened(root: Path) -> Books:
    """Open the books through their index; loaded whole where the index cannot hold them or cannot be written.

    Raises NotFound when the folder holds no `main.beancount`.
    """
    if not (root / MAIN).is_file():
        return load(root)
    books = indexed(root)
    if books is None:
        return load(root)
    return books if books.is_booked else books.whole


def indexed(root: Path) -> IndexedBooks | None:
    """Open the index of these books, up to date; None where it cannot hold them or cannot be written."""
    if _State.abandoned:
        store.path_of(root).unlink(missing_ok=True)
        return None
    try:
        connection = sync.opened(root)
    except (sqlite3.Error, OSError):
        return None
    unfit = connection.execute("select count(*) from file where not fit or errors > 0").fetchone()[0]
    if unfit:
        connection.close()
        return None
    return IndexedBooks(root, connection)


def note_loaded(loaded: Books) -> None:
    """Let the index of these books know what a full load has found."""
    books = indexed(loaded.root)
    if books is not None:
        books.note_loaded(loaded)


def _fits(entry: Directive) -> bool:
    try:
        rows.row(entry)
    except rows.Unfit:
        return False
    return True


def _where(customer: str, currency: str, until: Date) -> tuple[str, tuple[Any, ...]]:
    parts, values = ["move.date <= ?"], [until.toordinal()]
    if customer:
        parts.append("move.account in (?, ?)")
        values += [names.receivable(customer), names.deposit(customer)]  # type: ignore[list-item]  # of several types
    if currency:
        parts.append("move.currency = ?")
        values.append(currency)  # type: ignore[arg-type]  # as above
    return " and ".join(parts), tuple(values)


def _money(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-decimals(currency))


def _plain_item(row: tuple[Any, ...], paths: dict[int, str]) -> Item:
    """Make an item that the document of its name opened, from its sums."""
    account, name, currency, total, doc_type, day, due, original, file, line = row
    opened_on = Date.fromordinal(day)
    return Item(
        item=name,
        account=account,
        customer=names.customer_of(account),
        currency=currency,
        doc_id=name,
        doc_type=doc_type,
        date=opened_on,
        due=Date.fromordinal(due) if due else opened_on,
        original=_money(original, currency),
        open=_money(total, currency),
        carrying=_NOTHING,
        carrying_currency="",
        source=Source(paths[file], line),
    )


_NOTHING = Decimal(0)


def _item(row: tuple[str, str, str, int], moves: Iterable[tuple[Any, ...]], owner: tuple[int, int, str] | None) -> Item:
    """Make an item of its sum and its movements, by the rules of `model.items`."""
    account, name, currency, total = row
    ordered = sorted(moves, key=lambda move: (move[2], move[6], move[7]))
    first = min(ordered, key=lambda move: (move[3] != name and not move[1], move[2]))
    original = sum(move[0] for move in ordered if move[7] == first[7])
    _, due, day, doc_id, doc_type, file, line, _, paths = first
    named_after = owner[2] if owner and doc_type and doc_id != name and owner[:2] < (day, line) else ""
    return Item(
        item=name,
        account=account,
        customer=names.customer_of(account),
        currency=currency,
        doc_id=name if named_after else doc_id,
        doc_type=named_after or doc_type,
        date=Date.fromordinal(day),
        due=Date.fromordinal(due or day),
        original=_money(original, currency),
        open=_money(total, currency),
        carrying=Decimal(0),
        carrying_currency="",
        source=Source(paths[file], line),
    )


def _finding(error: Any) -> Finding:
    meta = error.source or {}
    return Finding(
        "loads", Source(str(meta.get("filename", MAIN)), int(meta.get("lineno", 0))), str(error.message).strip()
    )
