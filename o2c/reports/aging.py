"""Aging: what each customer owes, by how long it has been due, as of the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import WrongUsage
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.model.promises import PROMISE
from o2c.model.promises import promised
from o2c.reports import scope
from o2c.reports.selection import Selection
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.ages import AgesByCustomer
    from o2c.reports.table import Row

#: The last whole day of each bucket but the last (shared definitions, section 1).
BUCKETS = (("current", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90))
OLDEST = "d91_plus"
UNAPPLIED = "unapplied"
USUAL = tuple(last for _, last in BUCKETS[1:])
PARTS = (*(name for name, _ in BUCKETS), OLDEST, UNAPPLIED)
BASES = {"due": "due date", "invoice": "invoice date"}
#: Longest day of a bucket, most buckets.
LONGEST, MOST = 36_525, 12


class Noted(NamedTuple):
    """What of a customer's debit items is disputed, and what is promised."""

    disputed: Decimal = ZERO
    promised: Decimal = ZERO


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    basis: str = "due",
    buckets: Sequence[int] = USUAL,
) -> Table:
    """Sort what is owed into buckets of whole days after the due (or invoice) date; due on the day is current.

    `buckets` are the last days of the buckets after `current`: 15, 30 makes `d1_15`, `d16_30` and `d31_plus`. Amounts
    in the currency of the row. Credits stand in `unapplied`, negative; the buckets hold debit items only. `total` is
    their sum and equals the customer's accounts (receivable and deposits) at the end of the day. `disputed` and
    `promised` are parts of the buckets, not further ones.
    Raises WrongUsage for an unknown basis or buckets that do not grow, NotFound for an unknown customer or group.
    """
    if basis not in BASES:
        raise WrongUsage(f"there is no basis '{basis}'; there are: {', '.join(BASES)}")
    parts = (*bucket_names(buckets), UNAPPLIED)
    chosen = select(books, customer, currency, group)
    found = chosen.ages(as_of, (0, *buckets), basis)
    rows = tuple(_rows(chosen, as_of, found, parts))
    return Table(
        report="aging",
        title="Aging",
        as_of=as_of,
        basis=f"{BASES[basis]}; {scope.GROSS}",
        columns=columns(parts),
        rows=rows,
        totals=totals(rows, *parts, "total", "disputed", "promised"),
    )


def bucket_names(last_days: Sequence[int] = USUAL) -> tuple[str, ...]:
    """Name the buckets: `current`, then by first and last day, the oldest open ended.

    >>> bucket_names((15, 30))
    ('current', 'd1_15', 'd16_30', 'd31_plus')
    """
    if not last_days or len(last_days) > MOST or list(last_days) != sorted(set(last_days)) or last_days[0] < 1:
        raise WrongUsage("buckets are whole days from 1 on that grow, twelve at most; write them like 15,30,60")
    if last_days[-1] > LONGEST:
        raise WrongUsage(f"a bucket cannot end after {LONGEST} days; write buckets like 15,30,60")
    firsts = [1, *(last + 1 for last in last_days)]
    middle = (f"d{first}_{last}" for first, last in zip(firsts, last_days, strict=False))
    return ("current", *middle, f"d{firsts[-1]}_plus")


def columns(parts: Sequence[str] = PARTS) -> tuple[Column, ...]:
    """Give the columns of an aging with these buckets."""
    money = (*parts, "total", "disputed", "promised")
    head = (Column("customer", "code"), Column("name", "text"), Column("currency", "code"))
    return (*head, *(Column(name, "money") for name in money))


COLUMNS = columns()


def _rows(chosen: Selection, as_of: date, found: AgesByCustomer, parts: Sequence[str]) -> Iterable[Row]:
    agreed, noted = chosen.books.customer_names(), _noted(chosen, as_of)
    for (customer, currency), ages in sorted(found.items()):
        name = agreed.get(customer) or _payee(chosen.books, as_of, customer, currency)
        amounts = (*ages.owed, ages.credit)
        of_customer = noted.get((customer, currency), Noted())
        yield {
            "customer": customer,
            "name": name,
            "currency": currency,
            **dict(zip(parts, amounts, strict=True)),
            "total": sum(amounts, ZERO),
            "disputed": of_customer.disputed,
            "promised": of_customer.promised,
        }


def _payee(books: Books, as_of: date, customer: str, currency: str) -> str:
    """Name a customer without master data by the document that opened the oldest item, else by the code."""
    return books.payee(books.open_items(as_of, customer, currency)[0].doc_id) or customer


def _noted(chosen: Selection, as_of: date) -> dict[tuple[str, str], Noted]:
    """Sum what is disputed and promised, whoever's account the notes stand on: what they are about counts."""
    events = chosen.books.events(OPENED, RESOLVED, PROMISE)
    if not events:
        return {}
    sums: dict[tuple[str, str], Noted] = {}
    items = chosen.open_items(as_of)
    claims, promises = disputed(items, events, as_of), promised(items, events, as_of)
    for item, claimed, expected in zip(items, claims, promises, strict=True):
        if claimed or expected:
            before = sums.get((item.customer, item.currency), Noted())
            sums[item.customer, item.currency] = Noted(before.disputed + claimed, before.promised + expected)
    return sums
