"""The agreement of the sub-ledger: the control accounts against open items, aging and roll-forward, per currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from o2c import reports
from o2c.model.money import ZERO
from o2c.model.names import is_item_account
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.periods import Period
    from o2c.reports.table import Row

_WAYS = ("control_accounts", "open_items", "aging", "roll_forward")
_COLUMNS = (
    Column("currency", "code"),
    *(Column(way, "money") for way in _WAYS),
    Column("difference", "money"),
)


def agreement(then: Books, period: Period) -> Table:
    """Add the balance of customers up in four ways, per currency; `difference` is the largest between any two.

    `control_accounts` sums the postings on receivable and deposit accounts as Beancount has them, without our reader.
    """
    whole = {"since": period.first, "until": period.last}
    ways = (
        _control(then),
        _totals(reports.run("open-items", then, period.last), "open"),
        _totals(reports.run("aging", then, period.last), "total"),
        _totals(reports.run("roll-forward", then, period.last, **whole), "closing"),
    )
    rows: list[Row] = []
    for currency in sorted({currency for way in ways for currency in way}):
        found = [way.get(currency, ZERO) for way in ways]
        figures = dict(zip(_WAYS, found, strict=True))
        rows.append({"currency": currency, **figures, "difference": max(found) - min(found)})
    basis = "receivable and deposit accounts of customers; what we owe is negative"
    return Table("agreement", "Agreement", period.last, basis, _COLUMNS, tuple(rows))


def _control(then: Books) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for entry in then.entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                if is_item_account(posting.account) and posting.units is not None and posting.units.number:
                    sums[posting.units.currency] = sums.get(posting.units.currency, ZERO) + posting.units.number
    return {currency: number for currency, number in sums.items() if number}


def _totals(table: Table, column: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in table.rows:
        amount = row[column]
        assert not isinstance(amount, str | int), "money is Decimal"
        sums[str(row["currency"])] = sums.get(str(row["currency"]), ZERO) + amount  # type: ignore[operator]  # Decimal
    return {currency: number for currency, number in sums.items() if number}
