"""A report as a value: columns, rows and totals, before anybody decides how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

#: text (may wrap), code (never wraps), date, money (in the currency of its row), number (any decimal, not money),
#: count (whole), flag (yes or no).
Kind = Literal["text", "code", "date", "money", "number", "count", "flag"]
#: What stands in a cell; "" in a cell that has no value.
Cell = str | Decimal | Date | int | bool
#: Cells by the name of their column.
Row = Mapping[str, Cell]


class Column(NamedTuple):
    """A column: the name that all output formats use, and what its cells are."""

    name: str
    kind: Kind


class Table(NamedTuple):
    """A report.

    `as_of` is the day whose end the figures show (None: not a matter of days). `basis` says how they are counted.
    Every row with money names its `currency`. `totals` has one row per currency, with the columns that are summed
    and the currency only: nothing is added across currencies.
    """

    report: str
    title: str
    as_of: Date | None
    basis: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...] = ()


def totals(rows: Iterable[Row], *summed: str) -> tuple[Row, ...]:
    """Sum columns of money, one row per currency, in the order of the currencies."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        sums_of_currency = sums.setdefault(str(row["currency"]), dict.fromkeys(summed, ZERO))
        for name in summed:
            amount = row[name]
            assert isinstance(amount, Decimal), f"{name} is not money"
            sums_of_currency[name] += amount
    return tuple({"currency": currency, **sums[currency]} for currency in sorted(sums))
