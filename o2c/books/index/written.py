"""A fast reader of single entries in the canonical form: exactly what Beancount's parser makes of them, or nothing.

What it does not recognise completely (lots, duplicate keys, customs, most of what was written by hand) it leaves to
Beancount's parser. The tests prove both equal.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Note
from beancount.core.data import Posting
from beancount.core.data import Transaction

from o2c.books.index import canonical
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from typing import Any

    from o2c.model.documents import Value

_DATE, _DAY, _NUMBER = canonical.DATE.decode(), canonical.DAY.decode(), canonical.NUMBER.decode()
_ACCOUNT, _MARKS = canonical.ACCOUNT.decode(), canonical.MARKS.decode()
#: Lines are looked at without their line feed: a word of Beancount's may also stand at the very end.
_CURRENCY = r"(?!(?:TRUE|FALSE|NULL)(?![A-Z0-9'._-]))[A-Z][A-Z0-9'._-]*[A-Z0-9]"
_SIGNS = r"[^\"\\\x00-\x1f]*+"
_STRING = rf"\"({_SIGNS}(?:\\[^\x00-\x1f]{_SIGNS})*+)\""
FIRST = re.compile(
    rf"({_DATE}) (?:([*!])(?: {_STRING})? {_STRING}|note ({_ACCOUNT}) {_STRING})({_MARKS})",
)
_META = re.compile(
    rf"(  |    )((?!(?:filename|lineno):)[a-z][A-Za-z0-9_-]+): "
    rf"(?:{_STRING}|({_DAY})|({_NUMBER})(?: ({_CURRENCY}))?|(TRUE|FALSE))"
)
_POSTING = re.compile(rf"  ({_ACCOUNT}) ++({_NUMBER}) ({_CURRENCY})(?: @@ ([0-9]+(?:\.[0-9]+)?) ({_CURRENCY}))?")
#: Any line behind the first, the same in the midst of a text: the parts of metadata, then those of a posting.
LINE = re.compile(rf"^(?:{_META.pattern}|{_POSTING.pattern})$", re.MULTILINE)
#: Metadata stand so far to the right: those of the entry, those of a posting.
OF_ENTRY, OF_POSTING = 2, 4
#: Most lines come again and again: `  by: "anna"`, `    tax-code: "S19"`.
_LINES_KEPT = 1 << 14


class Fact(NamedTuple):
    """A line of metadata, and how far to the right it stands."""

    indent: int
    key: str
    value: Value


class Posted(NamedTuple):
    """The line of a posting."""

    account: str
    units: Amount
    price: Amount | None


def entry(text: str, path: str, number: int) -> Transaction | Note | None:
    """Read the text of one transaction or note that begins in this line of a file; None: ask Beancount's parser."""
    lines = text.split("\n")
    first = FIRST.fullmatch(lines[0])
    if first is None or lines.pop():
        return None
    try:
        day = date.fromisoformat(first[1])
        found = [line(one) for one in lines[1:]]
    except ValueError:
        return None
    meta = {"filename": path, "lineno": number}
    postings = _body(found, meta)
    if postings is None or (postings and first[5]):
        return None
    marks = first[7].split()
    tags = frozenset(mark[1:] for mark in marks if mark[0] == "#")
    links = frozenset(mark[1:] for mark in marks if mark[0] == "^")
    if first[5]:
        return Note(meta, day, first[5], canonical.unescaped(first[6]), tags, links)
    payee = None if first[3] is None else canonical.unescaped(first[3])
    return Transaction(meta, day, first[2], payee, canonical.unescaped(first[4]), tags, links, postings)


def _body(lines: list[Fact | Posted], meta: dict[str, Any]) -> list[Posting] | None:
    """Put metadata to the entry and to its postings; None for what stands twice, or elsewhere than we write it."""
    postings: list[Posting] = []
    indent, path, number = OF_ENTRY, meta["filename"], meta["lineno"]
    for one in lines:
        number += 1
        if isinstance(one, Posted):
            meta, indent = {"filename": path, "lineno": number}, OF_POSTING
            postings.append(Posting(one.account, one.units, None, one.price, None, meta))
        elif one.indent != indent or one.key in meta:
            return None
        else:
            meta[one.key] = one.value
    return postings


@lru_cache(_LINES_KEPT)
def line(text: str) -> Fact | Posted:
    """Read a line behind the first. Raises ValueError for one that is not canonical."""
    if match := _META.fullmatch(text):
        indent, key, string, day, number, currency, truth = match.groups()
        return Fact(len(indent), key, _value(string, day, number, currency, truth))
    if match := _POSTING.fullmatch(text):
        account, number, currency, total, of = match.groups()
        units = Amount(decimal(number), currency)
        return Posted(account, units, _price(units, Decimal(total), of) if total else None)
    raise ValueError(text)


def _value(string: str | None, day: str | None, number: str | None, currency: str | None, truth: str | None) -> Value:
    if string is not None:
        return canonical.unescaped(string)
    if day:
        return date.fromisoformat(day)
    if number:
        return Amount(decimal(number), currency) if currency else decimal(number)
    return truth == "TRUE"


def decimal(text: str) -> Decimal:
    """Read a number as Beancount does: a minus turns what stands behind it round, so that no zero is negative."""
    return -Decimal(text[1:]) if text[0] == "-" else Decimal(text)


def _price(units: Amount, total: Decimal, currency: str) -> Amount:
    """Turn a total price into that of one unit, as Beancount's parser does."""
    number = units.number or ZERO
    return Amount(total / abs(number) if number else ZERO, currency)
