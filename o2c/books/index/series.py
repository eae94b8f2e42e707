"""The last number of each series, and what a currency is worth, from the rows of the index."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model.numbering import place

if TYPE_CHECKING:
    import sqlite3


def last_number(connection: sqlite3.Connection, doc_type: str, pattern: str, year: int) -> tuple[int, Date] | None:
    """Give the last number and the last day of a series in a fiscal year; None where it has no document yet."""
    before = pattern.partition("{number")[0].format(year=year)
    if before[-1:].isdigit() or not pattern.endswith("}"):  # rows cannot tell the number from what is beside it
        return _last_by_pattern(connection, doc_type, pattern, year)
    number, day = connection.execute(
        "select max(number), max(date) from entry where kind = 'd' and series = ? and doc_type = ?",
        (before, doc_type),
    ).fetchone()
    return None if number is None else (number, Date.fromordinal(day))


def _last_by_pattern(connection: sqlite3.Connection, doc_type: str, pattern: str, year: int) -> tuple[int, Date] | None:
    """Compare the numbers of all documents of a type with the pattern."""
    rows = connection.execute(
        "select doc_id, date from entry where kind = 'd' and doc_type = ? and doc_id <> ''", (doc_type,)
    )
    found = [(known.number, day) for doc_id, day in rows if (known := place(doc_id, pattern)) and known.year == year]
    if not found:
        return None
    return max(number for number, _ in found), Date.fromordinal(max(day for _, day in found))


def rate(connection: sqlite3.Connection, currency: str, of_books: str, day: Date) -> Decimal | None:
    """Give the worth of one unit of a currency on a day; None where no price says it."""
    row = connection.execute(
        "select customer from entry where kind not in ('d', 't') and kind = 'p' "
        "and doc_type = ? and doc_id = ? and date <= ? order by date desc, line desc limit 1",
        (currency, of_books, day.toordinal()),
    ).fetchone()
    return None if row is None else Decimal(row[0])


def opened(connection: sqlite3.Connection, account: str) -> Date | None:
    """Give the day on which an account was opened; None where it was not."""
    row = connection.execute(
        "select min(date) from entry where kind not in ('d', 't') and kind = 'o' and doc_type = ?", (account,)
    ).fetchone()
    return Date.fromordinal(row[0]) if row[0] is not None else None
