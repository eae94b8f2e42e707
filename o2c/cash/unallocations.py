"""Taking back what a receipt, credit note or allocation settled: the items are open again, the credit is back.

Always a new allocation with the opposite movements, dated in an open period; the original stays as it is. Taking back
an application restores both items to what they were without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.cash import valuing
from o2c.cash.allocations import suspense
from o2c.cash.desk import Desk
from o2c.cash.desk import deposit_key
from o2c.cash.taken_back import UNDOES
from o2c.cash.taken_back import effects
from o2c.cash.taken_back import is_undoing
from o2c.cash.taken_back import require_standing
from o2c.cash.taken_back import undoings
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import extra
from o2c.model.integrity.sheet import stem
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.cash.taken_back import Effect
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.model.documents import Entry
    from o2c.model.documents import Movement
    from o2c.model.documents import Other
    from o2c.model.items import ItemKey

#: Documents whose applications can be taken back.
APPLYING = (names.ALLOCATION, names.RECEIPT, names.CREDIT_NOTE)


class Applied(NamedTuple):
    """An item that a document settled, and what is left of that: amount and carrying amount, both negative.

    `realised` is the exchange difference posted with it, gains negative (zero where there is none).
    """

    key: ItemKey
    effect: Effect
    realised: Decimal


class Pair(NamedTuple):
    """The document that took from the credit and the one that settled items; most often the same."""

    giving: Document
    taking: Document


def unallocate(books: Books, act: Act, day: date, doc_id: str, item: str = "") -> list[Entry]:
    """Take back what a document applied, all of it or what it applied to one item (or one document's instalments).

    Raises NotFound for an unknown document; Refused for one that applies nothing, was reversed, is dated later, or of
    which nothing is left to take back.
    """
    desk = Desk(books, act, day)
    doc = books.facts.document(doc_id)
    _require_applying(doc)
    require_standing(books.facts, doc, day)
    pair = _pair(desk, doc)
    applied = _left(desk, pair.taking)
    chosen = [one for one in applied if not item or item in {one.key[1], stem(one.key[1])}]
    if not chosen:
        raise Refused(_nothing_left(desk, doc, applied, item))
    _take_back(desk, pair, chosen)
    return list(desk.drafted)


def _require_applying(doc: Document) -> None:
    if doc.doc_type not in APPLYING:
        raise Refused(f"{doc.doc_id} ({doc.doc_type}) applies nothing; `o2c reverse {doc.doc_id}` takes it back")
    if is_undoing(doc):
        raise Refused(f"{doc.doc_id} took {doc.refers} back; to use the credit again, `o2c allocate` it")


def _pair(desk: Desk, doc: Document) -> Pair:
    """Find the other half of an allocation for another customer."""
    if doc.doc_type != names.ALLOCATION:
        return Pair(doc, doc)
    if doc.refers:
        return Pair(desk.books.facts.document(doc.refers, names.ALLOCATION), doc)
    halves = [half for half in desk.books.facts.documents(names.ALLOCATION) if half.refers == doc.doc_id]
    return Pair(doc, next((half for half in halves if not is_undoing(half)), doc))


def _left(desk: Desk, doc: Document) -> list[Applied]:
    """List the items that a document settled and that were not taken back: what it opened itself is not among them."""
    family = [doc, *undoings(desk.books.facts, doc.doc_id)]
    fx = desk.company.accounts.fx
    return [
        Applied(key, effect, valuing.realised(family, fx, key[1]))
        for key, effect in effects(family).items()
        if effect.amount < 0 and key[1] != doc.doc_id
    ]


def _nothing_left(desk: Desk, doc: Document, applied: Sequence[Applied], item: str) -> str:
    if applied:
        items = ", ".join(one.key[1] for one in applied)
        return f"{doc.doc_id} has nothing on {item}; it was applied to {items}"
    back = undoings(desk.books.facts, doc.doc_id)
    if back:
        return f"nothing of {doc.doc_id} is left to take back: {', '.join(one.doc_id for one in back)} did it already"
    users = [one.doc_id for one in desk.books.facts.documents(names.ALLOCATION) if _moves(one, doc.doc_id)]
    hint = f"; its credit was used later by {', '.join(users)}, take that back" if users else ""
    return f"{doc.doc_id} was not applied to any item, so nothing can be taken back{hint}"


def _take_back(desk: Desk, pair: Pair, chosen: Sequence[Applied]) -> None:
    movements: list[Movement] = []
    differences: list[Other] = []
    for one in chosen:
        weight = None if one.effect.weight is None else -one.effect.weight
        movements += desk.change(one.key, -one.effect.amount, weight)
        differences += valuing.difference(desk, one.key[1], -one.realised)
    amount = sum((one.effect.amount for one in chosen), ZERO)
    value = _value(chosen)
    back = desk.change(_credit(pair.giving), amount, value)
    if pair.giving is pair.taking:
        _draft(desk, pair.taking, [*movements, *back], differences)
        return
    books = (amount, pair.taking.currency) if value is None else (value, desk.company.currency)
    passed = suspense(desk, books)
    _draft(desk, pair.giving, back, [passed])
    _draft(desk, pair.taking, movements, [passed._replace(amount=-passed.amount), *differences])


def _value(chosen: Sequence[Applied]) -> Decimal | None:
    """Sum what the credit was worth when it was used: the items' carrying amounts and what was realised on them."""
    if chosen[0].effect.weight is None:
        return None
    return sum(((one.effect.weight or ZERO) + one.realised for one in chosen), ZERO)


def _credit(doc: Document) -> ItemKey:
    """Find the credit that a document used: its own, or the one an allocation took from."""
    if doc.doc_type != names.ALLOCATION:
        return deposit_key(doc.customer, doc.doc_id, doc.currency)
    return next(key for key, effect in effects([doc]).items() if effect.amount > 0)


def _draft(desk: Desk, doc: Document, movements: Sequence[Movement], others: Sequence[Other]) -> None:
    doc_id = desk.draw(names.ALLOCATION)
    desk.draft(
        names.ALLOCATION,
        doc_id,
        doc.customer,
        doc.currency,
        f"Allocation {doc_id} takes {doc.doc_id} back",
        movements=movements,
        others=others,
        refers=doc.doc_id,
        extra=extra(**{UNDOES: True}),
    )


def _moves(doc: Document, item: str) -> bool:
    return not is_undoing(doc) and any(move.item == item for move in doc.movements)
