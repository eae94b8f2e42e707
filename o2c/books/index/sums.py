"""Sums over the movements in the index: balances, sales, and what is open by customer and age."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import store
from o2c.books.index.open_items import money
from o2c.books.index.open_items import opening
from o2c.books.index.open_items import openings
from o2c.books.index.open_items import where
from o2c.model import names
from o2c.model.ages import DUE
from o2c.model.ages import Ages
from o2c.model.ages import bucket

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date as Date

    from o2c.model.ages import AgesByCustomer

#: The day an item is counted from, where its sums tell: it is a credit, or exactly one movement opened it, or none.
_SINCE = {
    "due": "case when sum(amount) < 0 then 0 when item = '' then null when sum(opens) = 0 then min(date) "
    "when sum(opens) = 1 and max(due) > 0 then max(due) end",
    "invoice": "case when sum(amount) < 0 then 0 when item = '' then null when sum(opens) = 0 then min(date) "
    "when sum(opens) = 1 then min(case when opens then date end) end",
}
_OPEN = (
    "select account, item, currency, sum(amount) as open, {since} as since from move where {where} "
    "group by item, account, currency having sum(amount) <> 0"
)
_AGES = (
    "select account, currency, {bucket} as bucket, case when since is null then item else '' end as item, sum(open) "
    "from ({open}) group by account, currency, bucket, 4"
)
_CREDIT = -1


def balances(
    connection: sqlite3.Connection, as_of: Date, customer: str = "", currency: str = ""
) -> dict[tuple[str, str], Decimal]:
    """Sum the accounts of customers at the end of a day, by customer and currency, debit positive."""
    condition, values = where(customer, currency, as_of)
    result: dict[tuple[str, str], Decimal] = {}
    for account, code, amount in connection.execute(
        f"select account, currency, sum(amount) from move where {condition} group by account, currency",
        values,
    ):
        key = (names.customer_of(account), code)
        result[key] = result.get(key, Decimal(0)) + money(amount, code)
    return result


def sales(
    connection: sqlite3.Connection, after: Date, until: Date, customer: str = "", currency: str = ""
) -> dict[str, Decimal]:
    """Sum what was invoiced less credited and reversed, after a day and through another, by currency, gross."""
    condition, values = where(customer, currency, until)
    found = connection.execute(
        f"select move.currency, sum(amount) from move join entry on entry.id = move.entry where {condition} "
        "and move.date > ? and sale group by move.currency",
        (*values, after.toordinal()),
    )
    return {code: money(amount, code) for code, amount in found}


def sales_by_day(
    connection: sqlite3.Connection, until: Date, customer: str = "", currency: str = ""
) -> dict[str, dict[Date, Decimal]]:
    """Sum what was invoiced less credited and reversed, by currency and day, up to a day, gross."""
    condition, values = where(customer, currency, until)
    found: dict[str, dict[Date, Decimal]] = {}
    for code, day, amount in connection.execute(
        f"select move.currency, move.date, sum(amount) from move join entry on entry.id = move.entry "
        f"where {condition} and sale group by move.currency, move.date",
        values,
    ):
        found.setdefault(code, {})[date.fromordinal(day)] = money(amount, code)
    return found


class _Sum(NamedTuple):
    account: str
    currency: str
    bucket: int | None
    item: str
    open: int


def ages(
    connection: sqlite3.Connection,
    as_of: Date,
    last_days: Sequence[int],
    basis: str = DUE,
    *,
    customer: str = "",
    currency: str = "",
) -> AgesByCustomer:
    """Sum what is open at the end of a day by customer, currency and age; see `model.ages`."""
    condition, values = where(customer, currency, as_of)
    first_days = [as_of.toordinal() - days for days in last_days]
    cases = " ".join(f"when since >= {day} then {number}" for number, day in enumerate(first_days))
    number = f"case when open < 0 then {_CREDIT} when since is null then null {cases} else {len(first_days)} end"
    query = _AGES.format(bucket=number, open=_OPEN.format(since=_SINCE[basis], where=condition))
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(last_days) + 2))
    with store.reading(connection):
        found = list(map(_Sum._make, connection.execute(query, values)))
        numbers = _by_movements(connection, found, as_of, last_days, basis)
    for one in found:
        place = one.bucket if one.bucket is not None else numbers[one.account, one.item, one.currency]
        sums[names.customer_of(one.account), one.currency][place] += one.open
    return {key: _in_money(found, key[1]) for key, found in sums.items()}


def _by_movements(
    connection: sqlite3.Connection, found: Sequence[_Sum], as_of: Date, last_days: Sequence[int], basis: str
) -> dict[tuple[str, str, str], int]:
    """Find the buckets of the items whose sums do not tell which movement opened them."""
    unknown = [(one.account, one.item, one.currency) for one in found if one.bucket is None]
    numbers: dict[tuple[str, str, str], int] = {}
    for key, ordered in openings(connection, as_of, unknown).items() if unknown else ():
        first = opening(key[1], ordered)
        since = (first.due or first.date) if basis == DUE else first.date
        numbers[key] = bucket(as_of.toordinal() - since, last_days)
    return numbers


def _in_money(sums: Sequence[int], currency: str) -> Ages:
    *owed, credit = (money(amount, currency) for amount in sums)
    return Ages(tuple(owed), credit)
