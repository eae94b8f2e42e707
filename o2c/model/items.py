"""Open items: what is owed, by whom, since when, as of any day.

An open item is the sum of the postings with its name (`item:`) on one receivable or deposit account. Positive: the
customer owes us; negative: we owe the customer (a credit). Nothing is stored: a later payment never changes the
answer for an earlier day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.facts import Moved
    from o2c.model.findings import Source


class Item(NamedTuple):
    """An item as of a day.

    `original` and `open` in `currency`, debit positive. `carrying` is the open amount in the currency of the books
    where the item is held at cost (else zero and `carrying_currency` empty). `date` and `due` are those of the
    document that opened it; a credit is due at once.
    """

    item: str
    account: str
    customer: str
    currency: str
    doc_id: str
    doc_type: str
    date: Date
    due: Date
    original: Decimal
    open: Decimal
    carrying: Decimal
    carrying_currency: str
    source: Source


#: Items by account, name and currency.
ItemKey = tuple[str, str, str]


def items(moved: Iterable[Moved], as_of: Date | None = None) -> dict[ItemKey, Item]:
    """Sum movements up to and with a day (None: all) into items, settled ones included, in the order of the books."""
    groups: dict[ItemKey, list[Moved]] = {}
    for move in moved:
        if as_of is None or move.date <= as_of:
            key = (move.movement.account, move.movement.item, move.movement.currency)
            groups.setdefault(key, []).append(move)
    return {key: _item(key, group) for key, group in groups.items()}


def open_items(moved: Iterable[Moved], as_of: Date | None = None) -> list[Item]:
    """List the items not settled at the end of the day, oldest due first."""
    found = [item for item in items(moved, as_of).values() if item.open]
    return sorted(found, key=lambda item: (item.due, item.date, item.item, item.account))


def _item(key: ItemKey, group: list[Moved]) -> Item:
    account, name, currency = key
    first = min(group, key=_opens)
    opening = [move for move in group if move.doc_id == first.doc_id and move.source == first.source]
    carried = [move.movement.carrying for move in group if move.movement.carrying is not None]
    return Item(
        item=name,
        account=account,
        customer=names.customer_of(account),
        currency=currency,
        doc_id=name if first.owner else first.doc_id,
        doc_type=first.owner or first.doc_type,
        date=first.date,
        due=first.due or first.date,
        original=sum((move.movement.amount for move in opening), ZERO),
        open=sum((move.movement.amount for move in group), ZERO),
        carrying=sum((amount.number or ZERO for amount in carried), ZERO),
        carrying_currency=carried[0].currency if carried else "",
        source=first.source,
    )


def _opens(move: Moved) -> tuple[bool, Date]:
    """Sort first the movement that opens its item: in the document of its name, or with a due date of its own."""
    return (move.doc_id != move.movement.item and move.due is None, move.date)


def find(known: Mapping[ItemKey, Item], name: str) -> list[Item]:
    """Find the items a person means by a name: the item itself, or all instalments of a document."""
    exact = [item for item in known.values() if item.item == name]
    return exact or [item for item in known.values() if item.doc_id == name]
