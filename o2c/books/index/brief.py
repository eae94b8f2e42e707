"""A fast reader of what reports over all documents need: what a document is about, and who made it, without its words.

The text must be canonical all the same; anything else is left to Beancount's parser. See `written`.
"""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

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
_Meta = dict[str, "Value"]


def document(text: str, path: str, number: int) -> Document | None:
    """Read the text of one document that begins in this line of a file, briefly; None: ask Beancount's parser."""
    lines = text.split("\n")
    first = written.FIRST.fullmatch(lines[0])
    if first is None or first[5] or lines.pop():
        return None
    try:
        day = Date.fromisoformat(first[1])
        found = [written.line(one) for one in lines[1:]]
    except ValueError:
        return None
    head: _Meta = {}
    postings = _body(found, head)
    return None if postings is None or "doc-type" not in head else _document(day, head, postings, Source(path, number))


def _body(lines: list[written.Fact | written.Posted], meta: _Meta) -> list[tuple[written.Posted, _Meta]] | None:
    """Put metadata to the entry and to its postings; None for what stands twice, or elsewhere than we write it."""
    postings: list[tuple[written.Posted, _Meta]] = []
    expected = written.OF_ENTRY
    for one in lines:
        if isinstance(one, written.Posted):
            meta, expected = {}, written.OF_POSTING
            postings.append((one, meta))
        elif one.indent != expected or one.key in meta:
            return None
        else:
            meta[one.key] = one.value
    return postings


def _document(day: Date, head: _Meta, postings: list[tuple[written.Posted, _Meta]], source: Source) -> Document:
    movements, lines, taxes = [], [], []
    for posted, meta in postings:
        if names.is_item_account(posted.account):
            movements.append(_movement(posted, meta))
        elif "line" in meta:
            lines.append(_line(posted, meta))
        elif "tax-base" in meta:
            taxes.append(_tax(posted, meta))
    due, version = head.get("due"), head.get("version")
    return Document(
        doc_type=_text(head, "doc-type"),
        doc_id=_text(head, "doc-id"),
        date=day,
        customer=_text(head, "customer"),
        currency=_text(head, "currency"),
        payee="",
        narration="",
        movements=tuple(movements),
        lines=tuple(lines),
        taxes=tuple(taxes),
        due=due if isinstance(due, Date) else None,
        refers=_text(head, "refers"),
        version=int(version) if isinstance(version, Decimal) and version == version.to_integral_value() else 1,
        act=Act(_text(head, "by"), _text(head, "at"), _text(head, "why"), _text(head, "key"), _text(head, "request")),
        extra=tuple((key, head[key]) for key in FACTS if key in head),
        source=source,
    )


def _movement(posted: written.Posted, meta: _Meta) -> Movement:
    due = meta.get("due")
    number = posted.units.number or ZERO
    day = due if isinstance(due, Date) else None
    return Movement(posted.account, _text(meta, "item"), number, posted.units.currency, day)


def _line(posted: written.Posted, meta: _Meta) -> Line:
    quantity, net = meta.get("qty"), meta.get("net")
    return Line(
        number=0,
        account=posted.account,
        amount=posted.units.number or ZERO,
        currency=posted.units.currency,
        quantity=quantity if isinstance(quantity, Decimal) else ZERO,
        net=net if isinstance(net, Amount) else None,
        order=_text(meta, "order"),
        delivery=_text(meta, "delivery"),
    )


def _tax(posted: written.Posted, meta: _Meta) -> Tax:
    amount, currency = posted.units.number or ZERO, posted.units.currency
    base = meta["tax-base"]
    return Tax(
        posted.account, amount, currency, "", "", base if isinstance(base, Amount) else Amount(ZERO, currency), ZERO
    )


def _text(meta: _Meta, key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""
