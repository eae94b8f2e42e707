"""Which credits a document applied to an item, and on which days the money in them came."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.facts import Facts
    from o2c.model.items import ItemKey


class Used(NamedTuple):
    """A credit that a document used, by its name, and so much of it, above zero."""

    credit: str
    currency: str
    amount: Decimal


def came(facts: Facts, doc_id: str, key: ItemKey, amount: Decimal) -> list[tuple[date, Decimal]]:
    """Split what a document took off an item by the days on which the money for it came.

    What was no money (a credit note, a write-off) is left out. `amount` and parts as in `applied`.
    """
    found: dict[date, Decimal] = {}
    for doc, part in applied(facts, doc_id, key, amount):
        if doc is not None and doc.doc_type == names.RECEIPT:
            found[doc.date] = found.get(doc.date, ZERO) + part
    return list(found.items())


def applied(facts: Facts, doc_id: str, key: ItemKey, amount: Decimal) -> list[tuple[Document | None, Decimal]]:
    """Split what a document took off an item by the documents that its credits come from.

    `amount` is above zero, below it where the item was opened again; so are the parts, which may sum to less. A receipt
    is its own credit; the document of an allocation's credit has its name (None: there is none). Several credits were
    used in the order in which the allocation names them, for its items in their order; what was taken back, is taken
    back from these parts in the same order.
    """
    doc = _origin(facts, doc_id)
    if doc is None or doc.doc_type == names.RECEIPT:
        return [(doc, amount)]
    used = _used(facts, doc)
    if len(used) == 1:
        return [(_document(facts, used[0]), amount)]
    sign = 1 if amount > 0 else -1
    parts, _ = _taken(abs(amount), _parts(doc, used).get(key, ()))
    return [(_document(facts, part), sign * part.amount) for part in parts]


def _document(facts: Facts, one: Used) -> Document | None:
    return next(iter(facts.versions.get(one.credit, ())), None)


def _origin(facts: Facts, doc_id: str) -> Document | None:
    """Find the receipt or allocation that a document is, or took back; None: no such document."""
    seen: set[str] = set()
    while doc_id not in seen and doc_id in facts.versions:
        seen.add(doc_id)
        doc = facts.versions[doc_id][0]
        if doc.doc_type != names.REVERSAL and doc.fact("undoes") is not True:
            return doc if doc.doc_type in {names.RECEIPT, names.ALLOCATION} else None
        doc_id = doc.refers
    return None


def _used(facts: Facts, doc: Document) -> list[Used]:
    """List the credits that an allocation used, in its order; the other half of a payer's allocation names them."""
    found = _credits(doc)
    first = facts.versions.get(doc.refers, ())
    return _credits(first[0]) if not found and first and first[0].doc_type == names.ALLOCATION else found


def _credits(doc: Document) -> list[Used]:
    return [Used(item, currency, amount) for (_, item, currency), amount in _nets(doc) if amount > 0]


def _nets(doc: Document) -> Iterable[tuple[ItemKey, Decimal]]:
    """Net what a document moved each item, in its order: a lot is taken out whole, and its rest put back."""
    sums: dict[ItemKey, Decimal] = {}
    for movement in doc.movements:
        key = (movement.account, movement.item, movement.currency)
        sums[key] = sums.get(key, ZERO) + movement.amount
    return sums.items()


def _parts(doc: Document, used: Iterable[Used]) -> dict[ItemKey, list[Used]]:
    """Tell which credits each item of an allocation got."""
    rest = list(used)
    found: dict[ItemKey, list[Used]] = {}
    for key, amount in _nets(doc):
        if amount < 0:
            mine = [one for one in rest if one.currency == key[2]]
            others = [one for one in rest if one.currency != key[2]]
            found[key], left = _taken(-amount, mine)
            rest = [*left, *others]
    return found


def _taken(amount: Decimal, credits_: Iterable[Used]) -> tuple[list[Used], list[Used]]:
    """Take an amount from credits, the first first: what was taken of each, and what is left of each."""
    taken, left = [], []
    for one in credits_:
        part = min(amount, one.amount)
        amount -= part
        if part:
            taken.append(one._replace(amount=part))
        if part < one.amount:
            left.append(one._replace(amount=one.amount - part))
    return taken, left
