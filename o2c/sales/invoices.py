"""Invoices: made from what was delivered (or ordered), with names, terms, prices and rates frozen into them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.master.terms import instalments
from o2c.model import money
from o2c.model import names
from o2c.model import progress
from o2c.model.documents import Document
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Tax
from o2c.model.documents import Value
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.progress import Progress
from o2c.sales import legal_contents
from o2c.sales.order_decisions import to_confirm
from o2c.sales.totals import line_net
from o2c.sales.totals import taxes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.master import Customer
    from o2c.master import Master
    from o2c.model.documents import Act
    from o2c.model.documents import Event
    from o2c.sales.totals import TaxTotal


class Draft(NamedTuple):
    """What will be invoiced of an order: lines with their nets, before a number is drawn."""

    order: Document
    lines: tuple[Line, ...]
    supplied: date


def create(books: Books, act: Act, day: date, doc_id: str) -> list[Document]:
    """Invoice what is delivered and not invoiced of one order (or all of it, where invoicing is by order)."""
    order = books.facts.document(doc_id, names.ORDER)
    said = progress.state(order, books.facts.events[doc_id])
    done = Progress(books.facts)
    draft = _draft(books, done, order, day)
    if draft is None:
        covering = sorted(doc.doc_id for doc in books.facts.documents(names.INVOICE) if doc_id in doc.links)
        if covering:
            raise Refused(f"nothing is left to invoice of {doc_id}: {', '.join(covering)}")
        if said != progress.CONFIRMED:
            next_step = to_confirm(doc_id, said, books.facts.events[doc_id])
            raise Refused(f"{doc_id} is {said}; only confirmed orders are invoiced: {next_step}")
        raise Refused(f"nothing of {doc_id} is delivered yet; `o2c deliver {doc_id}` first")
    return _invoices(books, act, day, [draft])


def run(books: Books, act: Act, day: date, until: date) -> list[Document]:
    """Invoice everything that is delivered through `until` (inclusive) and not invoiced, one invoice per order."""
    done = Progress(books.facts, until)
    orders = sorted(books.facts.documents(names.ORDER, as_of=until), key=lambda order: order.doc_id)
    drafts = [draft for order in orders if (draft := _draft(books, done, order, day)) is not None]
    invoiced = Progress(books.facts) if until < day else done
    drafts = [draft for draft in drafts if not _overtaken(draft, done, invoiced)]
    return _invoices(books, act, day, drafts)


def of_new_orders(books: Books, act: Act, day: date, entries: Sequence[Document | Event]) -> list[Document]:
    """Invoice orders that are taken in and confirmed in the same step, as far as they are invoiced by order."""
    books.facts.include(entries)
    done = Progress(books.facts)
    orders = [entry for entry in entries if isinstance(entry, Document)]
    drafts = [draft for order in orders if (draft := _draft(books, done, order, max(day, order.date))) is not None]
    return _invoices(books, act, day, drafts)


def _overtaken(draft: Draft, until: Progress, now: Progress) -> bool:
    """Tell whether something of the draft was invoiced after the day up to which we look."""
    keys = [(line.order, line.order_line) for line in draft.lines]
    return any(now.invoiced[key] != until.invoiced[key] for key in keys)


def _draft(books: Books, done: Progress, order: Document, day: date) -> Draft | None:
    if progress.state(order, books.facts.events[order.doc_id]) != progress.CONFIRMED:
        return None
    by_order = (order.fact("invoicing") or books.master.policies.invoicing) == "order"
    lines: list[Line] = []
    services = {line.sku for line in order.lines if books.master.products[line.sku].kind == "service"}
    goods = [line for line in order.lines if line.sku not in services]
    begun = any(done.delivered[order.doc_id, line.number] > 0 for line in goods)
    supplied = order.date if by_order else None
    for line in order.lines:
        key = (order.doc_id, line.number)
        whole = by_order or (line.sku in services and (begun or not goods))
        quantity = (line.quantity if whole else done.delivered[key]) - done.invoiced[key]
        if quantity <= 0:
            continue
        deliveries = done.deliveries[key]
        if deliveries:
            supplied = max([delivery.date for delivery in deliveries] + ([supplied] if supplied else []))
        lines.append(
            _line(books.master, order, line, quantity, len(lines) + 1, deliveries[-1].doc_id if deliveries else "")
        )
    return Draft(order, tuple(lines), supplied or day) if lines else None


def _line(master: Master, order: Document, line: Line, quantity: Decimal, number: int, delivery: str) -> Line:
    assert line.price is not None, "a confirmed order has prices"
    net = line_net(quantity, line.price.number or ZERO, line.discount, order.currency)
    return line._replace(
        number=number,
        account=master.products[line.sku].account or master.company.accounts.sales,
        quantity=quantity,
        net=Amount(net, order.currency),
        order=order.doc_id,
        order_line=line.number,
        delivery=delivery,
        extra=(),
    )


def _invoices(books: Books, act: Act, day: date, drafts: list[Draft]) -> list[Document]:
    draw = books.numbers()
    made = [_invoice(books, act, day, draft, draw.draw(names.INVOICE, day)) for draft in drafts]
    legal_contents.require(made, books.master)
    return made


def _invoice(books: Books, act: Act, day: date, draft: Draft, doc_id: str) -> Document:
    master, order = books.master, draft.order
    if day < draft.supplied:
        raise Refused(f"{order.doc_id} was delivered on {draft.supplied}; the invoice cannot be dated {day}, before it")
    customer = master.customer(order.customer)
    debtor = master.customer(customer.payer or customer.code)
    totals = _totals(master, draft)
    net = sum((_number(line.net) for line in draft.lines), ZERO)
    gross = net + sum((total.tax for total in totals), ZERO)
    rate = None if order.currency == master.company.currency else books.rate(order.currency, day)
    lines = tuple(_posted_line(line, rate, master.company.currency) for line in draft.lines)
    tax_lines = tuple(_posted_tax(master, total, order.currency, rate) for total in totals)
    value = -sum([line.amount for line in lines] + [tax.amount for tax in tax_lines], ZERO)
    movements, due = _movements(master, order, debtor, doc_id, day, gross, value if rate else None)
    return Document(
        doc_type=names.INVOICE,
        doc_id=doc_id,
        date=day,
        customer=debtor.code,
        currency=order.currency,
        payee=debtor.name,
        narration=f"Invoice {doc_id}",
        movements=movements,
        lines=lines,
        taxes=tax_lines,
        due=due,
        terms=order.terms,
        refers=order.doc_id,
        reference=order.reference,
        act=act,
        links=frozenset({doc_id, order.doc_id, *(line.delivery for line in lines if line.delivery)}),
        tags=frozenset({names.INVOICE}),
        extra=_frozen(master, order, customer, debtor, draft.supplied, day, rate),
    )


def _totals(master: Master, draft: Draft) -> list[TaxTotal]:
    return taxes(
        (
            (line.tax_code, master.taxes.codes[line.tax_code].rate(draft.supplied), _number(line.net))
            for line in draft.lines
        ),
        draft.order.currency,
    )


def _posted_line(line: Line, rate: Decimal | None, books_currency: str) -> Line:
    """Post a line's net as income; in foreign currency at the day's rate, with the net kept beside it."""
    net = _number(line.net)
    if rate is None:
        return line._replace(amount=-net, net=None)
    return line._replace(amount=-money.rounded(net * rate, books_currency), currency=books_currency)


def _posted_tax(master: Master, total: TaxTotal, currency: str, rate: Decimal | None) -> Tax:
    code = master.taxes.codes[total.code]
    books_currency = master.company.currency
    amount = -total.tax if rate is None else -money.rounded(total.tax * rate, books_currency)
    return Tax(
        account=code.account or master.company.accounts.sales,
        amount=amount if amount else ZERO,
        currency=currency if rate is None else books_currency,
        code=total.code,
        category=code.category,
        base=Amount(total.base, currency),
        rate=total.rate,
        reason=code.text,
        tax=None if rate is None else Amount(total.tax, currency),
    )


def _movements(
    master: Master, order: Document, debtor: Customer, doc_id: str, day: date, gross: Decimal, value: Decimal | None
) -> tuple[tuple[Movement, ...], date | None]:
    """Open one item, or one per instalment; with the value in the books' currency where that differs."""
    parts = instalments(master.term(order.terms), day, gross, order.currency)
    values = (
        money.shares(value, [part.amount for part in parts], master.company.currency) if value is not None else None
    )
    account = names.receivable(debtor.code)
    moves = tuple(
        Movement(
            account=account,
            item=doc_id if len(parts) == 1 else f"{doc_id}.{index + 1}",
            amount=part.amount,
            currency=order.currency,
            due=part.due if len(parts) > 1 else None,
            carrying=None if values is None or not part.amount else Amount(values[index], master.company.currency),
        )
        for index, part in enumerate(parts)
        if part.amount or not gross  # an instalment of nothing is none
    )
    return moves, parts[0].due if len(parts) == 1 else None


def _frozen(
    master: Master,
    order: Document,
    customer: Customer,
    debtor: Customer,
    supplied: date,
    day: date,
    rate: Decimal | None,
) -> tuple[tuple[str, Value], ...]:
    """Freeze what Art. 226 of Directive 2006/112/EC wants on the invoice and master data could change later."""
    bill_to = master.customer(customer.bill_to or debtor.code)
    ship_to = customer.ship_to_addresses.get(str(order.fact("ship-to")))
    discounts = master.term(order.terms).discount_dates(day)
    return extra(
        bill_to=f"{bill_to.legal_name}\n{bill_to.address.text()}",
        sold_to=customer.code if customer.code != debtor.code else "",
        ship_to=ship_to.text() if ship_to else str(order.fact("ship-to")),
        vat_id=next(iter(bill_to.tax_ids), ""),
        seller_vat_id=master.company.vat_id,
        supplied=supplied,
        terms_text=master.term(order.terms).text,
        discount_until=discounts[0][0] if discounts else "",
        discount_percent=discounts[0][1] if discounts else "",
        fx_rate=rate if rate is not None else "",
    )


def _number(amount: Amount | None) -> Decimal:
    assert amount is not None
    assert amount.number is not None
    return amount.number
