"""Posts entries: lock, load, compose, check, write once, read back."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c import books as door
from o2c.errors import KeyConflict
from o2c.errors import NotFinished
from o2c.errors import Refused
from o2c.master.lock import writer_lock
from o2c.model import names
from o2c.model import reading
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.writing import write
from o2c.posting import replace
from o2c.posting.open_period import opening_day
from o2c.posting.open_period import require_open_period

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry

_HEADER = "; Written by o2c, which only ever adds to this file. Corrections are new documents, never edits.\n"
_MOST_SHOWN = 20


class Placed(NamedTuple):
    """An entry and the place where it stands in the ledger (line 0 on a dry run)."""

    entry: Entry
    file: str
    line: int


class Posted(NamedTuple):
    """What a command posted, what existed already under its key, and the text of the new entries."""

    placed: tuple[Placed, ...]
    existed: tuple[Placed, ...]
    text: str


def post(
    root: Path,
    compose: Callable[[Books], Sequence[Entry]],
    act: Act,
    *,
    dry_run: bool = False,
    target: str = "",
    about: Iterable[str] | Callable[[Books], Iterable[str]] | None = None,
    explained: bool = False,
) -> Posted:
    """Append what `compose` makes of the current books to one file, or refuse and leave them as they were.

    `target` names the file below the books; without it, the month of the newest entry decides
    (`journal/2026-03.beancount`). `about` names the documents and items that `compose` looks at, so that large books
    need not be loaded whole (None: all of them). A key used before for the same request posts nothing. `explained`
    tells that `act.why` is a reason that a person gave: a soft closed period asks for one.

    Raises BooksBroken (the books have errors), Refused (a rule says no), KeyConflict, NotFinished.
    """
    with nullcontext() if dry_run else writer_lock(root):
        if not dry_run:
            replace.remove_leftovers(root / "journal")
        books = door.opened(root)
        books.require_clean()
        existed = _existed(books, act)
        if existed:
            return Posted((), existed, "")
        wanted = about(books) if callable(about) else about
        entries = list(compose(books if wanted is None else books.about(*wanted)))
        entries = [*_openings(books, entries), *entries]
        if not entries:
            return Posted((), (), "")
        require_open_period(books, entries, act, explained=explained)
        text = write(entries)
        path = root / (target or _month_file(entries))
        base = _before(path)
        places = _check(books, entries, text, base.count(b"\n"))
        if dry_run:
            return Posted(tuple(Placed(entry, str(path), 0) for entry in entries), (), text)
        content = base + text.encode()
        _append(books, path, base, content)
        books.written(path.resolve(), content)
        return Posted(
            tuple(Placed(entry, str(path), line) for entry, line in zip(entries, places, strict=True)),
            (),
            text,
        )


def _existed(books: Books, act: Act) -> tuple[Placed, ...]:
    """Find what was posted under this key; another request under the same key is a conflict."""
    if not act.key:
        return ()
    found = books.existed(act.key)
    for entry in found:
        if entry.act.request != act.request:
            name = entry.doc_id if isinstance(entry, Document) else entry.subject
            raise KeyConflict(
                f"{entry.source}: the key {act.key!r} was used for another command ({name}); choose another --key"
            )
    return tuple(Placed(entry, *entry.source) for entry in found)


def _openings(books: Books, entries: Sequence[Entry]) -> list[Opening]:
    """Open the customer accounts that the entries use for the first time."""
    known = {entry.account for entry in entries if isinstance(entry, Opening)}
    first: dict[str, Date] = {}
    for entry in entries:
        for account in _accounts(entry):
            if names.is_item_account(account) and account not in known:
                first[account] = min(first.get(account, entry.date), entry.date)
    start = books.master.company.books_start
    unopened = {account: day for account, day in sorted(first.items()) if books.opened(account) is None}
    return [Opening(account, opening_day(books, start, day)) for account, day in unopened.items()]


def _accounts(entry: Entry) -> list[str]:
    if isinstance(entry, Document):
        return [movement.account for movement in entry.movements]
    return [entry.account] if isinstance(entry, Event) else []


def _before(path: Path) -> bytes:
    """Give what stands in the file before the new entries: its content, or the header of a new file."""
    before = replace.current(path)
    base = _HEADER.encode() if before is None else before
    return base + b"\n" if base and not base.endswith(b"\n") else base


def _check(books: Books, entries: Sequence[Entry], text: str, lines_before: int) -> list[int]:
    """Prove that the text says what was meant and that the books stay clean with it; give the line of each entry."""
    errors, directives = books.preview(text, lines_before)
    if errors:
        shown = [f"{error.message.splitlines()[0]}" for error in errors[:_MOST_SHOWN]]
        more = len(errors) - len(shown)
        raise Refused("\n".join([*shown, *([f"... and {more} more"] if more else [])]) + "\nnothing was written")
    for wanted, directive in zip(entries, directives, strict=True):
        got = reading.placeless(directive)
        if not _equal(wanted, got):
            raise AssertionError(
                f"the text does not say what was meant:\n{wanted}\n{got}"
            )  # a bug of ours; nothing is written
    return [int(directive.meta["lineno"]) for directive in directives]


def _equal(wanted: Entry, got: object) -> bool:
    try:
        return wanted == got
    except AttributeError:  # Beancount's Amount cannot be compared with None
        return False


def _month_file(entries: Sequence[Entry]) -> str:
    newest = max(entry.date for entry in entries if not isinstance(entry, Opening) or len(entries) == 1)
    return f"journal/{newest:%Y-%m}.beancount"


def _append(books: Books, path: Path, base: bytes, content: bytes) -> None:
    """Write the new content in one step and read it back."""
    before = replace.current(path)
    _require_unchanged(books)
    began = before is not None and path.resolve() not in books.stamps and path not in books.stamps
    if began or (before is not None and not base.startswith(before)):
        raise NotFinished(f"{path}: somebody changed the file while we were posting; nothing was written; try again")
    replace.replace(path, expected=before, content=content)
    if replace.current(path) != content:
        raise NotFinished(f"{path}: what was read back differs from what was written; run `o2c check` before you go on")


def _require_unchanged(books: Books) -> None:
    for path, known in books.stamps.items():
        if door.stamp(path) != known:
            raise NotFinished(
                f"{path}: somebody changed the file while we were posting; nothing was written; run the command again"
            )
