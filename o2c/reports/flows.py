"""What moved the accounts of customers, and why: each document's effect, sorted into the columns of a roll-forward."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Movement
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.model.findings import Source

OTHER = "other"
FX = "fx"
#: The columns, in their order.
CAUSES = ("invoices", "credit_notes", "receipts", "refunds", "write_offs", FX, OTHER)
_CAUSE = {
    names.INVOICE: "invoices",
    names.DEPOSIT_INVOICE: "invoices",
    names.CREDIT_NOTE: "credit_notes",
    names.RECEIPT: "receipts",
    names.REFUND: "refunds",
    names.WRITE_OFF: "write_offs",
    names.REVALUATION: FX,
}
_ON_ITEM = "on-item"


class Key(NamedTuple):
    """Whose account: the customer, the currency of the items, and the currency in which they are measured."""

    customer: str
    item_currency: str
    currency: str


class Flow(NamedTuple):
    """What one entry did to the account of one customer: `amount` by its cause, `fx` by exchange rates.

    Both in `key.currency`, debit positive. Their sum is what the entry moved. `doc_id` is empty for entries by hand.
    """

    key: Key
    date: Date
    doc_id: str
    doc_type: str
    cause: str
    amount: Decimal
    fx: Decimal
    source: Source


def flows(facts: Facts, *, valued: bool = False) -> Iterator[Flow]:
    """Give every effect on the accounts of customers, in the order of the books; what sums to zero is left out.

    `valued`: items held at cost count as carried, in the currency of the books; exchange differences then stand apart
    from the money that brought them. A reversal counts where the document that it reverses counts.
    """
    documents = {(doc.source, doc.doc_id): doc for versions in facts.versions.values() for doc in versions}
    groups: dict[tuple[Source, str], list[Moved]] = {}
    for move in facts.moved:
        groups.setdefault((move.source, move.doc_id), []).append(move)
    for name, group in groups.items():
        doc = documents.get(name)
        cause = cause_of(facts, doc)
        differences = _differences(doc, group) if doc and valued else {}
        for key, total in _sums(group, valued=valued).items():
            fx = total if cause == FX else differences.get(key, ZERO)
            if total or fx:
                first = group[0]
                yield Flow(key, first.date, first.doc_id, first.doc_type, cause, total - fx, fx, first.source)


def cause_of(facts: Facts, doc: Document | None) -> str:
    """Name the column of a document; entries by hand, fees, opening items and transfers are `other`."""
    if doc is None:
        return OTHER
    if doc.doc_type != names.REVERSAL:
        return _CAUSE.get(doc.doc_type, OTHER)
    said = str(doc.fact("reverses"))
    reversed_ = facts.versions.get(doc.refers, ())
    return _CAUSE.get(said or (reversed_[0].doc_type if reversed_ else ""), OTHER)


def _sums(group: list[Moved], *, valued: bool) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = {}
    for move in group:
        key = _key(move.movement, valued=valued)
        carrying = move.movement.carrying
        number = carrying.number or ZERO if valued and carrying else move.movement.amount
        sums[key] = sums.get(key, ZERO) + number
    return sums


def _key(movement: Movement, *, valued: bool) -> Key:
    measured = movement.carrying.currency if valued and movement.carrying else movement.currency
    return Key(names.customer_of(movement.account), movement.currency, measured)


def _differences(doc: Document, group: list[Moved]) -> dict[Key, Decimal]:
    """Sum the exchange differences of a document by whose item they arose on; a gain raises what is owed."""
    keys = {move.movement.item: _key(move.movement, valued=True) for move in group if move.movement.carrying}
    found: dict[Key, Decimal] = {}
    for other in doc.others:
        item = dict(other.extra).get(_ON_ITEM)
        key = keys.get(str(item)) if item is not None else None
        if key is not None and key.currency == other.currency:
            found[key] = found.get(key, ZERO) - other.amount
    return found
