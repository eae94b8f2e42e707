"""Refunds: a credit of the customer is paid back out of the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.cash import valuing
from o2c.cash.allocations import open_credit
from o2c.cash.allocations import part_of
from o2c.cash.bank import Terms
from o2c.cash.bank import paid_out
from o2c.cash.choosing import Part
from o2c.cash.desk import Desk
from o2c.model import names
from o2c.model.documents import extra

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.model.documents import Act
    from o2c.model.documents import Entry


def refund(books: Books, act: Act, day: date, credit: str, amount: Asked, terms: Terms = Terms()) -> list[Entry]:  # noqa: B008 - immutable; a verb: books, act, day, and what was asked
    """Pay a credit back, at most what is left of it (amount positive, in the credit's currency).

    Raises NotFound for an unknown item; Refused where it is
    no credit, for more than is left of it or 0 or less, and without a rate for foreign money.
    """
    desk = Desk(books, act, day)
    stands = open_credit(desk, credit)
    item = stands.item
    wanted = part_of(stands, amount)
    till = paid_out(desk, Amount(wanted, item.currency), terms, valued=bool(item.carrying_currency))
    settled = valuing.settle(desk, [Part(stands, wanted)], till.value)
    doc_id = desk.draw(names.REFUND)
    desk.draft(
        names.REFUND,
        doc_id,
        item.customer,
        item.currency,
        f"Refund {doc_id} of {item.item}",
        movements=settled.movements,
        others=[*till.others, *settled.differences],
        extra=extra(fx_rate=till.rate if till.rate is not None else ""),
    )
    return list(desk.drafted)
