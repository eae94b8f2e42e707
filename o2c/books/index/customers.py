"""Everything that matters of a customer: what is open, which orders are not finished, what was said about him."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.books.index import orders
from o2c.model import names

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_ITEMS = (
    "select distinct item from (select item from move where account in (?, ?) group by account, item, currency "
    "having sum(amount) <> 0 or max(date) > ?)"
)


def names_about(connection: sqlite3.Connection, customer: str, since: Date | None) -> Iterator[str]:
    """Name the items that are open and the orders that are not finished, on any day from `since` on.

    Without a day: at the end of the books. Nothing for a name that is no customer's.
    """
    after = since.toordinal() if since else Date.max.toordinal()
    accounts = (names.receivable(customer), names.deposit(customer))
    yield from (item for (item,) in connection.execute(_ITEMS, (*accounts, after)) if item)
    yield from orders.of_customer(connection, customer, after)
