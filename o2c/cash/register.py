"""The register of cash documents: what each was, what is left of it, whether it was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document


class Entered(NamedTuple):
    """A document of the register.

    `amount` is how much it moved on the customer's items, positive: money received or paid back, credit used, item
    given up. `unapplied` is what is left of the credit with its number, positive. `items` are those it moved beside
    its own. `state` is empty, `reversed` or `taken back` (wholly or in part).
    """

    doc: Document
    items: tuple[str, ...]
    amount: Decimal
    unapplied: Decimal
    state: str


def register(books: Books, as_of: date, doc_type: str, customer: str = "", *, unapplied: bool = False) -> list[Entered]:
    """List the documents of a type as they stand at the end of a day; `unapplied`: those of which a credit is left."""
    left = _left(books, as_of, customer)
    reversed_ids = {doc.refers for doc in books.documents(names.REVERSAL, as_of=as_of, customer=customer)}
    halves = books.documents(names.ALLOCATION, as_of=as_of, customer=customer)
    undone = {doc.refers for doc in halves if doc.fact("undoes", default=False)}
    among = {number for number, _ in left} if unapplied else None
    found = []
    for doc in books.documents(doc_type, as_of=as_of, customer=customer, among=among):
        state = "reversed" if doc.doc_id in reversed_ids else "taken back" if doc.doc_id in undone else ""
        rest = left.get((doc.doc_id, doc.currency), ZERO)
        if rest or not unapplied:
            found.append(Entered(doc, _items(doc), _amount(doc), rest, state))
    return found


def _left(books: Books, as_of: date, customer: str) -> dict[tuple[str, str], Decimal]:
    credits_left = [item for item in books.open_items(as_of, customer) if item.open < 0]
    return {(item.item, item.currency): -item.open for item in credits_left}


def _items(doc: Document) -> tuple[str, ...]:
    return tuple(dict.fromkeys(move.item for move in doc.movements if move.item != doc.doc_id))


def _amount(doc: Document) -> Decimal:
    sums: dict[str, Decimal] = {}
    for move in doc.movements:
        sums[move.item] = sums.get(move.item, ZERO) + move.amount
    net = sum(sums.values(), ZERO)
    return abs(net) if net else sum((amount for amount in sums.values() if amount > 0), ZERO)
