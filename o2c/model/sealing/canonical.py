"""The canonical form of an entry: its facts and nothing else, as one text that every reader of the books makes alike.

docs/seal.md describes it, so that others can write it too. Formatting, comments, places in files, the order of
postings and tags, and metadata that begin with `note-` are no facts.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date as Date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from zlib import crc32

from beancount.core import data
from beancount.core.account import TYPE as ACCOUNT
from beancount.core.amount import Amount
from beancount.core.position import Cost

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from beancount.core.data import Directive
    from beancount.core.data import Posting
    from beancount.parser.grammar import ValueType

VERSION = "o2c-1"
#: Metadata that begin so are remarks: they may change after the seal.
REMARK = "note-"
#: What may differ between two forms of one entry, in words; `Form.marks` has one digest for each.
GROUPS = ("words", "tags or links", "metadata", "accounts or amounts", "metadata of postings")
_BREAKS = re.compile(r"\s+")
_LONGEST_NAME = 60


class Form(NamedTuple):
    """The canonical form of one entry, in its parts; each is JSON text without blanks, in ASCII."""

    kind: str
    date: str
    words: str
    links: str
    metadata: str
    amounts: str
    postings: str

    @property
    def text(self) -> str:
        """The whole form, as it is hashed."""
        return f'["{VERSION}","{self.kind}","{self.date}",{self.words},{self.links},{self.metadata},{self.postings}]'

    @property
    def digest(self) -> str:
        """The leaf: sha256 of a zero byte and the form, in hexadecimal digits."""
        return hashlib.sha256(b"\0" + self.text.encode("ascii")).hexdigest()

    @property
    def marks(self) -> str:
        """A short digest of each group of fields: tells what changed, proves nothing."""
        parts = (self.words, self.links, self.metadata, self.amounts, self.postings)
        return " ".join(f"{crc32(part.encode('ascii')):08x}" for part in parts)


def form(entry: Directive, home: str) -> Form:
    """Give the canonical form of a booked entry; `home` is the folder of the main file (paths count from there)."""
    kind = type(entry).__name__.lower()
    words = _WORDS[kind](entry, home)
    cores, postings = _postings(entry.postings) if isinstance(entry, data.Transaction) else ("[]", "[]")
    links = f"[{_set(getattr(entry, 'tags', None))},{_set(getattr(entry, 'links', None))}]"
    return Form(kind, entry.date.isoformat(), words, links, _metadata(entry.meta), cores, postings)


def name(entry: Directive) -> str:
    """Name an entry for people: its document's number, else what it is about."""
    known = entry.meta.get("doc-id")
    if isinstance(known, str) and known:
        return known
    words = " ".join(word for word in _naming(entry) if isinstance(word, str))
    return _BREAKS.sub(" ", words)[:_LONGEST_NAME]


def _naming(entry: Directive) -> tuple[object, ...]:
    if isinstance(entry, data.Transaction):
        return (entry.narration, entry.payee)
    if isinstance(entry, data.Document):
        return (entry.account, entry.filename.rpartition("/")[2])
    return tuple(entry[2:4])


def _list(parts: Iterable[str]) -> str:
    return f"[{','.join(parts)}]"


def _set(parts: Iterable[str] | None) -> str:
    return _list(_quoted(part) for part in sorted(parts)) if parts else "[]"


def _or_null(text: str | None) -> str:
    return "null" if text is None else _quoted(text)


def number(value: Decimal) -> str:
    """Write a number without exponent and without zeros at its end: `100`, `0.5`, `-3.25`; never `-0`."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _amount(amount: Amount | None) -> str:
    if amount is None:
        return "null"
    assert isinstance(amount.number, Decimal)
    return f'["{number(amount.number)}",{_word(amount.currency)}]'


@lru_cache(maxsize=100_000)
def _word(text: str) -> str:
    return _quoted(text)


def _metadata(meta: dict[str, Any] | None) -> str:
    if not meta:
        return "[]"
    pairs = [
        f'{word},["s",{_quoted(value)}]]' if type(value) is str else f"{word},{_value(value)}]"
        for word, value in [(word, meta[key]) for key, word in _facts(tuple(meta))]
    ]
    return f"[{','.join(pairs)}]"


@lru_cache(maxsize=10_000)
def _facts(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Choose and sort the keys that are facts; each with the beginning of its pair."""
    chosen = (key for key in keys if key not in _PLACE and key[:2] != "__" and key[: len(REMARK)] != REMARK)
    return tuple((key, f"[{_quoted(key)}") for key in sorted(chosen))


