"""Credit notes: by line (quantity or net amount) or in full, linked to their invoice, with a reason.

What is credited lowers the invoice's open items, the oldest due first; what was paid already becomes a credit of the
customer, to be used for other invoices or paid back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.model import items as open_items
from o2c.model import money
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.progress import Progress
from o2c.model.settling import reduce
from o2c.sales import legal_contents
from o2c.sales.credited_parts import Part
from o2c.sales.credited_parts import credited_parts
from o2c.sales.credited_tax import credited_taxes
from o2c.sales.credited_tax import tax_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from o2c.books import Books
    from o2c.master import Reason
    from o2c.model.documents import Act
    from o2c.model.items import Item


def create(
    books: Books,
    act: Act,
    day: date,
    invoice_id: str,
    reason_code: str,
    asked: Mapping[int, Decimal | Amount],
    *,
    full: bool,
) -> list[Document]:
    """Credit an invoice: per line a quantity or a net amount, or all that is left of it.

    Raises Refused for more than is left of a line, for a reason that is not for credit notes, for a day before the
    invoice's, and for more than write-offs have left of the invoice.
    """
    invoice = books.facts.document(invoice_id, names.INVOICE)
    reason = books.master.policies.reason(reason_code)
    if reason.kind == "write-off":
        raise Refused(f"the reason {reason_code} is for write-offs; use one for credit notes")
    _require_possible(books, invoice, day)
    done = Progress(books.facts)
    parts = credited_parts(invoice, done, asked, full=full)
    if not parts:
        raise Refused(f"{invoice_id} is credited in full; nothing is left")
    doc_id = books.numbers().draw(names.CREDIT_NOTE, day)
    made = _credit_note(books, act, day, doc_id, invoice, reason, parts, done)
    _require_not_written_off(books, invoice, made)
    legal_contents.require([made], books.master)
    return [made]


def _require_possible(books: Books, invoice: Document, day: date) -> None:
    if day < invoice.date:
        raise Refused(f"{invoice.doc_id} is dated {invoice.date}; a credit note cannot be dated {day}, before it")
    if not invoice.lines:
        raise Refused(f"{invoice.doc_id} has no lines (it was moved in); reverse it, or write the item off")
    written_off = _written_off(books, invoice)
    if written_off:
        raise Refused(
            f"{invoice.doc_id} is written off, and its tax corrected, by {written_off}; "
            f"take that back first: `o2c reverse {written_off} --reason ...`"
        )
    reversed_by = [doc.doc_id for doc in books.facts.documents(names.REVERSAL) if doc.refers == invoice.doc_id]
    if reversed_by:
        raise Refused(f"{invoice.doc_id} is reversed by {reversed_by[0]}; there is nothing to credit")


def _written_off(books: Books, invoice: Document) -> str:
    """Name a standing write-off that corrected the tax of the invoice; a credit note would correct it twice."""
    return next((doc.doc_id for doc in _write_offs(books, invoice) if doc.taxes), "")


def _require_not_written_off(books: Books, invoice: Document, made: Document) -> None:
    """Refuse to credit what was written off: nobody paid it, and the customer would get it as money."""
    write_offs = _write_offs(books, invoice)
    before = [doc for doc in _standing(books, names.CREDIT_NOTE) if doc.refers == invoice.doc_id]
    total, currency = _moved(invoice, invoice), invoice.currency
    given_up, credited = (-sum((_moved(doc, invoice) for doc in docs), ZERO) for docs in (write_offs, before))
    left, asked = total - given_up - credited, -_moved(made, made)
    if write_offs and asked > left:
        first = write_offs[0].doc_id
        raise Refused(
            f"{money.text(given_up, currency)} of {invoice.doc_id} is written off by "
            f"{', '.join(doc.doc_id for doc in write_offs)}, so {money.text(left, currency)} may be credited, not "
            f"{money.text(asked, currency)}; credit less, or first take it back: `o2c reverse {first} --reason ...`"
        )


def _write_offs(books: Books, invoice: Document) -> list[Document]:
    mine = {movement.item for movement in invoice.movements}
    found = _standing(books, names.WRITE_OFF)
    return [doc for doc in found if any(movement.item in mine for movement in doc.movements)]


def _standing(books: Books, doc_type: str) -> list[Document]:
    undone = {doc.refers for doc in books.facts.documents(names.REVERSAL)}
    return [doc for doc in books.facts.documents(doc_type) if doc.doc_id not in undone]


def _moved(doc: Document, of: Document) -> Decimal:
    """Sum what a document moved, debit positive: a write-off only on the items of the invoice, others in all."""
    mine = {movement.item for movement in of.movements}
    counted = [move for move in doc.movements if doc.doc_type != names.WRITE_OFF or move.item in mine]
    return sum((move.amount for move in counted if move.currency == of.currency), ZERO)


def _credit_note(
    books: Books, act: Act, day: date, doc_id: str, invoice: Document, reason: Reason, parts: list[Part], done: Progress
) -> Document:
    company = books.master.company
    frozen = invoice.fact("fx-rate")
    rate = frozen if isinstance(frozen, Decimal) else None
    lines = tuple(_line(part, index, invoice, reason, rate, company.currency) for index, part in enumerate(parts, 1))
    tax_lines = tuple(credited_taxes(invoice, done, parts, rate, company.currency))
    gross = sum((part.net for part in parts), ZERO) + sum((tax_number(tax) for tax in tax_lines), ZERO)
    value = sum([line.amount for line in lines] + [tax.amount for tax in tax_lines], ZERO)
    movements, weight = _movements(books, doc_id, day, invoice, gross, value if rate else None)
    fx = (
        ()
        if rate is None or weight + value == 0
        else (Other(company.accounts.fx, -(weight + value), company.currency),)
    )
    return Document(
        doc_type=names.CREDIT_NOTE,
        doc_id=doc_id,
        date=day,
        customer=invoice.customer,
        currency=invoice.currency,
        payee=invoice.payee,
        narration=f"Credit note {doc_id} for {invoice.doc_id}",
        movements=movements,
        lines=lines,
        taxes=tax_lines,
        others=fx,
        refers=invoice.doc_id,
        reason=reason.code,
        reference=invoice.reference,
        act=act,
        links=frozenset({doc_id, invoice.doc_id}),
        tags=frozenset({names.CREDIT_NOTE}),
        extra=extra(
            bill_to=invoice.fact("bill-to"),
            vat_id=invoice.fact("vat-id"),
            seller_vat_id=invoice.fact("seller-vat-id"),
            fx_rate=rate or "",
        ),
    )


def _line(
    part: Part, number: int, invoice: Document, reason: Reason, rate: Decimal | None, books_currency: str
) -> Line:
    amount = part.net if rate is None else money.rounded(part.net * rate, books_currency)
    if part.completes and rate is not None:
        amount = -part.line.amount - part.posted_before
    return part.line._replace(
        number=number,
        account=reason.account or part.line.account,
        amount=amount,
        quantity=part.quantity,
        price=part.line.price if part.quantity else None,
        discount=part.line.discount if part.quantity else ZERO,
        net=None if rate is None else Amount(part.net, invoice.currency),
        delivery="",
        extra=extra(invoice_line=Decimal(part.line.number)),
    )


def _movements(
    books: Books, doc_id: str, day: date, invoice: Document, gross: Decimal, value: Decimal | None
) -> tuple[tuple[Movement, ...], Decimal]:
    """Lower the invoice's items, oldest due first; the rest becomes a credit of its own.

    Gives the movements and what they weigh in the books' currency (0 where nothing is held at cost).
    """
    movements: list[Movement] = []
    weight, left = ZERO, gross
    for item in _invoice_items(books, invoice, day):
        part = min(left, item.open)
        if part > 0:
            changed = reduce(item, part)
            movements += changed.movements
            weight += (changed.weight.number or ZERO) if changed.weight else ZERO
            left -= part
    if left or not movements:
        carrying = None
        if value is not None:
            share = value if left == gross else money.rounded(value * left / gross, books.master.company.currency)
            carrying = Amount(-share, books.master.company.currency)
            weight -= share
        movements.append(Movement(names.deposit(invoice.customer), doc_id, -left, invoice.currency, carrying=carrying))
    return tuple(movements), weight


def _invoice_items(books: Books, invoice: Document, day: date) -> list[Item]:
    """Find what is open of the invoice, both on the day and with everything posted since."""
    moved = [move for move in books.facts.moved if move.movement.item in {m.item for m in invoice.movements}]
    on_day, now = open_items.items(moved, day), open_items.items(moved)
    mine = [item for key, item in now.items() if item.account == invoice.movements[0].account and key in on_day]
    usable = [
        item if item.carrying_currency else _at_most(item, on_day[item.account, item.item, item.currency])
        for item in mine
    ]
    return sorted((item for item in usable if item.open > 0), key=lambda item: (item.due, item.item))


def _at_most(item: Item, on_day: Item) -> Item:
    return item._replace(open=min(item.open, on_day.open))
