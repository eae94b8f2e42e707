"""Roll-forward: from what each customer owed at the beginning of a period to what he owed at its end, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.flows import CAUSES
from o2c.reports.flows import FX
from o2c.reports.flows import flows
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.reports.flows import Flow
    from o2c.reports.flows import Key
    from o2c.reports.table import Row

PARTS = ("opening", *CAUSES, "closing")
_SIGNS = (
    "opening plus all columns is closing; what lowers the debt is negative; a reversal counts where its document does"
)
_AS_CARRIED = "foreign items in the currency of the books, as carried"
_AS_OWED = "in the currency of the items, in which exchange rates change nothing"


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    since: date | None = None,
    until: date | None = None,
    valued: bool = False,
) -> Table:
    """Lay out how the accounts of customers (receivable and deposits) came from opening to closing balance.

    The period is `since` to `until`, both inclusive: without them the month of `as_of`, up to it. Amounts in the
    currency of the row, debit positive. With `valued`, items that are held at cost count as carried, and exchange
    differences stand in `fx`; else `fx` is zero. `currency` chooses by the currency of the items.
    Raises NotFound for an unknown customer, WrongUsage for days turned round.
    """
    scope.require(books, customer, currency)
    first, last = places.days(as_of, since, until)
    rows = tuple(_rows(books, _wanted(flows(books.facts, valued=valued), customer, currency), first, last))
    basis = f"{first} to {last}; {_SIGNS}; {_AS_CARRIED if valued else _AS_OWED}"
    columns = (
        Column("customer", "code"),
        Column("name", "text"),
        *([Column("item_currency", "code")] if valued else []),
        Column("currency", "code"),
        *(Column(part, "money") for part in PARTS),
    )
    return Table("roll-forward", "Roll-forward", last, basis, columns, rows, totals(rows, *PARTS))


def _wanted(found: Iterable[Flow], customer: str, currency: str) -> Iterable[Flow]:
    return (
        flow
        for flow in found
        if (not customer or flow.key.customer == customer) and (not currency or flow.key.item_currency == currency)
    )


def _rows(books: Books, found: Iterable[Flow], first: date, last: date) -> Iterable[Row]:
    agreed = books.customer_names()
    sums: dict[Key, dict[str, Decimal]] = {}
    moved: set[Key] = set()
    named: dict[str, str] = {}
    for flow in found:
        if flow.date > last:
            continue
        own = sums.setdefault(flow.key, dict.fromkeys(PARTS, ZERO))
        named[flow.key.customer] = flow.doc_id
        own["closing"] += flow.amount + flow.fx
        if flow.date < first:
            own["opening"] += flow.amount + flow.fx
        else:
            moved.add(flow.key)
            own[flow.cause] += flow.amount
            own[FX] += flow.fx
    for key in sorted(sums):
        if key in moved or sums[key]["opening"]:
            name = agreed.get(key.customer) or books.payee(named[key.customer]) or key.customer
            yield {**key._asdict(), "name": name, **sums[key]}
