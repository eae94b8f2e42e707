"""Exposure: what each customer uses of its credit limit at the end of a day, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import credit
from o2c.model.facts import Facts
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.reports.table import Row

COLUMNS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("currency", "code"),
    Column("limit", "money"),
    Column("open_items", "money"),
    Column("unapplied", "money"),
    Column("unbilled_deliveries", "money"),
    Column("open_orders", "money"),
    Column("exposure", "money"),
    Column("available", "money"),
)
_SUMMED = ("open_items", "unapplied", "unbilled_deliveries", "open_orders", "exposure")
BASIS = "in the currency of the limit, at the rates of the day; " + scope.GROSS


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """List every customer with a limit, an open item or an open order, with the four terms of its exposure.

    Amounts in the currency of the limit (without one: of the books), at the rates of the day. `unapplied` is negative,
    and zero where the limit says that credits are not deducted. `limit` and `available` are empty where no limit is
    set; a blocked customer's limit counts as zero; available is below zero where the limit is exceeded. Raises Refused
    for a rate that is missing, NotFound for an unknown customer.
    """
    chosen = select(books, customer, currency, group)
    limits = credit.limits_by_name(books.customs("o2c-limit"))
    parts = list(_parts(books, as_of, customer))
    holding = {name: [parts[0]] for name in _limited(limits, as_of)}
    for part in parts:
        for name in part.customers():
            if part not in holding.setdefault(name, []):
                holding[name].append(part)
    called = books.customer_names()
    made = (
        _row(books, holding[name], name, credit.in_force(limits.get(name, ()), as_of))
        for name in sorted(holding)
        if chosen.takes(name)
    )
    rows = tuple(
        {**row, "name": called.get(str(row["customer"]), "")}
        for row in made
        if row is not None and (not currency or row["currency"] == currency)
    )
    return Table("exposure", "Credit exposure", as_of, BASIS, COLUMNS, rows, totals(rows, *_SUMMED))


def _parts(books: Books, as_of: date, customer: str) -> Iterator[credit.AsOf]:
    """Give the open items, then the orders, as many at a time as the books give."""
    yield credit.AsOf(Facts(()), as_of, books.open_items(as_of, customer))
    for part, numbers in books.in_parts(as_of, "unfinished", customer):
        yield credit.AsOf(part.facts, as_of, (), set(numbers))


def _limited(limits: Mapping[str, Sequence[credit.LimitEntry]], as_of: date) -> set[str]:
    found = {name: credit.in_force(entries, as_of) for name, entries in limits.items()}
    return {name for name, limit in found.items() if limit is not None and not limit.members}


def _row(books: Books, parts: Sequence[credit.AsOf], name: str, limit: credit.Limit | None) -> Row | None:
    """Make the row of a customer; None where it has neither a limit nor anything open."""
    of_books = books.master.company.currency
    currency, horizon, deduct = (limit.currency, limit.horizon, limit.deduct) if limit else (of_books, None, True)
    rate = credit.into(currency, of_books, books.rate)
    exposures = (part.exposure(name, currency, rate, horizon, deduct=deduct) for part in parts)
    found = credit.together(name, exposures)
    if limit is None and not found.terms:
        return None
    total = _total(limit) if limit else None
    return {
        "customer": name,
        "currency": currency,
        "limit": "" if total is None else total,
        "open_items": found.open_items,
        "unapplied": found.unapplied,
        "unbilled_deliveries": found.unbilled_deliveries,
        "open_orders": found.open_orders,
        "exposure": found.total,
        "available": "" if total is None else total - found.total,
    }


def _total(limit: credit.Limit) -> Decimal | None:
    """Give what may be used: nothing of a limit that is blocked, whatever its amount."""
    return ZERO if limit.blocked else limit.total
