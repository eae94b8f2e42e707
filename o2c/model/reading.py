"""The only reader: turns Beancount directives into documents and events (see docs/ledger-format.md).

It never raises on what an accountant may have written by hand: what it cannot read as a document it leaves to the
checks (`o2c.model.integrity`), which say what is missing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.core.data import Note
from beancount.core.data import Open
from beancount.core.data import Transaction
from beancount.core.position import Cost

from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Opening
from o2c.model.documents import Other
from o2c.model.documents import Tax
from o2c.model.documents import Value
from o2c.model.findings import NOWHERE
from o2c.model.findings import Source
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from beancount.core.data import Directive
    from beancount.core.data import Posting

Meta = dict[str, Any]
_PLACE = frozenset({"filename", "lineno"})
_HEADER = frozenset(
    {
        "doc-type", "doc-id", "customer", "currency", "due", "terms", "refers", "reason", "reference", "version",
        "by", "at", "why", "key", "request",
    },
)  # fmt: skip
_MOVEMENT = frozenset({"item", "due"})
_LINE = frozenset(
    {
        "line", "sku", "text", "qty", "unit", "unit-price", "discount", "tax-code", "net", "line-kind",
        "order", "order-line", "delivery",
    },
)  # fmt: skip
_TAX = frozenset({"tax-code", "tax-category", "tax-base", "tax-rate", "tax-reason", "tax-amount"})
_EVENT = frozenset({"subject", "customer", "by", "at", "why", "key", "request"})


def source(entry: Directive) -> Source:
    """Name the file and line of an entry."""
    meta = entry.meta or {}
    return Source(str(meta.get("filename", NOWHERE.file)), int(meta.get("lineno", 0)))


def documents(entries: Iterable[Directive]) -> Iterator[Document]:
    """Read every document among the entries, in their order."""
    for entry in entries:
        if isinstance(entry, Transaction) and "doc-type" in entry.meta:
            yield document(entry)


def read(entry: Directive) -> Document | Event | Opening | None:
    """Read any directive that is ours; None for every other."""
    if isinstance(entry, Transaction):
        return document(entry) if "doc-type" in entry.meta else None
    if isinstance(entry, Open):
        return Opening(entry.account, entry.date, tuple(entry.currencies or ()), source(entry))
    return event(entry)


def placeless(entry: Directive) -> Document | Event | Opening | None:
    """Read any directive that is ours as if it stood nowhere, to compare it with what was meant."""
    meta = {key: value for key, value in entry.meta.items() if key not in _PLACE}
    return read(entry._replace(meta=meta))


def events(entries: Iterable[Directive]) -> Iterator[Event]:
    """Read every event among the entries, in their order."""
    for entry in entries:
        found = event(entry)
        if found is not None:
            yield found


def document(entry: Transaction) -> Document:
    """Read one transaction as a document; what is not written comes back empty."""
    meta = entry.meta
    roles: tuple[list[Movement], list[Line], list[Tax], list[Other]] = ([], [], [], [])
    for posting in entry.postings:
        _read_posting(posting, roles)
    doc_id = _text(meta, "doc-id")
    return Document(
        doc_type=_text(meta, "doc-type"),
        doc_id=doc_id,
        date=entry.date,
        customer=_text(meta, "customer"),
        currency=_text(meta, "currency"),
        payee=entry.payee or "",
        narration=entry.narration or "",
        movements=tuple(roles[0]),
        lines=tuple(roles[1]),
        taxes=tuple(roles[2]),
        others=tuple(roles[3]),
        due=_day(meta, "due"),
        terms=_text(meta, "terms"),
        refers=_text(meta, "refers"),
        reason=_text(meta, "reason"),
        reference=_text(meta, "reference"),
        version=_whole(meta, "version", 1),
        act=_act(meta),
        links=entry.links or frozenset(),
        tags=entry.tags or frozenset(),
        extra=_extra(meta, _HEADER),
        flag=entry.flag or "*",
        source=source(entry),
    )


def movements(entry: Transaction) -> Iterator[Movement]:
    """Read only the movements of a transaction, of documents and of entries by hand alike."""
    for posting in entry.postings:
        if names.is_item_account(posting.account):
            yield _movement(posting, posting.meta or {})


def event(entry: Directive) -> Event | None:
    """Read a note with one of our tags, or one of our custom directives; None for every other entry."""
    if isinstance(entry, Note):
        kinds = [tag for tag in sorted(entry.tags or ()) if tag in names.EVENTS]
        if kinds:
            return _event(kinds[0], entry, account=entry.account, comment=entry.comment, links=entry.links)
    elif isinstance(entry, Custom) and entry.type in names.CUSTOMS:
        values = tuple(value.value for value in entry.values or ())
        return _event(entry.type, entry, values=values)
    return None


def _event(
    kind: str,
    entry: Note | Custom,
    *,
    account: str = "",
    comment: str = "",
    values: tuple[Value, ...] = (),
    links: frozenset[str] | None = None,
) -> Event:
    meta = entry.meta
    return Event(
        kind=kind,
        date=entry.date,
        subject=_text(meta, "subject"),
        customer=_text(meta, "customer") or names.customer_of(account),
        act=_act(meta),
        account=account,
        comment=comment,
        values=values,
        links=links or frozenset(),
        extra=_extra(meta, _EVENT),
        source=source(entry),
    )


def _read_posting(posting: Posting, roles: tuple[list[Movement], list[Line], list[Tax], list[Other]]) -> None:
    meta = posting.meta or {}
    if names.is_item_account(posting.account):
        roles[0].append(_movement(posting, meta))
    elif "line" in meta:
        roles[1].append(_line(posting, meta))
    elif "tax-base" in meta:
        roles[2].append(_tax(posting, meta))
    else:
        number, currency = _units(posting)
        total = _total(posting, number)
        roles[3].append(Other(posting.account, number, currency, total, _extra(meta, frozenset())))


def _movement(posting: Posting, meta: Meta) -> Movement:
    number, currency = _units(posting)
    cost = posting.cost if isinstance(posting.cost, Cost) else None
    return Movement(
        account=posting.account,
        item=_text(meta, "item"),
        amount=number,
        currency=currency,
        due=_day(meta, "due"),
        carrying=Amount(rounded(number * cost.number, cost.currency), cost.currency) if cost else None,
        extra=_extra(meta, _MOVEMENT),
    )


def _line(posting: Posting, meta: Meta) -> Line:
    number, currency = _units(posting)
    return Line(
        number=_whole(meta, "line", 0),
        account=posting.account,
        amount=number,
        currency=currency,
        sku=_text(meta, "sku"),
        text=_text(meta, "text"),
        quantity=_number(meta, "qty"),
        unit=_text(meta, "unit"),
        price=_amount(meta, "unit-price"),
        discount=_number(meta, "discount"),
        tax_code=_text(meta, "tax-code"),
        net=_amount(meta, "net"),
        kind=_text(meta, "line-kind") or "item",
        order=_text(meta, "order"),
        order_line=_whole(meta, "order-line", 0),
        delivery=_text(meta, "delivery"),
        extra=_extra(meta, _LINE),
    )


def _tax(posting: Posting, meta: Meta) -> Tax:
    number, currency = _units(posting)
    base = _amount(meta, "tax-base")
    return Tax(
        account=posting.account,
        amount=number,
        currency=currency,
        code=_text(meta, "tax-code"),
        category=_text(meta, "tax-category"),
        base=Amount(ZERO, currency) if base is None else base,
        rate=_number(meta, "tax-rate"),
        reason=_text(meta, "tax-reason"),
        tax=_amount(meta, "tax-amount"),
        extra=_extra(meta, _TAX),
    )


def _act(meta: Meta) -> Act:
    return Act(*(_text(meta, key) for key in Act._fields))


def _extra(meta: Mapping[str, Any], known: frozenset[str]) -> tuple[tuple[str, Value], ...]:
    rest = [
        (key, value)
        for key, value in meta.items()
        if key not in known and key not in _PLACE and value is not None and key[0] != "_"
    ]
    return tuple(sorted(rest)) if len(rest) > 1 else tuple(rest)


def _units(posting: Posting) -> tuple[Decimal, str]:
    units = posting.units
    if not isinstance(units, Amount) or not isinstance(units.number, Decimal):
        return ZERO, ""
    return units.number, units.currency


def _total(posting: Posting, number: Decimal) -> Amount | None:
    price = posting.price
    if price is None or not isinstance(price.number, Decimal):
        return None
    return Amount(rounded(number * price.number, price.currency), price.currency)


def _text(meta: Meta, key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def _day(meta: Meta, key: str) -> date | None:
    value = meta.get(key)
    return value if isinstance(value, date) else None


def _number(meta: Meta, key: str) -> Decimal:
    value = meta.get(key)
    return value if isinstance(value, Decimal) else ZERO


def _whole(meta: Meta, key: str, default: int) -> int:
    value = meta.get(key)
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else default


def _amount(meta: Meta, key: str) -> Amount | None:
    value = meta.get(key)
    return value if isinstance(value, Amount) else None
