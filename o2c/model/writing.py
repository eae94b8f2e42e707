"""Writes documents as ledger text, one way only; `reading` gives the same document back.

Nothing but strings, numbers and dates can be injected: account names, currencies, tags, links, metadata keys and
flags go through strict patterns, strings are escaped (Beancount's own printer checks neither; dangers D01-D03).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.model import money
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.money import parse_currency
from o2c.model.money import shown
from o2c.model.text import account as account_gate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.documents import Line
    from o2c.model.documents import Movement
    from o2c.model.documents import Other
    from o2c.model.documents import Tax
    from o2c.model.documents import Value

_KEY = re.compile(r"[a-z][a-zA-Z0-9_-]+", re.ASCII)
_MARK = re.compile(r"[A-Za-z0-9_/.-]+", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: Texts without any of these stand in a ledger as they are.
_CARE = re.compile(r"[\\\x22\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
#: The column at which the currency of every posting stands, as Fava and bean-format align it.
_CURRENCY_COLUMN = 61


def write(entries: Iterable[Entry]) -> str:
    """Write entries as ledger text; each is preceded by an empty line."""
    return "".join("\n" + "\n".join(_entry(entry)) + "\n" for entry in entries)


def _entry(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Document):
        return _document(entry)
    if isinstance(entry, Opening):
        return _opening(entry)
    return _note(entry) if entry.kind in names.EVENTS else _custom(entry)


def _document(doc: Document) -> Iterator[str]:
    flag = doc.flag if doc.flag in {"*", "!"} else _refuse("flag", doc.flag)
    payee = f"{_string(doc.payee)} " if doc.payee else ""
    yield f"{doc.date} {flag} {payee}{_string(doc.narration)}{_marks(doc.tags, doc.links)}"
    yield from _header(doc)
    for movement in doc.movements:
        yield from _movement(movement)
    for line in doc.lines:
        yield from _line(line)
    for tax in doc.taxes:
        yield from _tax(tax)
    for other in doc.others:
        yield from _other(other)


def _header(doc: Document) -> Iterator[str]:
    yield from _facts(
        "  ",
        ("doc-type", doc.doc_type),
        ("doc-id", doc.doc_id),
        ("version", Decimal(doc.version) if doc.version != 1 else ""),
        ("customer", doc.customer),
        ("currency", doc.currency),
        ("due", doc.due),
        ("terms", doc.terms),
        ("refers", doc.refers),
        ("reason", doc.reason),
        ("reference", doc.reference),
        *doc.extra,
    )
    yield from _act(doc.act)


def _act(act: Act) -> Iterator[str]:
    return _facts("  ", *zip(act._fields, act, strict=True))


def _movement(movement: Movement) -> Iterator[str]:
    yield _posting(movement.account, movement.amount, movement.currency, _lot(movement))
    yield from _facts("    ", ("item", movement.item), ("due", movement.due), *movement.extra)


def _lot(movement: Movement) -> str:
    """Write the lot: opened with its total cost, reduced by its label alone, so that booking refuses too much."""
    if movement.carrying is None:
        return ""
    opens = (movement.amount > 0) == movement.account.startswith(names.RECEIVABLES + ":")
    label = _string(movement.item)
    if not opens:
        return f" {{{label}}}"
    assert movement.carrying.number is not None
    return f" {{{{{_amount(Amount(abs(movement.carrying.number), movement.carrying.currency))}, {label}}}}}"


def _line(line: Line) -> Iterator[str]:
    yield _posting(line.account, line.amount, line.currency)
    yield from _facts(
        "    ",
        ("line", Decimal(line.number)),
        ("line-kind", line.kind if line.kind != "item" else ""),
        ("sku", line.sku),
        ("text", line.text),
        ("qty", line.quantity if line.quantity else ""),
        ("unit", line.unit),
        ("unit-price", line.price),
        ("discount", line.discount if line.discount else ""),
        ("net", line.net),
        ("tax-code", line.tax_code),
        ("order", line.order),
        ("order-line", Decimal(line.order_line) if line.order_line else ""),
        ("delivery", line.delivery),
        *line.extra,
    )


def _tax(tax: Tax) -> Iterator[str]:
    yield _posting(tax.account, tax.amount, tax.currency)
    yield from _facts(
        "    ",
        ("tax-code", tax.code),
        ("tax-category", tax.category),
        ("tax-base", tax.base),
        ("tax-rate", tax.rate),
        ("tax-reason", tax.reason),
        ("tax-amount", tax.tax),
        *tax.extra,
    )


def _other(other: Other) -> Iterator[str]:
    price = ""
    if other.total is not None:
        assert other.total.number is not None
        price = f" @@ {_amount(Amount(abs(other.total.number), other.total.currency))}"
    yield _posting(other.account, other.amount, other.currency, price)
    yield from _facts("    ", *other.extra)


def _opening(opening: Opening) -> Iterator[str]:
    currencies = ",".join(_currency(currency) for currency in opening.currencies)
    yield f"{opening.date} open {_account(opening.account)} {currencies}".rstrip()


def _note(event: Event) -> Iterator[str]:
    comment = _string(event.comment)
    if "\\" in comment:
        _refuse("note", event.comment)
    yield f"{event.date} note {_account(event.account)} {comment}{_marks({event.kind}, event.links)}"
    yield from _event_facts(event)


def _custom(event: Event) -> Iterator[str]:
    known = (*names.CUSTOMS, names.PROPOSAL, names.PROPOSAL_LINE)
    kind = event.kind if event.kind in known else _refuse("kind of event", event.kind)
    if any(_is_negative(value) for value in event.values):
        _refuse("value", str(event.values))  # Beancount would compute `10 -5`
    values = " ".join(_value(value) for value in event.values)
    yield f'{event.date} custom "{kind}" {values}'.rstrip()
    yield from _event_facts(event)


def _is_negative(value: Value) -> bool:
    number = value.number if isinstance(value, Amount) else value
    return isinstance(number, Decimal) and number.is_signed()


def _event_facts(event: Event) -> Iterator[str]:
    customer = event.customer if event.customer != names.customer_of(event.account) else ""
    yield from _facts("  ", ("subject", event.subject), ("customer", customer), *event.extra)
    yield from _act(event.act)


def _posting(account: str, number: Decimal, currency: str, behind: str = "") -> str:
    amount = _amount(Amount(number, currency))
    gap = " " * max(2, _CURRENCY_COLUMN - 1 - len(account) - 2 - (len(amount) - len(currency) - 1))
    return f"  {_account(account)}{gap}{amount}{behind}"


def _facts(indent: str, *facts: tuple[str, Value | None]) -> Iterator[str]:
    for key, value in facts:
        if value is not None and value != "":
            yield f"{indent}{_key(key)}: {_value(value)}"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Amount):
        return _amount(value)
    assert isinstance(value, date), f"{value!r} cannot stand in a ledger"
    return value.isoformat()


def _number(number: Decimal) -> str:
    if not number.is_finite() or abs(number) > money.LIMIT:
        _refuse("number", str(number))
    return f"{number:f}"


def _amount(amount: Amount) -> str:
    assert amount.number is not None
    _number(amount.number)
    _currency(amount.currency)
    return money.text(amount.number, amount.currency)


def _string(text: str) -> str:
    if not _CARE.search(text):
        return f'"{text}"'
    if _UNSAFE.search(text):
        _refuse("text", text)
    return f'"{text.translate(_ESCAPED)}"'


def _marks(tags: Iterable[str], links: Iterable[str]) -> str:
    return "".join(f" #{_mark(tag)}" for tag in sorted(tags)) + "".join(f" ^{_mark(link)}" for link in sorted(links))


@lru_cache(maxsize=100_000)
def _mark(text: str) -> str:
    return text if _MARK.fullmatch(text) else _refuse("tag or link", text)


@lru_cache(maxsize=10_000)
def _key(text: str) -> str:
    if not _KEY.fullmatch(text) or text in {"filename", "lineno"}:
        _refuse("metadata key", text)
    return text


@lru_cache(maxsize=100_000)
def _account(text: str) -> str:
    return account_gate(text)


@lru_cache(maxsize=1_000)
def _currency(text: str) -> str:
    return parse_currency(text)


def _refuse(what: str, text: str) -> str:
    raise BadInput(f"{what}: {shown(text)} cannot be written into a ledger")
