"""Orders: taken in, completed, amended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import names
from o2c.model import progress
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.progress import Progress
from o2c.sales.completeness import missing
from o2c.sales.order_decisions import noted
from o2c.sales.totals import line_net

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.master import Customer
    from o2c.master import Master
    from o2c.model.documents import Act
    from o2c.model.numbering import Numbers
    from o2c.sales.requests import LineRequest
    from o2c.sales.requests import OrderRequest


def take_in(books: Books, act: Act, day: date, requests: Sequence[OrderRequest]) -> list[Document]:
    """Make an order of each request; one that was taken in before, by its own number, is left out.

    Orders are drafts until confirmed. Raises BadInput with every fault: unknown customer or product, a number used
    twice with other content.
    """
    known = {
        (doc.customer, str(doc.fact("external"))): doc
        for doc in books.facts.documents(names.ORDER)
        if doc.fact("external")
    }
    draw = books.numbers()
    faults: list[str] = []
    made: list[Document] = []
    for request in requests:
        try:
            order = _order(books.master, act, request.date or day, request)
            before = known.get((order.customer, request.number)) if request.number else None
            if before is None:
                made.append(_numbered(order, draw))
                known[order.customer, request.number] = made[-1]
            elif not _same(before, order, books):
                faults.append(
                    f"{request.place}: {request.number} of {order.customer} is in the books as {before.doc_id} "
                    f"with other content; use `o2c order amend {before.doc_id}` to change it",
                )
        except BadInput as error:
            faults += error.faults
        except NotFound as error:
            faults.append(f"{request.place}: {error}")
    if faults:
        raise BadInput(faults)
    return made


def outside_name(request: OrderRequest) -> str:
    """Name an order by its customer and the number it has outside, as the books can look it up."""
    return f"{request.customer}/{request.number}" if request.number else ""


def amend(books: Books, act: Act, day: date, doc_id: str, request: OrderRequest) -> list[Document]:
    """Give an order a new version; what was delivered or invoiced must stay in it. It must be confirmed again."""
    order = books.facts.document(doc_id, names.ORDER)
    if progress.state(order, books.facts.events[doc_id]) == progress.CANCELLED:
        raise Refused(f"{doc_id} is cancelled; take in a new order")
    if request.customer != order.customer:
        raise Refused(f"{request.place}: {doc_id} is an order of {order.customer}, not of {request.customer}")
    changed = _order(books.master, act, max(day, order.date), request)
    if request.number and str(order.fact("external")) not in {"", request.number}:
        raise Refused(f"{request.place}: {doc_id} is {order.fact('external')}, not {request.number}")
    _keep_what_happened(books, doc_id, changed)
    if _content(changed) == _content(order):
        return []
    return [_named(changed._replace(version=order.version + 1), doc_id)]


def _keep_what_happened(books: Books, doc_id: str, changed: Document) -> None:
    done = Progress(books.facts)
    kept = {line.number: line for line in changed.lines}
    old = {line.number: line for line in books.facts.document(doc_id).lines}
    for number, line in old.items():
        happened = max(done.delivered[doc_id, number], done.invoiced[doc_id, number])
        new = kept.get(number)
        if happened and (new is None or new.sku != line.sku or new.quantity < happened):
            raise Refused(
                f"line {number} of {doc_id}: {happened:f} {line.sku} are delivered or invoiced; keep at least these"
            )


def _order(master: Master, act: Act, day: date, request: OrderRequest) -> Document:
    customer = master.customer(request.customer)
    currency = request.currency or customer.currency
    lines = []
    faults = []
    for number, line in enumerate(request.lines, 1):
        try:
            lines.append(_line(master, customer, day, request, currency, number, line))
        except (NotFound, Refused) as error:
            faults += [f"{line.place}: {text}" for text in str(error).splitlines()]
    if request.terms:
        master.term(request.terms)
    if request.price_list and request.price_list not in master.prices.currencies:
        faults.append(f"{request.place}: there is no price list {shown(request.price_list)}; add it to prices.yaml")
    if request.ship_to and request.ship_to not in {*customer.ship_to_addresses, *master.customers}:
        said = f"{customer.code} has no delivery address {shown(request.ship_to)}, and no customer has this code"
        faults.append(f"{request.place}: {said}")
    if faults:
        raise BadInput(faults)
    return Document(
        doc_type=names.ORDER,
        doc_id="",
        date=day,
        customer=customer.code,
        currency=currency,
        payee=customer.name,
        narration="",
        lines=tuple(lines),
        terms=request.terms or customer.terms,
        reference=request.reference,
        act=act,
        tags=frozenset({names.ORDER}),
        extra=extra(
            external=request.number,
            invoicing=request.invoicing,
            ship_to=request.ship_to or customer.ship_to,
            price_list=request.price_list,
            requested_date=request.requested_date or "",
        ),
    )


def _line(
    master: Master, customer: Customer, day: date, request: OrderRequest, currency: str, number: int, line: LineRequest
) -> Line:
    product = master.product(line.sku)
    agreed = master.prices.price(request.price_list or customer.price_list, line.sku, currency, day, line.quantity)
    price = Amount(line.price, currency) if line.price is not None else agreed
    net = line_net(line.quantity, price.number or ZERO, line.discount, currency) if price else ZERO
    region = customer.tax_region(master.company, day, product.kind)
    tax = master.taxes.code_for(product.tax_class, region, product.kind)
    return Line(
        number=number,
        account=master.company.accounts.orders,
        amount=ZERO,
        currency=master.company.currency,
        sku=line.sku,
        text=line.text or product.name,
        quantity=line.quantity,
        unit=product.unit,
        price=price,
        discount=line.discount,
        tax_code=tax.code,
        net=Amount(net, currency),
        extra=extra(
            list_price=agreed if agreed is not None and agreed != price else "",
            promised=line.promised or "",
            tax_rate=tax.rate(day),
        ),
    )


def _numbered(order: Document, draw: Numbers) -> Document:
    return _named(order, draw.draw(names.ORDER, order.date))


def _named(order: Document, doc_id: str) -> Document:
    return order._replace(doc_id=doc_id, narration=f"Order {doc_id}", links=frozenset({doc_id}))


def _same(before: Document, order: Document, books: Books) -> bool:
    """Compare with every version: a file imported again after an amendment is still the order it was."""
    return any(_content(order) == _content(version) for version in books.facts.versions[before.doc_id])


def _content(order: Document) -> tuple[object, ...]:
    """Give what the customer asked for, without what our price lists and tax rules made of it."""
    lines = tuple((line.sku, line.quantity, line.discount, line.text, str(line.price)) for line in order.lines)
    return (order.customer, order.currency, order.reference, order.terms, lines)


def total(lines: Iterable[Line]) -> Decimal:
    """Sum the nets of order lines, in the order's currency."""
    return sum(((line.net.number or ZERO) for line in lines if line.net), ZERO)


def take_in_and_confirm(
    books: Books, act: Act, day: date, requests: Sequence[OrderRequest], *, confirm_them: bool
) -> list[Document | Event]:
    """Take in orders, and confirm them at once where that is asked for: all of them, or none is taken in."""
    made = take_in(books, act, day, requests)
    if not confirm_them:
        return list(made)
    faults = [f"{order.fact('external') or order.doc_id}: {what}" for order in made for what in missing(books, order)]
    if faults:
        raise BadInput(faults)
    return [*made, *(noted("order-confirmed", order, act, max(day, order.date)) for order in made)]
