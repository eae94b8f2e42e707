"""Receipts: money that came in, and what the customer said it pays.

Nothing is guessed: what is not named stays on account, as a credit item with the receipt's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.cash import valuing
from o2c.cash.allocations import apply
from o2c.cash.bank import Terms
from o2c.cash.bank import bank_account
from o2c.cash.bank import paid_in
from o2c.cash.bank import require_positive
from o2c.cash.choosing import RECEIVED
from o2c.cash.choosing import Source
from o2c.cash.choosing import Use
from o2c.cash.choosing import choose
from o2c.cash.desk import Desk
from o2c.cash.desk import deposit_key
from o2c.cash.taken_back import reversal_of
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Movement
from o2c.model.documents import extra
from o2c.model.integrity.sheet import stem
from o2c.model.money import ZERO
from o2c.model.money import shares
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.cash.choosing import Part
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.model.documents import Entry


class Payment(NamedTuple):
    """Money from a customer: how much (positive), for what, with which reference, and how the bank booked it.

    `again` says that an equal payment, already posted, really came twice.
    """

    customer: str
    amount: Decimal
    currency: str
    uses: tuple[Use, ...] = ()
    reference: str = ""
    terms: Terms = Terms()
    again: bool = False


def receipt(books: Books, act: Act, day: date, payment: Payment) -> list[Entry]:
    """Post money that came in, and settle the items named; the rest stays on account.

    Items of a customer whose payer this is are settled through the payer's account, by allocations of their own.
    Raises NotFound for an unknown customer or item; Refused for an amount of 0 or less, for more than is open of an
    item or left of the money, for items of other customers or currencies, for items dated later, for money that was
    posted already (same customer, day, amount and reference; without one: bank account and use), and without a rate for
    foreign money.
    """
    desk = Desk(books, act, day)
    books.master.customer(payment.customer)
    require_positive(payment.amount, payment.currency)
    if payment.reference:
        _require_new(desk, payment, ())
    source = Source(RECEIVED, payment.customer, payment.amount, payment.currency)
    parts = choose(desk, source, payment.uses)
    own = [part for part in parts if part.stands.item.customer == payment.customer]
    others = [part for part in parts if part.stands.item.customer != payment.customer]
    if not payment.reference:
        _require_new(desk, payment, own)
    doc = _receipt(desk, payment, own, valued=valuing.is_valued(desk, payment.currency, parts, "the receipt"))
    credit = deposit_key(payment.customer, doc.doc_id, payment.currency)
    for customer in dict.fromkeys(part.stands.item.customer for part in others):
        apply(desk, desk.stands(credit), [part for part in others if part.stands.item.customer == customer])
    return list(desk.drafted)


def _receipt(desk: Desk, payment: Payment, parts: list[Part], *, valued: bool) -> Document:
    amount = Amount(payment.amount, payment.currency)
    till = paid_in(desk, amount, payment.terms, valued=valued)
    rest = payment.amount - sum((part.amount for part in parts), ZERO)
    rest_value = None if till.value is None else _rest_value(desk, till.value, parts, rest)
    settled = valuing.settle(desk, parts, None if till.value is None else till.value - (rest_value or ZERO))
    doc_id = desk.draw(names.RECEIPT)
    on_account = [_on_account(desk, payment, doc_id, rest, rest_value)] if rest else []
    return desk.draft(
        names.RECEIPT,
        doc_id,
        payment.customer,
        payment.currency,
        f"Receipt {doc_id}",
        movements=[*settled.movements, *on_account],
        others=[*till.others, *settled.differences],
        reference=payment.reference,
        extra=extra(fx_rate=till.rate if till.rate is not None else ""),
    )


def _rest_value(desk: Desk, value: Decimal, parts: list[Part], rest: Decimal) -> Decimal:
    """Give the value of what stays on account: its share, with the last cent."""
    return shares(value, [*(part.amount for part in parts), rest], desk.company.currency)[-1] if rest else ZERO


def _on_account(desk: Desk, payment: Payment, doc_id: str, rest: Decimal, value: Decimal | None) -> Movement:
    carrying = None if value is None else Amount(-value, desk.company.currency)
    return Movement(names.deposit(payment.customer), doc_id, -rest, payment.currency, carrying=carrying)


def _require_new(desk: Desk, payment: Payment, own: Sequence[Part]) -> None:
    """Refuse a payment that looks like one already posted: the command was entered twice, or the money came twice."""
    if payment.again:
        return
    facts = desk.books.facts
    for doc in facts.documents(names.RECEIPT):
        same = (doc.customer, doc.date, doc.currency, doc.reference)
        asked = (payment.customer, desk.day, payment.currency, payment.reference)
        if same != asked or received(doc) != payment.amount or reversal_of(facts, doc.doc_id):
            continue
        if payment.reference or (_same_bank(desk, payment, doc) and _same_use(doc, own)):
            what = "day, reference and amount" if payment.reference else "day, bank account and amount"
            neither = "" if payment.reference else ", neither with a reference"
            raise Refused(
                f"{doc.doc_id} ({doc.source}) has the same customer, {what} "
                f"({text(payment.amount, payment.currency)}){neither}; if the money came twice, repeat with --again"
            )


def _same_use(doc: Document, own: Sequence[Part]) -> bool:
    """Tell whether a receipt paid on one of the same documents, or both on none."""
    before = {stem(move.item) for move in doc.movements if move.item != doc.doc_id}
    now = {stem(part.stands.item.item) for part in own}
    return bool(before & now) or before == now


def _same_bank(desk: Desk, payment: Payment, doc: Document) -> bool:
    reached = payment.currency if payment.terms.converted is None else desk.company.currency
    return bank_account(desk, reached, payment.terms.account) in {other.account for other in doc.others}


def without_reference(books: Books, customer: str, day: date) -> list[str]:
    """Name the receipts of a customer and day without a reference: what `receipt` looks at, when it has none either."""
    that_day = books.dated(day, day, {customer}, doc_types={names.RECEIPT}).facts.documents(names.RECEIPT)
    return [doc.doc_id for doc in that_day if (doc.customer, doc.date, doc.reference) == (customer, day, "")]


def received(doc: Document) -> Decimal:
    """Give the amount of a receipt in its currency: what it took off the customer's items, positive."""
    return -sum((move.amount for move in doc.movements if move.currency == doc.currency), ZERO)
