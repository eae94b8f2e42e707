"""What was taken back already: the documents that undo others, and what is left of a document after them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.facts import Facts
    from o2c.model.items import ItemKey

#: Metadata of an allocation that takes back what the document it refers to had applied.
UNDOES = "undoes"


class Effect(NamedTuple):
    """What documents did to an item: amount, and carrying amount (None where it has none); both debit positive."""

    amount: Decimal
    weight: Decimal | None


def effects(docs: Iterable[Document]) -> dict[ItemKey, Effect]:
    """Sum what documents did to each item, in the order in which they touched them."""
    sums: dict[ItemKey, Effect] = {}
    for doc in docs:
        for move in doc.movements:
            key = (move.account, move.item, move.currency)
            amount, weight = sums.get(key, Effect(ZERO, None))
            if move.carrying is not None:
                weight = (weight or ZERO) + (move.carrying.number or ZERO)
            sums[key] = Effect(amount + move.amount, weight)
    return sums


def is_undoing(doc: Document) -> bool:
    """Tell whether this allocation takes back another document's applications."""
    return doc.doc_type == names.ALLOCATION and doc.fact(UNDOES, default=False) is True


def undoings(facts: Facts, doc_id: str) -> list[Document]:
    """List the allocations that took back what a document had applied."""
    return [doc for doc in facts.documents(names.ALLOCATION) if doc.refers == doc_id and is_undoing(doc)]


def reversal_of(facts: Facts, doc_id: str) -> Document | None:
    """Find the document that reversed this one."""
    return next((doc for doc in facts.documents(names.REVERSAL) if doc.refers == doc_id), None)


def require_standing(facts: Facts, doc: Document, day: date) -> None:
    """Refuse to take back what was reversed, or what is dated later."""
    reversal = reversal_of(facts, doc.doc_id)
    if reversal:
        raise Refused(f"{doc.doc_id} was reversed by {reversal.doc_id} on {reversal.date}; nothing of it is left")
    if day < doc.date:
        raise Refused(
            f"{doc.doc_id} is dated {doc.date}; it cannot be taken back on {day}, before it; use a later --date"
        )
