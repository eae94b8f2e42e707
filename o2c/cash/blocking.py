"""What stands in the way of a reversal: later documents that use what it brought, and how to take them back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.cash.taken_back import effects
from o2c.cash.taken_back import is_undoing
from o2c.cash.taken_back import reversal_of
from o2c.errors import Refused
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.cash.desk import Desk
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.progress import LineKey

#: Documents that take their place beside the lines of another, without touching an item.
_FOLLOWERS = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE, names.RETURN})


def require_untouched(desk: Desk, doc: Document) -> None:
    """Raise Refused naming every later document that must be taken back first, with the command that does it."""
    facts = desk.books.facts
    blockers = dict.fromkeys([*_users(facts, doc), *_followers(facts, doc)])
    if blockers:
        raise Refused(f"{doc.doc_id} is used by later documents; take back first: {'; '.join(blockers)}")


def _users(facts: Facts, doc: Document) -> Iterator[str]:
    """Find who moved the items that this document opened, and did not take it back."""
    own = _own_items(facts, doc)
    left: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    roots: dict[tuple[str, str], Moved] = {}
    for move in facts.moved:
        item = move.movement.item
        if (move.movement.account, item, move.movement.currency) in own:
            root = _root(facts, move)
            if root != doc.doc_id:
                left[root, item] += move.movement.amount
                roots.setdefault((root, item), move)
    for (root, item), amount in left.items():
        if amount:
            yield _hint(facts, root, item, roots[root, item])


def _own_items(facts: Facts, doc: Document) -> set[tuple[str, str, str]]:
    """Name the items that the document opened: those of its number, and those it gave a due date."""
    family = [doc, *(one for one in facts.documents(names.ALLOCATION) if one.refers == doc.doc_id and is_undoing(one))]
    opened = {move.item for move in doc.movements if move.due is not None} | {doc.doc_id}
    return {key for key in effects(family) if key[1] in opened or key[1].rpartition(".")[0] == doc.doc_id}


def _root(facts: Facts, move: Moved) -> str:
    """Name the document that a movement belongs to: what takes a document back belongs to that document."""
    if not move.doc_id:
        return str(move.source)
    doc = facts.document(move.doc_id)
    return doc.refers if doc.doc_type == names.REVERSAL or is_undoing(doc) else doc.doc_id


def _hint(facts: Facts, root: str, item: str, move: Moved) -> str:
    if root not in facts.versions:
        return f"the entry at {root}, made by hand"
    if move.doc_type == names.ALLOCATION:
        return f"o2c unallocate {root}"
    if move.doc_type == names.RECEIPT:
        return f"o2c unallocate {root} --item {item}"
    return f"o2c reverse {root}"


def _followers(facts: Facts, doc: Document) -> Iterator[str]:
    """Find invoices and returns of a delivery, and credit notes of an invoice, that were not reversed."""
    overdrawn = _overdrawn(facts, doc)
    for other in facts.documents(*_FOLLOWERS):
        corrects = other.doc_type == names.CREDIT_NOTE and other.refers == doc.doc_id
        bills = bool(doc.lines) and any(_needs(line, doc, overdrawn) for line in other.lines)
        if (corrects or bills) and not reversal_of(facts, other.doc_id):
            yield f"o2c reverse {other.doc_id}"


def _needs(line: Line, doc: Document, overdrawn: set[LineKey]) -> bool:
    return line.delivery == doc.doc_id or (bool(line.delivery) and (line.order, line.order_line) in overdrawn)


def _overdrawn(facts: Facts, doc: Document) -> set[LineKey]:
    """Name the order lines of which more would be invoiced than delivered, were this delivery reversed."""
    if doc.doc_type != names.DELIVERY:
        return set()
    done = Progress(facts)
    keys = [(line.order, line.order_line) for line in doc.lines]
    without = {key: done.delivered[key] for key in keys}
    for line in doc.lines:
        without[line.order, line.order_line] -= line.quantity
    return {key for key, quantity in without.items() if done.invoiced[key] > quantity}
