"""The command `show`, and how every `show` prints a document with its chain from order to cash."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import click
from beancount.core.amount import Amount

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.posting import near
from o2c.model import items as open_items
from o2c.model import money
from o2c.model.chain import chain
from o2c.model.documents import Document
from o2c.model.documents import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from o2c.model.findings import Source


@click.command()
@click.argument("document", metavar="DOCUMENT")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, document: str, as_json: bool) -> None:
    """Show any document, its lines, and its chain from order to cash.

    \b
    Example:
      o2c show INV-2026-0001
    """
    print_chain(context.books().about(document), document, as_json=as_json)


def print_chain(books: Books, doc_id: str, *doc_types: str, as_json: bool = False) -> None:
    """Print a document, what is open of it, and every document and event of its chain with its place in the ledger."""
    doc = books.facts.document(doc_id, *doc_types)
    if as_json:
        click.echo(json.dumps(_as_json(books, doc), indent=1, ensure_ascii=False))
        return
    for line in _text(books, doc):
        click.echo(line)


def _text(books: Books, doc: Document) -> Iterator[str]:
    yield f"{doc.narration}  {doc.date}  {doc.customer} {doc.payee}"
    for label, value in _head(doc):
        yield f"  {label + ':':<14}{value}"
    if doc.lines:
        yield ""
        yield from _lines(doc)
    if doc.movements:
        yield ""
        yield from _items(books, doc)
    yield ""
    yield "Chain"
    for entry in chain(books.facts, doc.doc_id):
        yield "  " + _step(entry, doc)


def _head(doc: Document) -> Iterator[tuple[str, str]]:
    pairs = (
        ("number", doc.doc_id + (f" (version {doc.version})" if doc.version > 1 else "")),
        ("refers to", doc.refers),
        ("reference", doc.reference),
        ("reason", doc.reason),
        ("terms", str(doc.fact("terms-text")) or doc.terms),
        ("due", str(doc.due or "")),
        ("entered", f"{doc.act.by} {doc.act.at}".strip()),
        ("why", doc.act.why),
        ("ledger", _place(doc.source)),
    )
    return ((label, value) for label, value in pairs if value)


def _lines(doc: Document) -> Iterator[str]:
    for line in doc.lines:
        net = line.net or Amount(abs(line.amount), line.currency)
        price = f" x {line.price}" if line.price else ""
        less = f" -{line.discount:f} %" if line.discount else ""
        tax = f"  {line.tax_code}" if line.tax_code else ""
        value = f"  {_money(net)}" if line.price or line.amount else ""
        yield f"  {line.number:>4}  {line.sku:<12} {line.quantity:f} {line.unit}{price}{less}{tax}{value}  {line.text}"
    for tax_line in doc.taxes:
        tax_amount = tax_line.tax or Amount(abs(tax_line.amount), tax_line.currency)
        yield f"        {tax_line.code} {tax_line.rate:f} % of {_money(tax_line.base)} = {_money(tax_amount)}"


def _items(books: Books, doc: Document) -> Iterator[str]:
    now = open_items.items(books.facts.moved)
    for movement in doc.movements:
        item = now[movement.account, movement.item, movement.currency]
        due = f", due {item.due}" if item.open > 0 else ""
        now_open = money.text(item.open, item.currency)
        yield f"  item {movement.item}: {money.text(movement.amount, movement.currency)}; open now {now_open}{due}"


def _step(entry: Document | Event, doc: Document) -> str:
    if isinstance(entry, Event):
        why = f"  ({entry.act.why})" if entry.act.why else ""
        said = f"{entry.date}  {entry.subject:<16}  {entry.kind:<15}  {'':>20}  {entry.act.by}{why}"
        return f"{said}  {_place(entry.source)}"
    mark = "*" if entry.doc_id == doc.doc_id else " "
    moved = f"{_moved(entry):>20}"
    return (
        f"{entry.date} {mark}{entry.doc_id:<16}  {entry.doc_type:<15}  {moved}  {entry.act.by}  {_place(entry.source)}"
    )


def _place(source: Source) -> str:
    return f"{near(source.file)}:{source.line}"


def _moved(doc: Document) -> str:
    sums: dict[str, Any] = {}
    for movement in doc.movements:
        sums[movement.currency] = sums.get(movement.currency, money.ZERO) + movement.amount
    return ", ".join(money.text(number, currency) for currency, number in sums.items())


def _money(amount: Amount) -> str:
    assert amount.number is not None
    return money.text(amount.number, amount.currency)


def _as_json(books: Books, doc: Document) -> dict[str, Any]:
    now = open_items.items(books.facts.moved)
    held = [now[m.account, m.item, m.currency] for m in doc.movements]
    return {
        **_plain(doc),
        "items": [
            {
                "item": item.item,
                "currency": item.currency,
                "due": str(item.due),
                "original": str(item.original),
                "open": str(item.open),
            }
            for item in dict.fromkeys(held)
        ],
        "chain": [_chain_row(entry) for entry in chain(books.facts, doc.doc_id)],
    }


def _chain_row(entry: Document | Event) -> dict[str, Any]:
    is_doc = isinstance(entry, Document)
    return {
        "doc_id": entry.doc_id if isinstance(entry, Document) else entry.subject,
        "doc_type": entry.doc_type if isinstance(entry, Document) else entry.kind,
        "date": str(entry.date),
        "moved": _moved(entry) if isinstance(entry, Document) and is_doc else "",
        "by": entry.act.by,
        "why": entry.act.why,
        "file": entry.source.file,
        "line": entry.source.line,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Amount):
        return _money(value)
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items() if isinstance(part, Amount) or part}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, (int, str, bool)) and not isinstance(value, Decimal) else str(value)