_PLACE = frozenset({"filename", "lineno"})


def _value(value: object) -> str:
    """Write a value with its type, so that the text `100` is not the number."""
    kind = _KINDS.get(type(value))
    return kind(value) if kind else f'["x",{_quoted(type(value).__name__)},{_quoted(str(value))}]'


_KINDS: dict[type, Callable[[Any], str]] = {
    str: lambda value: f'["s",{_quoted(value)}]',
    Decimal: lambda value: f'["n","{number(value)}"]',
    Date: lambda value: f'["d","{value.isoformat()}"]',
    bool: lambda value: '["b",true]' if value else '["b",false]',
    type(None): lambda _: '["z"]',
    Amount: lambda value: f'["a",{_amount(value)}]',
}


def _postings(postings: Iterable[Posting]) -> tuple[str, str]:
    """Give all postings sorted, once without their metadata and once with them."""
    cores = [_core(posting) for posting in postings]
    whole = [f"[{core},{_metadata(posting.meta)}]" for core, posting in zip(cores, postings, strict=True)]
    return f"[{','.join(sorted(cores))}]", f"[{','.join(sorted(whole))}]"


def _core(posting: Posting) -> str:
    units, cost, price = posting.units, posting.cost, posting.price
    held = _cost(cost) if cost is not None else "null"
    said = _amount(price) if isinstance(price, Amount) or price is None else _value(price)
    amount = _amount(units) if isinstance(units, Amount) and isinstance(units.number, Decimal) else _value(units)
    return f"{_word(posting.account)},{amount},{held},{said},{_or_null(posting.flag)}"


def _cost(cost: object) -> str:
    if not isinstance(cost, Cost):
        return _value(cost)
    return f'["{number(cost.number)}",{_word(cost.currency)},"{cost.date.isoformat()}",{_or_null(cost.label)}]'


def _path(path: str, home: str) -> str:
    return os.path.relpath(path, home).replace(os.sep, "/") if home and path.startswith(os.sep) else path


def _custom(value: ValueType) -> str:
    return f'["c",{_quoted(value.value)}]' if str(value.dtype) == ACCOUNT else _value(value.value)


#: What each type of entry says, besides date, tags, links, metadata and postings; in the order of docs/seal.md.
_WORDS: dict[str, Callable[[Any, str], str]] = {
    "open": lambda e, _: _list(
        (_quoted(e.account), _set(e.currencies), "null" if e.booking is None else _quoted(e.booking.value))
    ),
    "close": lambda e, _: _list((_quoted(e.account),)),
    "commodity": lambda e, _: _list((_quoted(e.currency),)),
    "pad": lambda e, _: _list((_quoted(e.account), _quoted(e.source_account))),
    "balance": lambda e, _: _list(
        (_quoted(e.account), _amount(e.amount), "null" if e.tolerance is None else f'"{number(e.tolerance)}"')
    ),
    "transaction": lambda e, _: _list((_or_null(e.flag), _or_null(e.payee), _or_null(e.narration))),
    "note": lambda e, _: _list((_quoted(e.account), _quoted(e.comment))),
    "event": lambda e, _: _list((_quoted(e.type), _quoted(e.description))),
    "query": lambda e, _: _list((_quoted(e.name), _quoted(e.query_string))),
    "price": lambda e, _: _list((_quoted(e.currency), _amount(e.amount))),
    "document": lambda e, home: _list((_quoted(e.account), _quoted(_path(e.filename, home)))),
    "custom": lambda e, _: _list((_quoted(e.type), _list(_custom(value) for value in e.values or ()))),
}
