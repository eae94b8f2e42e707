"""The desk at which one command works: its books, its day, the numbers it draws, the items as they stand by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.cash.cards import Cards
from o2c.cash.standing import change
from o2c.cash.standing import standing
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.facts import Moved
from o2c.model.integrity.sheet import stem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.cash.standing import Standing
    from o2c.model.documents import Act
    from o2c.model.documents import Extra
    from o2c.model.documents import Line
    from o2c.model.documents import Movement
    from o2c.model.documents import Other
    from o2c.model.documents import Tax
    from o2c.model.items import ItemKey


class Desk:
    """What a verb of cash works with; documents it drafts count for the next look at an item.

    The books themselves are never changed.
    """

    def __init__(self, books: Books, act: Act, day: date) -> None:
        """Sit down with the books as they are."""
        self.books = books
        self.act = act
        self.day = day
        self.company = books.master.company
        self.drafted: list[Document] = []
        self._cards = Cards(books.facts.moved)
        self._numbers = books.numbers()

    def draw(self, doc_type: str) -> str:
        """Draw the next number of a series."""
        return self._numbers.draw(doc_type, self.day)

    def stands(self, key: ItemKey) -> Standing:
        """Tell how the item of this key stands today."""
        return standing(key, self._cards.moves(key), self.day)

    def moves(self, key: ItemKey) -> list[Moved]:
        """List the movements of an item, those of today's drafts among them."""
        return self._cards.moves(key)

    def find(self, name: str) -> list[Standing]:
        """Find the items that a person means by a name: the item itself, or all instalments of a document."""
        return [self.stands(key) for key in self._cards.find(name)]

    def change(self, key: ItemKey, amount: Decimal, weight: Decimal | None) -> tuple[Movement, ...]:
        """Move an item by an amount, and its carrying amount by a weight (None: it has none); both debit positive."""
        carried = None if weight is None else Amount(weight, self.company.currency)
        return change(self.stands(key), amount, carried, self.day).movements

    def name_of(self, customer: str) -> str:
        """Give the customer's name as master data have it, else the code."""
        known = self.books.master.customers.get(customer)
        return known.name if known else customer

    def payer_of(self, customer: str) -> str:
        """Give the customer who pays for this one: itself, unless master data name another."""
        known = self.books.master.customers.get(customer)
        return (known.payer if known else "") or customer

    def require_open(self, account: str) -> str:
        """Pass an account that is open in the books on the day; raises Refused with the line to add, or its day."""
        opened = self.books.opened(account)
        if opened is None:
            start = self.company.books_start
            raise Refused(f"{account} is not open on {self.day}; add the line `{start} open {account}` to the accounts")
        if opened > self.day:
            raise Refused(f"{account} is not open on {self.day}: it opens on {opened}; correct the date")
        return account

    def draft(
        self,
        doc_type: str,
        doc_id: str,
        customer: str,
        currency: str,
        narration: str,
        *,
        movements: Iterable[Movement] = (),
        lines: tuple[Line, ...] = (),
        taxes: tuple[Tax, ...] = (),
        others: Iterable[Other] = (),
        refers: str = "",
        reason: str = "",
        reference: str = "",
        links: Iterable[str] = (),
        extra: Extra = (),
    ) -> Document:
        """Write a document of today, linked to every item and document that it touches."""
        moves = tuple(movements)
        doc = Document(
            doc_type=doc_type,
            doc_id=doc_id,
            date=self.day,
            customer=customer,
            currency=currency,
            payee=self.name_of(customer),
            narration=narration,
            movements=moves,
            lines=lines,
            taxes=taxes,
            others=tuple(others),
            refers=refers,
            reason=reason,
            reference=reference,
            act=self.act,
            links=frozenset({doc_id, *links, *self._touched(moves), *([refers] if refers else [])}),
            tags=frozenset({doc_type}),
            extra=extra,
        )
        for move in moves:
            self._cards.add(Moved(doc.date, doc_id, doc_type, move, move.due, doc.source))
        self.drafted.append(doc)
        return doc

    def _touched(self, moves: tuple[Movement, ...]) -> set[str]:
        items = {move.item for move in moves}
        return items | ({stem(item) for item in items} & self.books.facts.versions.keys())


def deposit_key(customer: str, name: str, currency: str) -> ItemKey:
    """Give the key of a customer's credit item of this name."""
    return (names.deposit(customer), name, currency)
