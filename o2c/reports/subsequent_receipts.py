"""Subsequent receipts: what came in after a day for what was open at its end - the best proof that it was owed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.applied_credits import applied
from o2c.reports.flows import cause_of
from o2c.reports.selection import select
from o2c.reports.span import Span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.model.items import ItemKey
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row

RECEIVED, CREDITED, SET_OFF, OTHER = "received", "credited", "set_off", "other"
_PART = {"receipts": RECEIVED, "credit_notes": CREDITED, "write_offs": "written_off"}
#: What credits of documents dated after the day count as.
_FRESH = {names.RECEIPT: RECEIVED, names.CREDIT_NOTE: CREDITED}
PARTS = (RECEIVED, CREDITED, "written_off", SET_OFF, OTHER)
COLUMNS = (
    Column("item", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("due", "date"),
    Column("currency", "code"),
    Column("open", "money"),
    *(Column(part, "money") for part in PARTS),
    Column("still_open", "money"),
    Column("by", "text"),
    Column("source", "code"),
)


class _After(NamedTuple):
    """A later entry about an item: its part, amount, and how it is named."""

    part: str
    amount: Decimal
    said: str


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    until: date | None = None,
) -> Table:
    """List each item that customers owed at the end of the day, and what happened to it after that, up to `until`.

    `until` is inclusive; without it everything counts that the books hold. `received` counts receipts dated after the
    day, `credited` credit notes dated after it, also where they were allocated later; `set_off` is what was covered by
    credits that were there on the day already, money on account or credit notes: no proof that an item was owed, and
    not open in the net of the customer. All parts are negative where they lower what is open. `by` names the
    documents, their days and places. Raises NotFound for an unknown customer or group.
    """
    chosen = select(books, customer, currency, group)
    then = sorted(
        (item for item in chosen.open_items(as_of) if item.open > 0),
        key=lambda item: (item.customer, item.due, item.item, item.currency),
    )
    later = _later(chosen, as_of, until)
    name = scope.namer(books)
    rows = tuple(_row(books, item, name(item), later.get(_key(item), ())) for item in then)
    basis = f"items open at the end of {as_of}, and what came after{f' until {until}' if until else ''}; {scope.GROSS}"
    return Table(
        "subsequent-receipts",
        "Subsequent receipts",
        as_of,
        basis,
        COLUMNS,
        rows,
        totals(rows, "open", *PARTS, "still_open"),
    )


def _key(item: Item) -> ItemKey:
    return (item.account, item.item, item.currency)


def _later(chosen: Selection, as_of: date, until: date | None) -> dict[ItemKey, list[_After]]:
    """Sum what moved each item after the day, by document."""
    books = chosen.during(Span(as_of, date.max if until is None else until)).books
    sums: dict[tuple[ItemKey, str], tuple[Decimal, Moved]] = {}
    documents = {doc.source: doc for versions in books.facts.versions.values() for doc in versions}
    for move in books.facts.moved:
        if move.date > as_of and (until is None or move.date <= until):
            key = (move.movement.account, move.movement.item, move.movement.currency)
            before = sums.get((key, str(move.source)), (ZERO, move))[0]
            sums[key, str(move.source)] = (before + move.movement.amount, move)
    found: dict[ItemKey, list[_After]] = defaultdict(list)
    for (key, _), (amount, move) in sums.items():
        if amount:
            said = f"{move.doc_id or 'by hand'} {move.date} ({places.place(books, move.source)})"
            split = parts(books.facts, documents.get(move.source), key, amount, as_of)
            found[key] += [_After(part, each, said) for part, each in split.items()]
    return found


def parts(facts: Facts, doc: Document | None, key: ItemKey, amount: Decimal, as_of: date) -> dict[str, Decimal]:
    """Split what an entry after a day did to an item, below zero where it lowers it, over the columns.

    An allocation counts as the credits that it used: money and credit notes dated after the day, or what was there.
    """
    if doc is None or doc.doc_type != names.ALLOCATION:
        return {_PART.get(cause_of(facts, doc), OTHER): amount}
    found: dict[str, Decimal] = {}
    for credit, part in applied(facts, doc.doc_id, key, -amount):
        column = _column(credit, as_of)
        found[column] = found.get(column, ZERO) - part
    rest = amount - sum(found.values(), ZERO)
    return {**found, OTHER: found.get(OTHER, ZERO) + rest} if rest else found


def _column(credit: Document | None, as_of: date) -> str:
    if credit is None or credit.doc_type not in _FRESH:
        return OTHER
    return _FRESH[credit.doc_type] if credit.date > as_of else SET_OFF


def _row(books: Books, item: Item, name: str, after: Iterable[_After]) -> Row:
    found = list(after)
    sums = {part: sum((one.amount for one in found if one.part == part), ZERO) for part in PARTS}
    return {
        "item": item.item,
        "customer": item.customer,
        "name": name,
        "date": item.date,
        "due": item.due,
        "currency": item.currency,
        "open": item.open,
        **sums,
        "still_open": item.open + sum(sums.values(), ZERO),
        "by": ", ".join(dict.fromkeys(one.said for one in found)),
        "source": places.place(books, item.source),
    }
