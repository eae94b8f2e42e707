"""Which figures of a workbook are formulas: what a row sums, divides, or is a share of.

A figure is written as a formula only where it is exactly what the formula gives; else it stands there as it is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Protocol

from o2c.model.money import ZERO
from o2c.reports.ratios import divided

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from o2c.reports.table import Cell
    from o2c.reports.table import Row
    from o2c.reports.table import Table


class Live(Protocol):
    """A figure that is made of others of its table."""

    def formula(self, name: str) -> str:
        """Write the formula for a row of the table of that name."""

    def values(self, table: Table) -> Iterable[Cell]:
        """Give what the formula gives in each row, exactly; empty where it gives nothing."""


class Sum(NamedTuple):
    """The sum of neighbouring columns."""

    first: str
    last: str

    def formula(self, name: str) -> str:
        """Write the formula for a row of the table of that name."""
        return f"=SUM({name}[[#This Row],[{self.first}]:[{self.last}]])"

    def values(self, table: Table) -> Iterable[Cell]:
        """Sum the columns from the first to the last."""
        names = [column.name for column in table.columns]
        summed = names[names.index(self.first) : names.index(self.last) + 1]
        return (sum((_number(row, one) for one in summed), ZERO) for row in table.rows)


class Difference(NamedTuple):
    """One column less another; nothing where the first is empty."""

    whole: str
    less: str

    def formula(self, name: str) -> str:
        """Write the formula for a row of the table of that name."""
        return f"={_this(name, self.whole)}-{_this(name, self.less)}"

    def values(self, table: Table) -> Iterable[Cell]:
        """Take one from the other."""
        for row in table.rows:
            yield "" if row[self.whole] == "" else _number(row, self.whole) - _number(row, self.less)


class Quotient(NamedTuple):
    """One column divided by another, times a number or a third column, to two decimals."""

    dividend: str
    divisor: str
    times: int | str = 100

    def formula(self, name: str) -> str:
        """Write the formula for a row of the table of that name."""
        times = str(self.times) if isinstance(self.times, int) else _this(name, self.times)
        return f"=ROUND({times}*{_this(name, self.dividend)}/{_this(name, self.divisor)},2)"

    def values(self, table: Table) -> Iterable[Cell]:
        """Divide, rounded once."""
        for row in table.rows:
            times = Decimal(self.times) if isinstance(self.times, int) else _number(row, self.times)
            yield divided(_number(row, self.dividend), _number(row, self.divisor), times)


class Share(NamedTuple):
    """Percent that a column is of its sum in the currency of the row, to two decimals."""

    of: str

    def formula(self, name: str) -> str:
        """Write the formula for a row of the table of that name."""
        whole = f"SUMIFS({name}[{self.of}],{name}[currency],{_this(name, 'currency')})"
        return f"=ROUND(100*{_this(name, self.of)}/{whole},2)"

    def values(self, table: Table) -> Iterable[Cell]:
        """Divide by the sum over the rows of its currency."""
        sums: dict[Cell, Decimal] = {}
        for row in table.rows:
            sums[row["currency"]] = sums.get(row["currency"], ZERO) + _number(row, self.of)
        return (divided(_number(row, self.of), sums[row["currency"]], 100) for row in table.rows)


#: Report -> column -> what it is made of.
FIGURES: dict[str, dict[str, Live]] = {
    "aging": {"total": Sum("current", "unapplied")},
    "roll-forward": {"closing": Sum("opening", "other")},
    "exposure": {"exposure": Sum("open_items", "open_orders"), "available": Difference("limit", "exposure")},
    "days-to-pay": {"late_percent": Quotient("late", "paid")},
    "measures": {"value": Quotient("dividend", "divisor", "times")},
    "sales": {"sales": Sum("invoiced", "reversed"), "net": Difference("sales", "tax")},
    "unbilled": {"unbilled": Difference("delivered", "invoiced")},
    "cash-application": {"manual": Difference("receipts", "auto_matched")},
    "variants": {"share": Share("cases")},
    "rework": {"share": Quotient("cases", "of")},
}
#: Report -> the total that its other totals are shares of, in a line below each total.
WHOLE = {"aging": "total", "open-items": "original", "exposure": "exposure"}


def formulas(table: Table, name: str) -> Iterator[tuple[int, str, str]]:
    """Give the figures that are made of others of their row: number of the row, column, formula.

    `name` is that of the table. Left out are figures that the formula does not give to the last digit.
    """
    for column, live in FIGURES.get(table.report, {}).items():
        formula = live.formula(name)
        for number, (row, value) in enumerate(zip(table.rows, live.values(table), strict=True)):
            if value != "" and value == row[column]:
                yield number, column, formula


def _number(row: Row, name: str) -> Decimal:
    cell = row[name]
    return Decimal(cell) if isinstance(cell, (Decimal, int)) else ZERO


def _this(name: str, column: str) -> str:
    return f"{name}[[#This Row],[{column}]]"
