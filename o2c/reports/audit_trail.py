"""The audit trail: every entry of a period with who, when, what and why, and what it changed from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import places
from o2c.reports import scope
from o2c.reports.acts import COLUMNS
from o2c.reports.acts import Acts
from o2c.reports.flows import flows
from o2c.reports.selection import select
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Table:
    """List every document, event, and entry by hand on customers' accounts dated in a period, in the order of days.

    The period is `since` to `until`, both inclusive: without them the month of `as_of`, up to it. `recorded` is the
    moment (UTC) that the entry carries, `amount` what it moved on the customer's items (an order: its net), debit
    positive. `from` and `to` say what changed: states and versions of orders, limits, periods. Changes of master data
    are in git; a group's own limits count as its customers'. Raises NotFound for an unknown customer or group,
    WrongUsage for days turned round.
    """
    chosen = select(books, customer, currency, group)
    period = places.days(as_of, since, until)
    first, last = period
    chosen = chosen.during(period)
    acts = Acts(chosen.books)
    rows = [acts.row(entry) for entry in acts.within(first, last, chosen)]
    rows += _by_hand(chosen, first, last)
    rows.sort(key=lambda row: (row["date"], row["recorded"]))
    said = f"recorded in UTC; entries by hand need not say who; {scope.GROSS}, of orders net"
    basis = f"entries dated {first} to {last}; {said}"
    return Table("audit-trail", "Audit trail", last, basis, COLUMNS, tuple(rows))


def _by_hand(chosen: Selection, first: date, last: date) -> Iterator[Row]:
    """Give what was entered by hand, without a number, on accounts of customers."""
    empty = dict.fromkeys((column.name for column in COLUMNS), "")
    for flow in flows(chosen.books.facts):
        is_wanted = chosen.takes(flow.key.customer, flow.key.currency)
        if not flow.doc_type and first <= flow.date <= last and is_wanted:
            yield {
                **empty,
                "date": flow.date,
                "what": "by hand",
                "customer": flow.key.customer,
                "currency": flow.key.currency,
                "amount": flow.amount,
                "source": places.place(chosen.books, flow.source),
            }
