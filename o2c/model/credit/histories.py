"""What happened to each order: its versions, the notes about it, and the lines that deliver or invoice it.

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
    from datetime import date as Date

    from beancount.core.data import Note
    from beancount.core.data import Transaction

    from o2c.model.integrity import Sheet

ORDER_NOTES = frozenset({"order-confirmed", "order-held", "order-released", "order-cancelled"})
_COUNTED = frozenset({names.DELIVERY, names.RETURN, names.INVOICE, names.REVERSAL})
_is_item_account = lru_cache(maxsize=100_000)(names.is_item_account)
_SIGNS = {names.DELIVERY: 1, names.RETURN: -1, names.INVOICE: 0}


class Change(NamedTuple):
    """A posting that delivers or invoices a part of an order; `sign` is -1 for returns, 0 for invoices.

    `line` and `quantity` are the posting's `order-line` and `qty` as they are written.
    """

    date: Date
    line: object
    quantity: object
    sign: int
    entry: Transaction


class History:
    """Everything that happened to one order, in the order of the books."""

    __slots__ = ("changes", "notes", "versions")

    def __init__(self) -> None:
        """Begin without anything."""
        self.versions: list[Transaction] = []
        self.notes: list[Note] = []
        self.changes: list[Change] = []

    @property
    def customer(self) -> str:
        """Whose order it is; empty where the order is not in the books."""
        return word(self.versions[0].meta, "customer") if self.versions else ""

    @property
    def days(self) -> set[Date]:
        """The days on which something happened."""
        days = {entry.date for entry in self.versions}
        days.update([note.date for note in self.notes])
        days.update([change.date for change in self.changes])
        return days


def histories(sheet: Sheet) -> dict[str, History]:
    """Read the histories of all orders, by their numbers."""
    found: dict[str, History] = defaultdict(History)
    for entry in sheet.documents:
        meta = entry.meta
        kind = meta.get("doc-type")
        if kind == names.ORDER:
            found[word(meta, "doc-id")].versions.append(entry)
        elif kind in _COUNTED:
            _take_changes(found, entry, _SIGNS.get(word(meta, "reverses") or kind))
    for note in sheet.notes:
        if note.tags and not ORDER_NOTES.isdisjoint(note.tags):
            found[word(note.meta, "subject")].notes.append(note)
    return dict(found)


def _take_changes(found: dict[str, History], entry: Transaction, sign: int | None) -> None:
    if sign is None:
        return
    date, order, changes = entry.date, None, []
    for posting in postings(entry):
        meta = posting.meta
        if meta and "order" in meta and "line" in meta and not _is_item_account(posting.account):
            if meta["order"] != order:
                order = meta["order"]
                changes = found[word(meta, "order")].changes
            changes.append(Change(date, meta.get("order-line"), meta.get("qty"), sign, entry))


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
