"""What of an import is new in the books, what exists already, and what contradicts them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.data import Open

from o2c.errors import BadInput
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Opening
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.importing.imported import Imported
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.documents import Event
    from o2c.model.documents import Movement
    from o2c.model.facts import Facts


class Arrival(NamedTuple):
    """The entries to post, openings first, and the documents of the books that say the same already."""

    entries: tuple[Entry, ...]
    existed: tuple[Document, ...]


def arrive(imported: Imported, books: Books, act: Act) -> Arrival:
    """Compare an import with the books; importing the same file again has no entries.

    Raises BadInput, one sentence per document with its line, where a number is in the books with other content, where
    an invoice was settled here meanwhile and the file settles it too, or where an account opens too late.
    """
    facts = books.facts
    new = [doc for doc in imported.documents if doc.doc_id not in facts.versions]
    old = [doc for doc in imported.documents if doc.doc_id in facts.versions]
    faults = [*_conflicts(imported, old, facts), *_settled_twice(imported, new, old, facts)]
    events = [event for event in imported.events if not _is_known(event, facts)]
    entries: list[Entry] = sorted([*new, *events], key=lambda entry: entry.date)
    openings = _openings(entries, books, faults)
    if faults:
        raise BadInput(faults)
    there = tuple(facts.versions[doc.doc_id][0] for doc in old)
    return Arrival((*openings, *(_by(entry, act) for entry in entries)), there)


def _by(entry: Entry, act: Act) -> Entry:
    return entry if isinstance(entry, Opening) else entry._replace(act=act)


def _place(imported: Imported, doc: Document) -> str:
    return f"{imported.file}:{imported.lines.get(doc.doc_id, 0)}"


def _conflicts(imported: Imported, old: Iterable[Document], facts: Facts) -> list[str]:
    found = []
    for doc in old:
        there = facts.versions[doc.doc_id][0]
        if differing := [
            name for name, here, known in zip(_PARTS, _content(doc), _content(there), strict=True) if here != known
        ]:
            found.append(
                f"{_place(imported, doc)}: {doc.doc_id} is in the books with another {' and '.join(differing)} "
                f"({there.source}); correct the file, or give it a number of its own",
            )
    return found


_PARTS = ("type", "date", "customer", "currency", "due date", "amount", "line", "account")


def _content(doc: Document) -> tuple[object, ...]:
    """Give what must be equal in a document that is imported again; texts and names may change meanwhile."""
    return (
        doc.doc_type,
        doc.date,
        doc.customer,
        doc.currency,
        doc.due,
        tuple((move.account, move.item, move.amount, move.currency) for move in doc.movements),
        tuple((line.sku, line.quantity, line.price, line.amount) for line in doc.lines),
        tuple((other.account, other.amount, other.currency) for other in doc.others),
    )


def _settled_twice(imported: Imported, new: Iterable[Document], old: Iterable[Document], facts: Facts) -> list[str]:
    """Find new settlements of invoices that the books hold, and that are no longer open there by that much."""
    known = {doc.doc_id for doc in old}
    wanted = [(doc, move) for doc in new for move in doc.movements if move.item in known]
    if not wanted:
        return []
    open_ = _open_amounts(facts, {move.item for _, move in wanted})
    found = []
    for doc, move in wanted:
        left = open_.get(_key(move), ZERO)
        if abs(move.amount) > abs(left):
            found.append(
                f"{_place(imported, doc)}: {move.item} is open with {left} {move.currency} in the books, not with the "
                f"{abs(move.amount)} that {doc.doc_id} settles; leave the row out",
            )
        open_[_key(move)] = left + move.amount
    return found


def _key(move: Movement) -> tuple[str, str, str]:
    return move.account, move.item, move.currency


def _open_amounts(facts: Facts, items: set[str]) -> dict[tuple[str, str, str], Decimal]:
    sums: dict[tuple[str, str, str], Decimal] = {}
    for moved in facts.moved:
        if moved.movement.item in items:
            key = _key(moved.movement)
            sums[key] = sums.get(key, ZERO) + moved.movement.amount
    return sums


def _is_known(event: Event, facts: Facts) -> bool:
    return any(known.kind == event.kind and known.date == event.date for known in facts.events.get(event.subject, ()))


def _openings(entries: Sequence[Entry], books: Books, faults: list[str]) -> list[Opening]:
    """Open the accounts that are not open yet, on the first day of the year of their first entry.

    Accounts that are open too late are faults; those of new customers are left to the posting, which opens them.
    """
    opened = {entry.account: entry.date for entry in books.entries if isinstance(entry, Open)}
    first: dict[str, date] = {}
    for entry in entries:
        if isinstance(entry, Document):
            for account in _accounts(entry):
                first.setdefault(account, entry.date)
    late = [(account, opened[account], day) for account, day in first.items() if opened.get(account, day) > day]
    faults += [
        f"{account} is open from {since} on, the file begins on {day}; open it from {_new_year(day)} on in the ledger"
        for account, since, day in late
    ]
    return [
        Opening(account, _new_year(day))
        for account, day in sorted(first.items())
        if account not in opened and not names.is_item_account(account)
    ]


def _new_year(day: date) -> date:
    return day.replace(month=1, day=1)


def _accounts(doc: Document) -> set[str]:
    return {part.account for parts in (doc.movements, doc.lines, doc.others) for part in parts}
