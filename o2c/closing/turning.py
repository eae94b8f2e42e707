"""What the close posts for one day only: a document of the last day, and its reversal on the first day after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import extra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.closing.at_end import AtEnd
    from o2c.model.documents import Act
    from o2c.model.documents import Extra
    from o2c.model.documents import Other


def draft(
    at_end: AtEnd,
    act: Act,
    doc_type: str,
    doc_id: str,
    others: tuple[Other, ...],
    what: str,
    *,
    customer: str = "",
    currency: str = "",
    links: frozenset[str] = frozenset(),
    facts: Extra = (),
) -> Document:
    """Write a document of the last day of the month that moves no customer's account."""
    return Document(
        doc_type=doc_type,
        doc_id=doc_id,
        date=at_end.month.last,
        customer=customer,
        currency=currency or at_end.currency,
        payee=at_end.name_of(customer) if customer else "",
        narration=f"{doc_type.capitalize()} {doc_id}: {what}",
        others=others,
        act=act,
        links=frozenset({doc_id}) | links,
        tags=frozenset({doc_type}),
        extra=facts,
    )


def turned(doc: Document, doc_id: str, day: date) -> Document:
    """Give the reversal of a document that has nothing but other postings."""
    return doc._replace(
        doc_type=names.REVERSAL,
        doc_id=doc_id,
        date=day,
        narration=f"Reversal {doc_id} of {doc.doc_type} {doc.doc_id}",
        others=tuple(other._replace(amount=-other.amount) for other in doc.others),
        refers=doc.doc_id,
        links=doc.links | {doc_id},
        tags=frozenset({names.REVERSAL}),
        extra=extra(reverses=doc.doc_type),
    )


def new_numbers() -> Iterator[str]:
    """Give numbers for documents that are only proposed: NEW-1, NEW-2 and so on."""
    number = 0
    while True:
        number += 1
        yield f"NEW-{number}"
