"""What an order still lacks before it may be confirmed, delivered and invoiced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.sales.totals import HUNDRED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from o2c.master import Customer
    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.documents import Line

_NO_SALE = {"blocked": "is blocked", "closed": "is closed", "prospect": "is only a prospect"}


def missing(books: Books, order: Document, *, accept_prices: bool = False) -> list[str]:
    """List what an order lacks, each with what to do; empty when it may be confirmed."""
    customer = books.master.customer(order.customer)
    return [
        *_customer(books.master, customer, order),
        *_fields(books.master, customer, order),
        *(fault for line in order.lines for fault in _line(books.master, order, line, accept_prices=accept_prices)),
    ]


def _customer(master: Master, customer: Customer, order: Document) -> Iterator[str]:
    if customer.status in _NO_SALE:
        yield f"customer {customer.code} {_NO_SALE[customer.status]}; change its status first"
    bill_to = master.customer(customer.bill_to or customer.code)
    if not bill_to.address.country or not bill_to.address.city:
        yield f"customer {bill_to.code} has no full address; add it to master/customers.yaml"
    for line in order.lines:
        if master.taxes.codes[line.tax_code].category in {"AE", "K"} and not customer.tax_ids:
            yield f"customer {customer.code} has no VAT id, which {line.tax_code} needs; add it under tax_ids"
            return


def _fields(master: Master, customer: Customer, order: Document) -> Iterator[str]:
    if customer.po_required and not order.reference:
        yield f"customer {customer.code} wants its order number; amend the order with `reference`"
    if not order.terms:
        yield f"there are no payment terms; give customer {customer.code} terms"
    for name in master.policies.required_order_fields:
        if not (order.reference if name in {"reference", "customer_reference"} else order.fact(name.replace("_", "-"))):
            yield f"{name} is missing, which policies.yaml requires; amend the order"


def _line(master: Master, order: Document, line: Line, *, accept_prices: bool) -> Iterator[str]:
    if line.price is None:
        yield f"line {line.number}: {_no_price(master, order, line)}"
        return
    agreed = dict(line.extra).get("list-price")
    if agreed is None or accept_prices:
        return
    price, listed = line.price.number or ZERO, getattr(agreed, "number", ZERO)
    tolerance = listed * master.policies.price_tolerance / HUNDRED
    if abs(price - listed) > tolerance:
        yield (
            f"line {line.number}: {line.sku} at {line.price} differs from the list, {agreed}, by more than "
            f"{master.policies.price_tolerance} %; correct it, or confirm with --accept-prices and --why"
        )


def _no_price(master: Master, order: Document, line: Line) -> str:
    """Say in which list no price was found, whose it is, and where to add one."""
    code, prices = order.customer, master.prices
    name = str(order.fact("price-list")) or master.customer(code).price_list
    remedy = "or amend the order with a price"
    if name not in prices.currencies:
        return (
            f"{line.sku} has no price, as customer {code} has no price list; "
            f"give {code} a price_list in master/customers.yaml, {remedy}"
        )
    if prices.currencies[name] != order.currency:
        return (
            f"{line.sku} has no price in {order.currency}: the price list {name} of customer {code} is in "
            f"{prices.currencies[name]}; name a list in {order.currency}, {remedy}"
        )
    such = f" for {line.quantity:f} on {order.date}" if prices.rows.get((name, line.sku)) else ""
    return (
        f"{line.sku} has no price{such} in the price list {name} of customer {code}; "
        f"add one under {name} in master/prices.yaml, {remedy}"
    )
