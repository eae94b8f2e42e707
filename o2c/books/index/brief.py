"""A fast reader of what reports over all documents need: what a document is about, and who made it, nothing else.

The text must be canonical all the same; anything else is left to Beancount's parser. See `written`.
"""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.books.index import canonical
from o2c.books.index import written
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Tax
from o2c.model.findings import Source
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from o2c.model.documents import Value

#: Further metadata that are read.
FACTS = ("invoice", "reverses", "undoes")
_OF_ENTRY, _OF_POSTING = " " * written.OF_ENTRY, " " * written.OF_POSTING
#: A value of metadata; a number stays text, beside its currency, until somebody asks for it: few are ever asked for.
_Raw = str | Date | bool | tuple[str, str]
_Meta = dict[str, _Raw]


class _Posted(NamedTuple):
    """A posting: its account, number and currency, and its metadata."""

    account: str
    number: str
    currency: str
    meta: _Meta


def document(text: str, path: str, number: int) -> Document | None:
    """Read the text of one document that begins in this line of a file, briefly; None: ask Beancount's parser."""
    first = written.FIRST.fullmatch(text, 0, text.find("\n"))
    lines = written.LINE.findall(text)
    if first is None or first[5] or len(lines) != text.count("\n") - 1 or text[-1] != "\n":
        return None
    head: _Meta = {}
    try:
        postings = _body(lines, head)
        day = Date.fromisoformat(first[1])
    except ValueError:
        return None
    if postings is None or "doc-type" not in head:
        return None
    return _document(day, canonical.unescaped(first[3] or ""), head, postings, Source(path, number))


def _body(lines: list[tuple[str, ...]], meta: _Meta) -> list[_Posted] | None:
    """Put metadata to the entry and to its postings; None for what stands twice, or elsewhere than we write it.

    Raises ValueError for a day that is none.
    """
    postings: list[_Posted] = []
    expected = _OF_ENTRY
    for indent, key, string, day, number, currency, truth, account, units, of, _, _ in lines:
        if account:
            meta, expected = {}, _OF_POSTING
            postings.append(_Posted(account, units, of, meta))
        elif indent != expected or key in meta:
            return None
        elif number:
            meta[key] = (number, currency)
        elif day:
            meta[key] = Date.fromisoformat(day)
        elif truth:
            meta[key] = truth == "TRUE"
        else:
            meta[key] = canonical.unescaped(string) if "\\" in string else string
    return postings


def _document(day: Date, payee: str, head: _Meta, postings: list[_Posted], source: Source) -> Document:
    movements, lines, taxes = [], [], []
    for posted in postings:
        if names.is_item_account(posted.account):
            movements.append(_movement(posted))
        elif "line" in posted.meta:
            lines.append(_line(posted))
        elif "tax-base" in posted.meta:
            taxes.append(_tax(posted))
    return Document(
        doc_type=_text(head, "doc-type"),
        doc_id=_text(head, "doc-id"),
        date=day,
        customer=_text(head, "customer"),
        currency=_text(head, "currency"),
        payee=payee,
        narration="",
        movements=tuple(movements),
        lines=tuple(lines),
        taxes=tuple(taxes),
        due=_day(head),
        terms=_text(head, "terms"),
        refers=_text(head, "refers"),
        reason=_text(head, "reason"),
        version=_whole(head, "version", 1),
        act=Act(_text(head, "by"), _text(head, "at"), _text(head, "why"), _text(head, "key"), _text(head, "request")),
        extra=tuple((key, value) for key in FACTS if (value := _value(head, key)) is not None),
        source=source,
    )


def _movement(posted: _Posted) -> Movement:
    number, meta = written.decimal(posted.number), posted.meta
    return Movement(posted.account, _text(meta, "item"), number, posted.currency, _day(meta))


def _line(posted: _Posted) -> Line:
    meta = posted.meta
    quantity, net = _value(meta, "qty"), _value(meta, "net")
    return Line(
        number=_whole(meta, "line", 0),
        account=posted.account,
        amount=written.decimal(posted.number),
        currency=posted.currency,
        sku=_text(meta, "sku"),
        text=_text(meta, "text"),
        quantity=quantity if isinstance(quantity, Decimal) else ZERO,
        unit=_text(meta, "unit"),
        net=net if isinstance(net, Amount) else None,
        order=_text(meta, "order"),
        order_line=_whole(meta, "order-line", 0),
        delivery=_text(meta, "delivery"),
    )


def _tax(posted: _Posted) -> Tax:
    amount, currency = written.decimal(posted.number), posted.currency
    base = _value(posted.meta, "tax-base")
    return Tax(
        posted.account, amount, currency, "", "", base if isinstance(base, Amount) else Amount(ZERO, currency), ZERO
    )


def _value(meta: _Meta, key: str) -> Value | None:
    raw = meta.get(key)
    if isinstance(raw, tuple):
        number = written.decimal(raw[0])
        return Amount(number, raw[1]) if raw[1] else number
    return raw


def _day(meta: _Meta) -> Date | None:
    due = meta.get("due")
    return due if isinstance(due, Date) else None


def _whole(meta: _Meta, key: str, default: int) -> int:
    number = _value(meta, key)
    return int(number) if isinstance(number, Decimal) and number == number.to_integral_value() else default


def _text(meta: _Meta, key: str) -> str:
    text = meta.get(key)
    return text if isinstance(text, str) else ""
