"""The changes that a bridge is made of: what one document, or time alone, did to a measure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports.flows import cause_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.findings import Source
    from o2c.model.items import ItemKey

NEW = "new"
PAID = "paid"
CREDITED = "credited"
WRITTEN_OFF = "written-off"
REFUNDED = "refunded"
OTHER = "other"
BY_HAND = "entry by hand"
_PARTS = {
    "invoices": NEW,
    "credit_notes": CREDITED,
    "receipts": PAID,
    "refunds": REFUNDED,
    "write_offs": WRITTEN_OFF,
}


class Change(NamedTuple):
    """What one document (or the passing of a due date) did to a measure.

    `amount` in `currency`: what it added to the measure, below zero what it took off. `doc_id` is empty for entries by
    hand, `item` where the change is not about one item.
    """

    part: str
    customer: str
    currency: str
    item: str
    doc_id: str
    doc_type: str
    date: Date
    amount: Decimal
    source: Source


def changed(part: str, move: Moved, amount: Decimal) -> Change:
    """Make the change of a movement."""
    own = move.movement
    customer = names.customer_of(own.account)
    said = move.doc_type or BY_HAND
    return Change(part, customer, own.currency, own.item, move.doc_id, said, move.date, amount, move.source)


def lives(moved: Iterable[Moved]) -> dict[ItemKey, list[Moved]]:
    """Sort movements by item, each in the order of its days."""
    found: dict[ItemKey, list[Moved]] = {}
    for move in moved:
        found.setdefault((move.movement.account, move.movement.item, move.movement.currency), []).append(move)
    return {key: sorted(moves, key=lambda move: move.date) for key, moves in found.items()}


def steps(moves: Sequence[Moved]) -> Iterator[list[Moved]]:
    """Give movements entry by entry: what one entry does to an item is one step."""
    for _, group in groupby(moves, key=lambda move: (move.date, move.source, move.doc_id)):
        yield list(group)


def cause(facts: Facts, move: Moved) -> str:
    """Name why an entry moved an item: new, paid, credited, written-off, refunded or other.

    An allocation counts as what it applies: a receipt is paid, a credit note credited. What takes back or reverses
    counts where the document counts that it takes back.
    """
    doc = next((one for one in facts.versions.get(move.doc_id, ()) if one.source == move.source), None)
    return _of_document(facts, doc) if doc else OTHER


def _of_document(facts: Facts, doc: Document) -> str:
    meant, seen = doc, {doc.doc_id}
    while meant.doc_type == names.ALLOCATION or _reverses(facts, meant) == names.ALLOCATION:
        used = _used(facts, meant)
        if used:
            return _of_credits(used)
        if meant.refers in seen or meant.refers not in facts.versions:
            return OTHER
        seen.add(meant.refers)
        meant = facts.versions[meant.refers][0]
    return _PARTS.get(cause_of(facts, meant), OTHER)


def _reverses(facts: Facts, doc: Document) -> str:
    if doc.doc_type != names.REVERSAL:
        return ""
    known = facts.versions.get(doc.refers, ())
    return str(doc.fact("reverses")) or (known[0].doc_type if known else "")


def _used(facts: Facts, doc: Document) -> set[str]:
    """Name the types of the documents whose credit an allocation uses; none where another document says it.

    What a lot puts back is no credit, so each item is netted; a credit by hand has the type of no document.
    """
    if doc.doc_type != names.ALLOCATION or doc.fact("undoes") is True:
        return set()
    nets: dict[str, Decimal] = {}
    for movement in doc.movements:
        nets[movement.item] = nets.get(movement.item, ZERO) + movement.amount
    credits_ = [facts.versions.get(item) for item, net in nets.items() if net > 0]
    return {known[0].doc_type if known else "" for known in credits_}


def _of_credits(doc_types: set[str]) -> str:
    if doc_types == {names.RECEIPT}:
        return PAID
    return CREDITED if doc_types == {names.CREDIT_NOTE} else OTHER
