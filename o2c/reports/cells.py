"""Cells as plain text, the same in every text format: `1234.50`, `2026-03-05`, never a separator or an exponent."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import money

if TYPE_CHECKING:
    from o2c.reports.table import Cell
    from o2c.reports.table import Column
    from o2c.reports.table import Row

#: Kinds that stand at the right.
RIGHT = frozenset({"money", "number", "count"})


def written(row: Row, column: Column) -> str:
    """Write one cell; empty where the row has no value.

    Money has the decimals of the row's currency, or more where the books have more.
    """
    cell = row.get(column.name, "")
    if isinstance(cell, Decimal):
        return number(cell, str(row.get("currency", "")) if column.kind == "money" else "")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def number(value: Decimal, currency: str = "") -> str:
    """Write a number: with a currency at its decimals, without one as it stands.

    >>> number(Decimal("1234.5"), "EUR"), number(Decimal("1E+3"), "JPY"), number(Decimal("30.57"))
    ('1234.50', '1000', '30.57')
    """
    return money.text(value, currency).partition(" ")[0] if currency else f"{value:f}"


def safe(text: str) -> str:
    """Show control characters instead of sending them to a terminal; line breaks become spaces.

    Books written by hand may hold anything in a payee, also what would move the cursor or turn the text around.
    """
    if text.isprintable():
        return text
    return "".join(_seen(character) for character in text)


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else f"<U+{ord(character):04X}>"


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal: wide letters take two, combining marks none."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell has no value."""
    return isinstance(cell, str) and not cell
