"""Short ledgers in words, for the tests of credit: each function writes one entry as it stands in the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from beancount.core import data
from beancount.parser import booking
from beancount.parser import parser

from o2c.model.facts import Facts

if TYPE_CHECKING:
    from beancount.core.data import Directive

#: Quantity, net, tax rate in percent, further metadata of the line.
Line = tuple[str, str, str, Mapping[str, str]]


def line(quantity: str, net: str, rate: str = "0", **facts: str) -> Line:
    return quantity, net, rate, facts


def order(
    day: str, number: str, *lines: Line, customer: str = "C1", currency: str = "EUR", version: int = 1, **facts: str
) -> str:
    said = "".join(f"  {key.replace('_', '-')}: {value}\n" for key, value in facts.items())
    text = f'{day} * "Order"\n  doc-type: "order"\n  doc-id: "{number}"\n  version: {version}\n'
    text += f'  customer: "{customer}"\n  currency: "{currency}"\n{said}'
    for count, (quantity, net, rate, more) in enumerate(lines, 1):
        text += f"  Equity:Orders  0.00 EUR\n    line: {count}\n    qty: {quantity}\n    net: {net} {currency}\n"
        text += f"    tax-rate: {rate}\n" if rate else ""
        text += "".join(f"    {key.replace('_', '-')}: {value}\n" for key, value in more.items())
    return text


def note(day: str, kind: str, number: str, customer: str = "C1", version: int = 1, **facts: str) -> str:
    said = "".join(f"  {key}: {value}\n" for key, value in facts.items())
    return f'{day} note Assets:AR:{customer} "said" #{kind}\n  subject: "{number}"\n  version: {version}\n{said}'


def confirm(day: str, number: str, customer: str = "C1", version: int = 1) -> str:
    return note(day, "order-confirmed", number, customer, version)


def deliver(
    day: str, number: str, what: str, quantities: Mapping[int, str], kind: str = "delivery", customer: str = "C1"
) -> str:
    meant, _, reverses = kind.partition(" of ")
    text = (
        f'{day} * "Goods"\n  doc-type: "{meant}"\n  doc-id: "{number}"\n  customer: "{customer}"\n  currency: "EUR"\n'
    )
    text += f'  reverses: "{reverses}"\n' if reverses else ""
    return text + "".join(_fulfils("Equity:Orders  0.00 EUR", what, place, qty) for place, qty in quantities.items())


def invoice(
    day: str,
    number: str,
    amount: str,
    what: str = "",
    quantities: Mapping[int, str] | None = None,
    customer: str = "C1",
    currency: str = "EUR",
    kind: str = "invoice",
) -> str:
    meant, _, reverses = kind.partition(" of ")
    text = f'{day} * "Invoice"\n  doc-type: "{meant}"\n  doc-id: "{number}"\n  customer: "{customer}"\n'
    text += f'  currency: "{currency}"\n' + (f'  reverses: "{reverses}"\n' if reverses else "")
    text += f'  Assets:AR:{customer}  {amount} {currency}\n    item: "{number}"\n'
    for place, quantity in (quantities or {}).items():
        text += _fulfils(f"Income:Sales  0.00 {currency}", what, place, quantity)
    return text + f"  Income:Sales  -({amount}) {currency}\n"


def _fulfils(posting: str, what: str, place: int, quantity: str) -> str:
    return f'  {posting}\n    line: {place}\n    qty: {quantity}\n    order: "{what}"\n    order-line: {place}\n'


def move(
    day: str, item: str, amount: str, customer: str = "C1", currency: str = "EUR", *, deposit: bool = False
) -> str:
    account = f"Liabilities:Customer-Deposits:{customer}" if deposit else f"Assets:AR:{customer}"
    text = f'{day} * "Moved by hand"\n  {account}  {amount} {currency}\n    item: "{item}"\n'
    return text + f"  Assets:Bank  -({amount}) {currency}\n"


def limit(day: str, amount: str, name: str = "C1", **facts: str) -> str:
    said = "".join(f"  {key}: {value}\n" for key, value in facts.items())
    return f'{day} custom "o2c-limit" "{name}" {amount}\n{said}'


def entries(*texts: str) -> list[Directive]:
    """Read and book the entries, in the order of their days and of their lines."""
    parsed, errors, options = parser.parse_string("\n".join(texts), "books")
    booked, faults = booking.book(sorted(parsed, key=data.entry_sortkey), options)
    assert not [*errors, *faults], [*errors, *faults]
    return list(booked)


def facts(*texts: str) -> Facts:
    return Facts(entries(*texts))
