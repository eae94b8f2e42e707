"""Days sales outstanding: how many days of sales the customers have not paid yet."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Context
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.errors import WrongUsage
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date

    from o2c.books import Books
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

COLUMNS = (
    Column("currency", "code"),
    Column("receivables", "money"),
    Column("sales", "money"),
    Column("days", "count"),
    Column("dso", "number"),
    Column("method", "code"),
)
METHODS = ("simple",)
#: A hundred years.
LONGEST = 36_525
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    days: int = 90,
    method: str = "simple",
) -> Table:
    """Divide the receivables at the end of the day by the sales of the `days` up to and with it, times `days`.

    Receivables are net of deposits and unused credits. Sales are invoices less credit notes less what was reversed
    of both, without opening items. Both are gross of tax, so the quotient is of like and like. `dso` has two
    decimals, half up; it is empty in a currency without sales, and `basis` says so.
    Raises WrongUsage for a method that is not there and for fewer than one day, NotFound for an unknown customer.
    """
    if method not in METHODS:
        raise WrongUsage(f"dso cannot be counted by the method '{method}' yet; use --method {METHODS[0]}")
    if not 1 <= days <= LONGEST:
        raise WrongUsage(f"dso needs between 1 and {LONGEST} days, not {days}")
    scope.require(books, customer, currency)
    receivables = _by_currency(books.balances(as_of, customer, currency))
    sales = books.sales(as_of - timedelta(days=days), as_of, customer, currency)
    currencies = sorted(found for found in receivables if receivables[found] or sales.get(found))
    rows = tuple(_row(found, receivables[found], sales.get(found, ZERO), days, method) for found in currencies)
    return Table("dso", "Days sales outstanding", as_of, _basis(rows, days), COLUMNS, rows)


def _by_currency(balances: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for (_, currency), balance in balances.items():
        sums[currency] = sums.get(currency, ZERO) + balance
    return sums


def _row(currency: str, receivables: Decimal, sales: Decimal, days: int, method: str) -> Row:
    cells: dict[str, Cell] = {"currency": currency, "receivables": receivables, "sales": sales, "days": days}
    return cells | {"dso": _quotient(receivables * days, sales) if sales > 0 else "", "method": method}


def _quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    return _EXACT.divide(dividend, divisor).quantize(Decimal("0.01"), context=_EXACT) + ZERO


def _basis(rows: Iterable[Row], days: int) -> str:
    said = (
        "receivables net of deposits and unused credits at the end of the day; "
        f"sales are invoices less credit notes of the {days} days up to and with it; {scope.GROSS}"
    )
    without = ", ".join(str(row["currency"]) for row in rows if row["dso"] == "")
    return f"{said}; no dso in {without}: no sales in these days" if without else said
