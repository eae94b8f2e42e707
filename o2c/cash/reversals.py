"""Reversals: the opposite of a document, as a new document of its own day, with a reason.

A document and its reversal together have no effect on any account or item, tax included. What was taken back of the
document before (allocations that undo it) is part of what is reversed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.cash.bank import opposite
from o2c.cash.blocking import require_untouched
from o2c.cash.desk import Desk
from o2c.cash.taken_back import effects
from o2c.cash.taken_back import require_standing
from o2c.cash.taken_back import reversal_of
from o2c.cash.taken_back import undoings
from o2c.cash.unallocations import unallocate
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.documents import extra
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.model.documents import Entry
    from o2c.model.documents import Line
    from o2c.model.documents import Movement
    from o2c.model.documents import Other
    from o2c.model.documents import Tax


def reverse(books: Books, act: Act, day: date, doc_id: str) -> list[Entry]:
    """Post the opposite of a document; an allocation is taken back instead. The reason is in `act.why`.

    Raises NotFound for an unknown document; WrongUsage without a reason; Refused for orders, reversals, documents
    reversed before or dated later, and while later documents use what it brought.
    """
    doc = books.facts.document(doc_id)
    if not act.why.strip():
        raise WrongUsage(f"say why {doc_id} is reversed: --reason TEXT")
    if doc.doc_type == names.ALLOCATION:
        return unallocate(books, act, day, doc_id)
    desk = Desk(books, act, day)
    _require_reversible(desk, doc)
    require_untouched(desk, doc)
    _reversal(desk, doc)
    return list(desk.drafted)


def _require_reversible(desk: Desk, doc: Document) -> None:
    facts = desk.books.facts
    if doc.doc_type == names.ORDER:
        raise Refused(f"{doc.doc_id} is an order, which has no effect to reverse; `o2c order cancel {doc.doc_id}`")
    if doc.doc_type == names.REVERSAL:
        raise Refused(f"{doc.doc_id} is a reversal; it stays, enter the document it reversed again ({doc.refers})")
    before = reversal_of(facts, doc.doc_id)
    if before:
        raise Refused(f"{doc.doc_id} was reversed by {before.doc_id} on {before.date} already")
    require_standing(facts, doc, desk.day)


def _reversal(desk: Desk, doc: Document) -> None:
    family = [doc, *undoings(desk.books.facts, doc.doc_id)]
    doc_id = desk.draw(names.REVERSAL)
    desk.draft(
        names.REVERSAL,
        doc_id,
        doc.customer,
        doc.currency,
        f"Reversal {doc_id} of {doc.doc_type} {doc.doc_id}",
        movements=_movements(desk, family),
        lines=tuple(_line(line) for line in doc.lines),
        taxes=tuple(_tax(tax) for tax in doc.taxes),
        others=_others(family),
        refers=doc.doc_id,
        links=doc.links if doc.lines else (),
        extra=extra(reverses=doc.doc_type, invoice=doc.refers if doc.doc_type == names.CREDIT_NOTE else ""),
    )


def _movements(desk: Desk, family: Sequence[Document]) -> list[Movement]:
    movements: list[Movement] = []
    for key, (amount, weight) in effects(family).items():
        if amount or weight:
            back = None if weight is None else -weight
            movements += desk.change(key, -amount, back)
    return movements


def _line(line: Line) -> Line:
    return line._replace(amount=_minus(line.amount), quantity=_minus(line.quantity), net=_turned(line.net))


def _tax(tax: Tax) -> Tax:
    base = _turned(tax.base)
    assert base is not None, "a tax has a base"
    return tax._replace(amount=_minus(tax.amount), base=base, tax=_turned(tax.tax))


def _others(family: Sequence[Document]) -> list[Other]:
    """Turn the other postings round; those that the family took back itself (exchange differences) fall away."""
    sums: dict[Other, Decimal] = {}
    turned: list[Other] = []
    for other in (other for doc in family for other in doc.others):
        if other.total is not None:
            turned.append(opposite(other))
        else:
            key = other._replace(amount=ZERO)
            sums[key] = sums.get(key, ZERO) - other.amount
    return [*turned, *(key._replace(amount=amount) for key, amount in sums.items() if amount)]


def _minus(number: Decimal) -> Decimal:
    return -number if number else number


def _turned(amount: Amount | None) -> Amount | None:
    if amount is None or amount.number is None:
        return None
    return Amount(_minus(amount.number), amount.currency)
