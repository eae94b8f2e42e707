"""What happened to each customer with a limit, day by day: movements of items, and changes of orders.

Like the other checks of a plugin it reads the postings themselves, in one pass: making documents of them would cost
more than the rest of the plugin (see o2c.model.integrity.sheet).
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.model import names
from o2c.model.integrity.sheet import postings
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from datetime import date as Date

    from beancount.core.data import Note
    from beancount.core.data import Transaction

    from o2c.model.integrity import Sheet
    from o2c.model.integrity.sheet import Booked
    from o2c.model.integrity.sheet import Move

ORDER_NOTES = frozenset({"order-confirmed", "order-held", "order-released", "order-cancelled"})
_COUNTED = frozenset({names.DELIVERY, names.RETURN, names.INVOICE, names.REVERSAL})
_is_item_account = lru_cache(maxsize=100_000)(names.is_item_account)
_SIGNS = {names.DELIVERY: 1, names.RETURN: -1, names.INVOICE: 0}


class Change(NamedTuple):
    """A posting that delivers or invoices a part of an order; `sign` is -1 for returns, 0 for invoices."""

    entry: Transaction
    posting: Booked
    sign: int


class History:
    """Everything that happened to one order, in the order of the books."""

    __slots__ = ("changes", "days", "notes", "versions")

    def __init__(self) -> None:
        """Begin without anything; `days` are those on which something happened."""
        self.days: set[Date] = set()
        self.versions: list[Transaction] = []
        self.notes: list[Note] = []
        self.changes: list[Change] = []

    @property
    def customer(self) -> str:
        """Whose order it is; empty where the order is not in the books."""
        return word(self.versions[0].meta, "customer") if self.versions else ""


class Day:
    """What happened to a customer on one day: movements on items, and the numbers of orders that changed."""

    __slots__ = ("moves", "orders")

    def __init__(self) -> None:
        """Begin without anything."""
        self.moves: list[Move] = []
        self.orders: list[str] = []


class Diary(NamedTuple):
    """The days of each customer that is looked at, and the histories of all orders."""

    days: dict[str, dict[Date, Day]]
    orders: dict[str, History]


def diary(notes: Iterable[Note], sheet: Sheet, customers: Collection[str]) -> Diary:
    """Read what happened to these customers; the notes and the sheet are those of the same entries."""
    result = Diary({customer: defaultdict(Day) for customer in customers}, _histories(sheet.documents, notes))
    all_days = result.days
    for move in sheet.moves:
        days = all_days.get(move.customer)
        if days is not None:
            days[move.entry.date].moves.append(move)
    for doc_id, history in result.orders.items():
        days = all_days.get(history.customer)
        if days is not None:
            for date in history.days:
                days[date].orders.append(doc_id)
    return result


def _histories(documents: Iterable[Transaction], notes: Iterable[Note]) -> dict[str, History]:
    histories: dict[str, History] = defaultdict(History)
    for entry in documents:
        meta = entry.meta
        kind = meta.get("doc-type")
        if kind == names.ORDER:
            history = histories[word(meta, "doc-id")]
            history.versions.append(entry)
            history.days.add(entry.date)
        elif kind in _COUNTED:
            _take_changes(histories, entry, word(meta, "reverses") or kind)
    for note in notes:
        if note.tags and not ORDER_NOTES.isdisjoint(note.tags):
            history = histories[word(note.meta, "subject")]
            history.notes.append(note)
            history.days.add(note.date)
    return dict(histories)


def _take_changes(histories: dict[str, History], entry: Transaction, kind: str) -> None:
    sign = _SIGNS.get(kind)
    if sign is None:
        return
    for posting in postings(entry):
        meta = posting.meta
        if meta and "order" in meta and "line" in meta and not _is_item_account(posting.account):
            history = histories[word(meta, "order")]
            history.changes.append(Change(entry, posting, sign))
            history.days.add(entry.date)


def is_line(posting: Booked) -> bool:
    """Tell whether a posting is a line of its document, as `o2c.model.reading` tells it."""
    return "line" in (posting.meta or {}) and not names.is_item_account(posting.account)


def word(meta: dict[str, Any], key: str) -> str:
    """Read a text; empty where it is missing or not a text."""
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def number(meta: dict[str, Any], key: str) -> Decimal:
    """Read a number; zero where it is missing or not a number."""
    value = meta.get(key)
    return value if isinstance(value, Decimal) else ZERO


def whole(meta: dict[str, Any], key: str, default: int = 0) -> int:
    """Read a whole number."""
    value = meta.get(key)
    if isinstance(value, Decimal) and value.is_finite() and (found := int(value)) == value:
        return found
    return default
