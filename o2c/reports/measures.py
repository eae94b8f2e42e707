"""Measures of the receivables: DSO and its friends, each with the two figures it is the quotient of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.bad_debt import written_off
from o2c.reports.payments import Payment
from o2c.reports.payments import Weighed
from o2c.reports.payments import payments
from o2c.reports.payments import weighed
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Row

COLUMNS = (
    Column("measure", "code"),
    Column("currency", "code"),
    Column("value", "number"),
    Column("unit", "code"),
    Column("dividend", "number"),
    Column("divisor", "number"),
    Column("times", "number"),
    Column("note", "text"),
)
HUNDRED = Decimal(100)
YEAR = Decimal(365)
_NO_SALES = "no sales in these days"
_NO_PAYMENTS = "nothing was paid in these days"


class Inputs(NamedTuple):
    """What the measures of one currency are made of.

    `begin` and `end` are the receivables net of deposits and unused credits, before the first and at the end of the
    last day. `owed` and `late` are open debit items at the end, and those past due; `disputed` and `late_disputed` the
    disputed parts of these. `lost` is what was written off.
    """

    begin: Decimal = ZERO
    end: Decimal = ZERO
    sales: Decimal = ZERO
    owed: Decimal = ZERO
    late: Decimal = ZERO
    disputed: Decimal = ZERO
    late_disputed: Decimal = ZERO
    lost: Decimal = ZERO
    paid: Weighed = Weighed()

    @property
    def current(self) -> Decimal:
        """What is not past due at the end; credits are not."""
        return self.end - self.late


class Measure(NamedTuple):
    """A measure: dividend / divisor x times, in `unit`; `without` says why where there is no divisor."""

    name: str
    unit: str
    dividend: Decimal
    divisor: Decimal
    times: Decimal
    without: str

    def row(self, currency: str) -> Row:
        """Lay the measure out; two decimals, half up."""
        value = divided(self.dividend, self.divisor, self.times)
        return {
            "measure": self.name,
            "currency": currency,
            "value": value,
            "unit": self.unit,
            "dividend": self.dividend,
            "divisor": self.divisor,
            "times": self.times,
            "note": self.without if value == "" else "",
        }


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
    days: int | None = None,
) -> Table:
    """List the measures of each currency over 90 days up to and with the day, or `days`, or from `since` on.

    Every row is `dividend` / `divisor` x `times`, rounded once, two decimals, half up. Money is gross of tax in the
    currency of the row; the dividends of `days-to-pay`, `terms` and `adl` are money times days. Source of all formulas:
    shared definitions 2. Raises NotFound for an unknown customer or group.
    """
    chosen, period = select(books, customer, currency, group), span(as_of, since, until, days)
    rows = tuple(
        measure.row(code)
        for code, found in sorted(inputs(chosen, period).items())
        for measure in measures(found, period.days)
    )
    basis = f"{period}; receivables net of deposits and unused credits; {scope.GROSS}"
    return Table("measures", "Measures", period.last, basis, COLUMNS, rows)


def measures(found: Inputs, days: int) -> Iterator[Measure]:
    """Give the measures of one currency over some days."""
    of_days, one, average = Decimal(days), Decimal(1), (found.begin + found.end) / 2
    collectable = found.begin + found.sales
    undisputed, late = found.owed - found.disputed, found.late - found.late_disputed
    paid = found.paid
    yield Measure("dso", "days", found.end, found.sales, of_days, _NO_SALES)
    yield Measure("best-possible-dso", "days", found.current, found.sales, of_days, _NO_SALES)
    yield Measure("add", "days", found.late, found.sales, of_days, _NO_SALES)
    yield Measure("days-to-pay", "days", paid.money_days, paid.amount, one, _NO_PAYMENTS)
    yield Measure("terms", "days", paid.terms_days, paid.amount, one, _NO_PAYMENTS)
    yield Measure("adl", "days", paid.late_days, paid.amount, one, _NO_PAYMENTS)
    yield Measure(
        "cei", "percent", collectable - found.end, collectable - found.current, HUNDRED, "nothing could be collected"
    )
    yield Measure("turnover", "times a year", found.sales * YEAR, average * of_days, one, "no receivables on average")
    yield Measure("turnover-days", "days", average, found.sales, of_days, _NO_SALES)
    yield Measure("overdue", "percent", found.late, found.owed, HUNDRED, "nothing is owed")
    yield Measure("overdue-undisputed", "percent", late, undisputed, HUNDRED, "nothing undisputed is owed")
    yield Measure("bad-debt", "percent", found.lost, found.sales, HUNDRED, _NO_SALES)


def inputs(chosen: Selection, period: Span) -> dict[str, Inputs]:
    """Gather what the measures are made of, by currency; currencies where nothing was or happened are left out."""
    begin, end = chosen.balances(period.before), chosen.balances(period.last)
    sales, part = chosen.sales(period.before, period.last), chosen.during(period, with_items=True)
    lost, paid = written_off(part, period), _paid(payments(part, period))
    owed = _owed(chosen, period.last)
    found = {
        currency: owed.get(currency, Inputs())._replace(
            begin=begin.get(currency, ZERO),
            end=end.get(currency, ZERO),
            sales=sales.get(currency, ZERO),
            lost=lost.get(currency, ZERO),
            paid=paid.get(currency, Weighed()),
        )
        for currency in begin.keys() | end.keys()
    }
    return {currency: one for currency, one in found.items() if one != Inputs()}


def _owed(chosen: Selection, day: date) -> dict[str, Inputs]:
    """Sum the open debit items at the end of a day, with what is past due and what is disputed."""
    items = chosen.open_items(day)
    parts = disputed(items, chosen.books.events(OPENED, RESOLVED), day)
    sums: dict[str, Inputs] = {}
    for item, part in zip(items, parts, strict=True):
        if item.open > 0:
            is_late = item.due < day
            before = sums.get(item.currency, Inputs())
            sums[item.currency] = before._replace(
                owed=before.owed + item.open,
                late=before.late + (item.open if is_late else ZERO),
                disputed=before.disputed + part,
                late_disputed=before.late_disputed + (part if is_late else ZERO),
            )
    return sums


def _paid(found: list[Payment]) -> dict[str, Weighed]:
    groups: dict[str, list[Payment]] = {}
    for one in found:
        groups.setdefault(one.currency, []).append(one)
    return {currency: weighed(group) for currency, group in groups.items()}
