"""What a sample is drawn from: the items open at the end of a month, or its invoices, by their worth in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing.pack.asked import INVOICES
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.model.documents import Document
    from o2c.model.findings import Source
    from o2c.model.items import Item


class Member(NamedTuple):
    """A member of a population: `worth` in the currency of the books, `amount` in its own."""

    name: str
    doc_id: str
    doc_type: str
    customer: str
    date: Date
    amount: Decimal
    currency: str
    worth: Decimal
    source: Source


def population(then: Books, asked: Asked) -> list[Member]:
    """List a population in its fixed order (customer, name); only what is worth more than zero belongs to it.

    Raises Refused where a rate is missing.
    """
    if asked.population == INVOICES:
        found = [_invoice(then, doc) for doc in then.facts.documents(names.INVOICE) if doc.date >= asked.period.first]
    else:
        found = [_item(then, item, asked.period.last) for item in then.open_items(asked.period.last)]
    return sorted((one for one in found if one.worth > 0), key=lambda one: (one.customer, one.name, one.currency))


def worth(books: Books, item: Item, day: Date) -> Decimal:
    """Give what an item is worth in the currency of the books: as carried, else at the rate of the day."""
    if item.carrying_currency:
        return item.carrying
    return _at_rate(books, item.open, item.currency, day)


def _at_rate(books: Books, number: Decimal, currency: str, day: Date) -> Decimal:
    own = books.master.company.currency
    return number if currency == own else rounded(number * books.rate(currency, day), own)


def _item(then: Books, item: Item, day: Date) -> Member:
    value = worth(then, item, day) if item.open > 0 else ZERO
    return Member(
        item.item, item.doc_id, item.doc_type, item.customer, item.date, item.open, item.currency, value, item.source
    )


def _invoice(then: Books, doc: Document) -> Member:
    value = ZERO
    for move in doc.movements:
        carried = move.carrying.number if move.carrying else None
        value += carried if carried is not None else _at_rate(then, move.amount, move.currency, doc.date)
    amount = sum((move.amount for move in doc.movements), ZERO)
    return Member(doc.doc_id, doc.doc_id, doc.doc_type, doc.customer, doc.date, amount, doc.currency, value, doc.source)
