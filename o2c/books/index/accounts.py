"""What was posted on an account that is no customer's: the index keeps no row of it, so the ledger text is searched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import parser

from o2c.books import loaded
from o2c.books.index import slices
from o2c.books.index import store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.data import Directive

#: Where an entry begins.
_ENTRY = re.compile(rb"^(?=[0-9]{4}[-/][0-9])", re.MULTILINE)


def posted(connection: sqlite3.Connection, options: dict[str, Any], account: str, as_of: Date) -> dict[str, Decimal]:
    """Sum the postings on an account up to the end of a day, by currency. Raises Torn where only a full load can tell.

    Read are only the entries whose text holds the name of the account.
    """
    with store.reading(connection):
        text = b"".join(_entries(connection, account.encode()))
    if not text:
        return {}
    parsed, errors, _ = parser.parse_string(text.decode(), "accounts")
    if errors:
        raise slices.Torn
    on_account = [entry for entry in parsed if isinstance(entry, data.Transaction) and _holds(entry, account)]
    return loaded.posted((_complete(entry, options) for entry in on_account), account, as_of)


def _entries(connection: sqlite3.Connection, name: bytes) -> Iterator[bytes]:
    for path, *known in connection.execute("select path, size, mtime, ctime, inode from file").fetchall():
        with slices.opened(path) as stream:
            slices.require_unchanged(stream, loaded.Stamp(*known))
            text = stream.read()
        if name in text:
            yield from (entry + b"\n" for entry in _ENTRY.split(text) if name in entry and b"\n" in entry.rstrip())


def _holds(entry: data.Transaction, account: str) -> bool:
    return any(posting.account == account for posting in entry.postings)


def _complete(entry: data.Transaction, options: dict[str, Any]) -> Directive:
    """Fill in the amounts left out."""
    if all(isinstance(posting.units, Amount) for posting in entry.postings):
        return entry
    return slices.filled(entry, options)
