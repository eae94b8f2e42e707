"""Documents out of imported rows, as the ledger format has them; all in plain amounts of their own currency.

Nothing is known of tax in an export of receivables, so the whole amount stands on one account for what was imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.importing.imported import Heading
    from o2c.importing.profile import Profile

_TITLES = {
    names.INVOICE: "Invoice",
    names.CREDIT_NOTE: "Credit note",
    names.RECEIPT: "Receipt",
    names.REFUND: "Settlement of",
    names.OPENING_ITEM: "Open item",
}


class Sold(NamedTuple):
    """A line of an invoice or credit note as imported; quantity, price and net as the customer reads them."""

    sku: str
    text: str
    quantity: Decimal
    price: Decimal
    net: Decimal


class Use(NamedTuple):
    """A part of a credit that settles an invoice; without an item it stays the customer's credit."""

    item: str
    amount: Decimal


class Maker:
    """Makes documents for one file by one profile."""

    def __init__(self, file: str, profile: Profile) -> None:
        """Keep where documents come from; the name of the file goes into each."""
        self._file = file
        self._profile = profile

    def invoice(self, head: Heading, amount: Decimal, sold: Sequence[Sold] = ()) -> Document:
        """Make an invoice over an amount, not negative; with lines, their nets sum to it."""
        movement = Movement(names.receivable(head.customer), head.doc_id, amount, head.currency)
        lines = tuple(self._line(number, line, -line.net, head) for number, line in enumerate(sold, 1))
        others = () if sold else (Other(self._profile.income_account, -amount, head.currency),)
        return self._document(names.INVOICE, head, (movement,))._replace(lines=lines, others=others)

    def credit_note(self, head: Heading, uses: Sequence[Use], sold: Sequence[Sold] = ()) -> Document:
        """Make a credit note; its uses sum to its amount, not negative."""
        amount = sum((use.amount for use in uses), start=uses[0].amount * 0)
        lines = tuple(self._line(number, line, line.net, head) for number, line in enumerate(sold, 1))
        others = () if sold else (Other(self._profile.income_account, amount, head.currency),)
        return self._document(names.CREDIT_NOTE, head, self._uses(head, uses))._replace(
            lines=lines, others=others, due=None
        )

    def receipt(self, head: Heading, uses: Sequence[Use]) -> Document:
        """Make a receipt of money; its uses sum to its amount."""
        amount = sum((use.amount for use in uses), start=uses[0].amount * 0)
        others = (Other(self._profile.bank_account, amount, head.currency),)
        return self._document(names.RECEIPT, head, self._uses(head, uses))._replace(others=others, due=None)

    def settlement(self, head: Heading, day: date, amount: Decimal) -> Document:
        """Settle an invoice (amount above zero: money came) or a credit note (below: it was paid out or set off)."""
        name = settlement_number(head.doc_id)
        paid = head._replace(doc_id=name, date=day, reference="", text="", terms="", number_there="")
        if amount >= 0:
            return self.receipt(paid, (Use(head.doc_id, amount),))
        movement = Movement(names.deposit(head.customer), head.doc_id, -amount, head.currency)
        other = Other(self._profile.bank_account, amount, head.currency)
        return self._document(names.REFUND, paid, (movement,))._replace(
            others=(other,),
            due=None,
            links=frozenset({name, head.doc_id}),
            narration=f"{_TITLES[names.REFUND]} {head.doc_id}",
        )

    def opening_item(self, head: Heading, amount: Decimal) -> Document:
        """Make an open item: a debit on the receivable account, a credit (below zero) on the deposit account."""
        account = names.receivable(head.customer) if amount >= 0 else names.deposit(head.customer)
        movement = Movement(account, head.doc_id, amount, head.currency)
        other = Other(self._profile.opening_account, -amount, head.currency)
        doc = self._document(names.OPENING_ITEM, head, (movement,))._replace(others=(other,))
        return doc if amount >= 0 else doc._replace(due=None)

    def dispute(self, head: Heading, amount: Decimal, resolved: date | None) -> list[Event]:
        """Say that all of an item was disputed from its day on, up to its settlement if there was one."""
        account = names.receivable(head.customer)
        facts = extra(amount=Amount(amount, head.currency), reason="imported")
        opened = Event(
            "dispute-opened", head.date, head.doc_id, head.customer, account=account, comment="Disputed", extra=facts
        )
        if resolved is None:
            return [opened]
        closed = Event("dispute-resolved", resolved, head.doc_id, head.customer, account=account, comment="Settled")
        return [opened, closed]

    def _line(self, number: int, line: Sold, posted: Decimal, head: Heading) -> Line:
        price = Amount(line.price, head.currency)
        return Line(
            number, self._profile.income_account, posted, head.currency, line.sku, line.text, line.quantity, "", price
        )

    def _uses(self, head: Heading, uses: Sequence[Use]) -> tuple[Movement, ...]:
        receivable, deposit = names.receivable(head.customer), names.deposit(head.customer)
        return tuple(
            Movement(receivable if use.item else deposit, use.item or head.doc_id, -use.amount, head.currency)
            for use in uses
        )

    def _document(self, kind: str, head: Heading, movements: tuple[Movement, ...]) -> Document:
        items = {movement.item for movement in movements}
        return Document(
            doc_type=kind,
            doc_id=head.doc_id,
            date=head.date,
            customer=head.customer,
            currency=head.currency,
            payee=head.payee,
            narration=head.text or f"{_TITLES[kind]} {head.doc_id}",
            movements=movements,
            due=head.due,
            terms=head.terms,
            reference=head.reference,
            links=frozenset({head.doc_id, *items}),
            tags=frozenset({kind}),
            extra=extra(imported_from=f"{self._file}:{head.line}", number_there=head.number_there),
        )


def settlement_number(doc_id: str) -> str:
    """Name the settlement of a document: its number with `.P` behind; raises BadInput where that gets too long."""
    try:
        return identifier(f"{doc_id}.P", "number")
    except BadInput:
        raise BadInput(
            f"{doc_id}: too long for its settlement {doc_id}.P; at most 38 characters, shorten the number"
        ) from None
