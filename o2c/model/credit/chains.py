"""The documents of one day that belong together: they move the same orders and items, so what they add is one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.data import Transaction

from o2c.model import names
from o2c.model.credit.histories import word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date

    from beancount.core.data import Directive

    from o2c.model.credit.diary import Day
    from o2c.model.credit.histories import History
    from o2c.model.credit.standing import ItemKey

_SELLING = frozenset({names.DELIVERY, names.INVOICE, names.DEPOSIT_INVOICE})


class Chain(NamedTuple):
    """What belongs together on a day: orders, items, and all entries that touched them.

    `lines` is the number of order lines that were delivered or invoiced: each may be rounded another way than before.
    """

    orders: frozenset[str]
    items: frozenset[ItemKey]
    entries: tuple[Directive, ...]
    lines: int

    def subjects(self) -> set[str]:
        """Name the documents for which a release may have been given."""
        return {word(entry.meta, "doc-id") for entry in self.entries if "doc-id" in entry.meta} | self.orders

    def raising(self) -> list[Directive]:
        """List the entries that gave credit: confirmations (else orders), deliveries, invoices, receivables by hand."""
        confirmed = {word(entry.meta, "subject") for entry in self.entries if _is_confirmation(entry)}
        return [entry for entry in self.entries if _gives_credit(entry, confirmed)]


def chains(days: Iterable[Day], histories: dict[str, History], date: Date) -> list[Chain]:
    """Sort what happened on a day, to one or several customers, into chains; the order of the entries plays no part."""
    entries: dict[int, Directive] = {}
    touched: dict[int, set[str | ItemKey]] = {}
    lines: dict[int, int] = {}

    def touch(entry: Directive, what: str | ItemKey) -> None:
        entries[id(entry)] = entry
        touched.setdefault(id(entry), set()).add(what)

    for day in days:
        for move in day.moves:
            touch(move.entry, (move.account, move.item, move.currency))
        for doc_id in day.orders:
            history = histories[doc_id]
            for order in history.versions:
                if order.date == date:
                    touch(order, doc_id)
            for note in history.notes:
                if note.date == date:
                    touch(note, doc_id)
            for change in history.changes:
                if change.date == date:
                    touch(change.entry, doc_id)
                    lines[id(change.entry)] = lines.get(id(change.entry), 0) + 1
    return [
        Chain(
            frozenset(what for what in keys if isinstance(what, str)),
            frozenset(what for what in keys if not isinstance(what, str)),
            tuple(sorted((entries[each] for each in members), key=_place)),
            sum(lines.get(each, 0) for each in members),
        )
        for keys, members in _joined(touched)
    ]


def _joined(touched: dict[int, set[str | ItemKey]]) -> list[tuple[set[str | ItemKey], list[int]]]:
    """Join entries that touch the same order or item, over any number of steps."""
    groups: list[tuple[set[str | ItemKey], list[int]]] = []
    for entry, keys in touched.items():
        apart = [group for group in groups if group[0].isdisjoint(keys)]
        together = [group for group in groups if not group[0].isdisjoint(keys)]
        joined = set(keys).union(*(group[0] for group in together))
        groups = [*apart, (joined, [entry, *(each for group in together for each in group[1])])]
    return groups


def _gives_credit(entry: Directive, confirmed: set[str]) -> bool:
    if not isinstance(entry, Transaction):
        return _is_confirmation(entry)
    kind = entry.meta.get("doc-type")
    if kind == names.ORDER:
        return word(entry.meta, "doc-id") not in confirmed
    return kind in _SELLING or (kind not in names.DOCUMENT_TYPES and _debits(entry))


def _debits(entry: Transaction) -> bool:
    """Tell whether an entry by hand raises what a customer owes."""
    return any(
        posting.units is not None and posting.units.number and posting.units.number > 0
        for posting in entry.postings
        if posting.account.startswith(names.RECEIVABLES + ":")
    )


def _is_confirmation(entry: Directive) -> bool:
    return "order-confirmed" in (getattr(entry, "tags", None) or ())


def _place(entry: Directive) -> tuple[str, int]:
    return str(entry.meta.get("filename", "")), int(entry.meta.get("lineno", 0))
