"""The working sheet of the checks: transactions, documents and movements, taken from the entries in one pass.

The checks that also run as a plugin read the postings themselves, not `Document`s: it is three times as fast, and it
does not rest on the reader whose results it proves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import cast

from beancount.core.data import Custom
from beancount.core.data import Note
from beancount.core.data import Transaction

from o2c.errors import BadInput
from o2c.model import names
from o2c.model import reading
from o2c.model.findings import Finding
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.data import Directive

#: The accounts above the customers' own; nothing may be posted to them directly.
CONTROL_ACCOUNTS = (names.RECEIVABLES, names.DEPOSITS)
_customer_of = lru_cache(maxsize=100_000)(names.customer_of)
_is_item_account = lru_cache(maxsize=100_000)(names.is_item_account)


class Value(NamedTuple):
    """A number with its currency: units, cost or price as booking leaves them, complete."""

    number: Decimal
    currency: str


class Booked(NamedTuple):
    """The type of a posting as booking leaves it; Beancount's own type also allows what is not complete yet.

    Only plugins of others make postings without `meta`; readers say `posting.meta or {}`.
    """

    account: str
    units: Value
    cost: Value | None
    price: Value | None
    flag: str | None
    meta: dict[str, Any]


class Move(NamedTuple):
    """A posting on a receivable or deposit account; `opens` where it has a due date of its own.

    `customer` is the one the account names, `item` what is written; both empty where there is none.
    """

    entry: Transaction
    date: Date
    account: str
    customer: str
    item: str
    number: Decimal
    currency: str
    opens: bool


class Sheet(NamedTuple):
    """What the checks look at, in the order of the books (by day).

    `documents` are the transactions with `doc-type` or `doc-id`; `numbered` finds all of one number (amended orders
    have several versions); `moves_of` groups the movements by account, item and currency.
    """

    notes: list[Note]
    customs: list[Custom]
    transactions: list[Transaction]
    documents: list[Transaction]
    numbered: dict[str, list[Transaction]]
    moves: list[Move]
    moves_of: dict[tuple[str, str, str], list[Move]]


def sheet(entries: Iterable[Directive]) -> Sheet:
    """Read the entries, which are in the order of their days."""
    result = Sheet([], [], [], [], {}, [], {})
    for entry in entries:
        if isinstance(entry, Transaction):
            result.transactions.append(entry)
            if "doc-type" in entry.meta or "doc-id" in entry.meta:
                result.documents.append(entry)
                result.numbered.setdefault(word(entry, "doc-id"), []).append(entry)
            for posting in postings(entry):
                if posting.account.startswith(CONTROL_ACCOUNTS):
                    _take(result, entry, posting)
        elif isinstance(entry, Note):
            result.notes.append(entry)
        elif isinstance(entry, Custom):
            result.customs.append(entry)
    return result


def _take(result: Sheet, entry: Transaction, posting: Booked) -> None:
    account, units = posting.account, posting.units
    customer = _customer_of(account)
    if not (customer or _is_item_account(account) or account in CONTROL_ACCOUNTS):
        return
    meta = posting.meta or {}
    item = meta.get("item")
    item = item if isinstance(item, str) else ""
    move = Move(entry, entry.date, account, customer, item, units.number, units.currency, meta.get("due") is not None)
    result.moves.append(move)
    result.moves_of.setdefault((account, item, units.currency), []).append(move)


def postings(entry: Transaction) -> list[Booked]:
    """Give the postings of a booked entry with their true type."""
    return cast("list[Booked]", entry.postings)


def word(entry: Transaction, key: str) -> str:
    """Read a text of the header; empty where it is missing or not a text."""
    value = entry.meta.get(key)
    return value if isinstance(value, str) else ""


def found(check: str, entry: Directive, message: str) -> Finding:
    """Make a finding at the place of an entry."""
    return Finding(check, reading.source(entry), message, entry)


def title(entry: Transaction) -> str:
    """Name an entry for a message: its number, or its day and narration."""
    return word(entry, "doc-id") or f"{entry.date} {(entry.narration or 'transaction')[:40]!r}"


@lru_cache(maxsize=100_000)
def is_number(text: str) -> bool:
    """Tell whether a text can be the number of a document or item."""
    try:
        identifier(text, "number")
    except BadInput:
        return False
    return True


def stem(item: str) -> str:
    """Name the document of an instalment: `INV-2026-0001` for `INV-2026-0001.2`; else the item itself."""
    head, dot, tail = item.rpartition(".")
    return head if dot and tail.isdigit() else item
