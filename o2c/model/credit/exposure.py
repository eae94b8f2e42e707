"""The exposure of a customer at the end of a day, document by document.

Open items, less credits that are not used yet, plus what is delivered and not invoiced, plus open orders; all gross of
tax, at the rate of the day, each quantity in exactly one term (shared definitions, section 9).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model import progress
from o2c.model.credit import orders
from o2c.model.credit import terms
from o2c.model.credit.terms import Exposure
from o2c.model.credit.terms import Term
from o2c.model.items import open_items
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.credit.conversion import Rate
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from o2c.model.facts import Facts
    from o2c.model.findings import Source
    from o2c.model.items import Item


def exposure(
    facts: Facts,
    customer: str,
    day: Date,
    currency: str,
    rate: Rate,
    horizon: int | None = None,
    *,
    deduct: bool = True,
    confirmed: Sequence[Document] = (),
) -> Exposure:
    """Compute the exposure of a customer at the end of a day, in a currency; only entries up to that day count.

    `rate` is the worth of one unit of a currency in `currency` on a day (see `into`); what it raises is passed on.
    `horizon`: orders promised after day + horizon do not count, None counts all. `deduct`: credits lower the exposure.
    `confirmed` are orders, in the books or not, that count as if they were confirmed.
    """
    return AsOf(facts, day).exposure(customer, currency, rate, horizon, deduct=deduct, confirmed=confirmed)


def would_be(
    facts: Facts,
    wanted: Sequence[Document],
    day: Date,
    currency: str,
    rate: Rate,
    horizon: int | None = None,
    *,
    deduct: bool = True,
) -> Exposure:
    """Compute the exposure that draft, held or new orders of one customer would make if they were confirmed."""
    customer = wanted[0].customer
    assert all(order.customer == customer for order in wanted), "orders of one customer"
    return exposure(facts, customer, day, currency, rate, horizon, deduct=deduct, confirmed=wanted)


class AsOf:
    """What all customers have open at the end of a day, read once; then asked for each of them."""

    def __init__(
        self, facts: Facts, day: Date, items: Iterable[Item] | None = None, numbers: Collection[str] | None = None
    ) -> None:
        """Sort open items and orders by customer.

        `items` are the open items of that day where they are known. `numbers` are the orders to look at; None: all.
        """
        self.day = day
        self._facts = facts
        self._done = Progress(facts, day)
        self._items: dict[str, list[Item]] = defaultdict(list)
        for item in open_items(facts.moved, day) if items is None else items:
            self._items[item.customer].append(item)
        self._orders: dict[str, list[Document]] = defaultdict(list)
        for order in facts.documents(names.ORDER, as_of=day):
            if numbers is None or order.doc_id in numbers:
                self._orders[order.customer].append(order)

    def customers(self) -> list[str]:
        """Name everybody who has an open item or an order."""
        return sorted(self._items.keys() | self._orders.keys())

    def exposure(
        self,
        customer: str,
        currency: str,
        rate: Rate,
        horizon: int | None = None,
        *,
        deduct: bool = True,
        confirmed: Sequence[Document] = (),
    ) -> Exposure:
        """Compute the exposure of one customer; see `exposure`."""
        of_items = self._of_items(customer, deduct=deduct)
        of_orders = self._of_orders(customer, orders.last_day(self.day, horizon), confirmed)
        found = [self._counted(term, currency, rate, deduct=deduct) for term in (*of_items, *of_orders)]
        return Exposure(customer, self.day, currency, tuple(found))

    def _counted(self, term: Term, currency: str, rate: Rate, *, deduct: bool) -> Term:
        number = term.amount.number
        assert number is not None
        if term.kind == terms.UNAPPLIED and not deduct:
            return term
        worth = rate(term.amount.currency, self.day)
        return term._replace(rate=worth, counted=rounded(number * worth, currency))

    def _of_items(self, customer: str, *, deduct: bool) -> Iterator[Term]:
        for item in self._items.get(customer, ()):
            kind = terms.OPEN_ITEM if item.open > 0 else terms.UNAPPLIED
            said = "due" if item.open > 0 else "not used yet, from" if deduct else "not used yet, not deducted, from"
            what = f"{item.item} {said} {item.due}"
            yield _term(kind, item.doc_id or item.item, what, Amount(item.open, item.currency), item.source)

    def _of_orders(self, customer: str, last: Date, confirmed: Sequence[Document]) -> Iterator[Term]:
        meant = {order.doc_id: order for order in confirmed}
        known = {order.doc_id: order for order in self._orders.get(customer, ())}
        for order in (known | meant).values():
            is_open = order.doc_id in meant or self._is_confirmed(order)
            for line in order.lines:
                yield from self._of_line(order, line, last, is_open=is_open)

    def _is_confirmed(self, order: Document) -> bool:
        return orders.state(order, self._facts.events.get(order.doc_id, ()), self.day) == progress.CONFIRMED

    def _of_line(self, order: Document, line: Line, last: Date, *, is_open: bool) -> Iterator[Term]:
        key = (order.doc_id, line.number)
        delivered, invoiced = self._done.delivered.get(key, ZERO), self._done.invoiced.get(key, ZERO)
        due = orders.promised(order, line)
        waits = orders.open_quantity(line.quantity, delivered, invoiced)
        if waits and is_open and orders.counts(due, last):
            promised = f", promised for {due}" if due else ""
            yield _of_quantity(terms.OPEN_ORDER, order, line, waits, f"ordered{promised}")
        unbilled = orders.unbilled_quantity(delivered, invoiced)
        if unbilled:
            yield _of_quantity(terms.UNBILLED, order, line, unbilled, "delivered, not invoiced")


def _of_quantity(kind: str, order: Document, line: Line, quantity: Decimal, said: str) -> Term:
    goods = " ".join(word for word in (line.unit or "x", line.sku or line.text) if word)
    what = f"line {line.number}: {quantity:f} {goods} {said}"
    return _term(kind, order.doc_id, what, orders.line_value(line, quantity), order.source)


def _term(kind: str, doc_id: str, what: str, amount: Amount, source: Source) -> Term:
    return Term(kind, doc_id, what, amount, ZERO, ZERO, source)
