"""Ledger text for the tests of the process: orders, and what follows from them, in a line each."""

from __future__ import annotations

from tests.reports.entries import doc
from tests.reports.entries import moved
from tests.reports.entries import noted


def told(day: str, clock: str = "", why: str = "", by: str = "anna") -> dict[str, str]:
    """Say who, when and why."""
    return {
        "by": f'"{by}"',
        "at": f'"{day}T{clock}:00Z"' if clock else "",
        "why": f'"{why}"' if why else "",
    }


def ordered(
    number: str, day: str, quantity: int = 10, *, customer: str = "C1", currency: str = "EUR", **facts: str
) -> str:
    """Write an order of one line, 5.00 for one."""
    postings = (
        f"Equity:Orders  0.00 {currency};  line: 1;  qty: {quantity};  unit-price: 5.00 {currency};"
        f'  net: {quantity * 5}.00 {currency};  sku: "A1"'
    )
    return doc("order", number, day, postings, customer=customer, currency=currency, **facts)


def confirmed(number: str, day: str, *, customer: str = "C1", **facts: str) -> str:
    """Write the confirmation of an order."""
    return noted("order-confirmed", day, number, customer, **{k: v for k, v in facts.items() if v})


def delivered(number: str, day: str, order: str, quantity: int = 10, kind: str = "delivery", **facts: str) -> str:
    """Write a delivery (or return) of the first line of an order."""
    postings = f'Equity:Orders  0.00 EUR;  line: 1;  qty: {quantity};  order: "{order}";  order-line: 1'
    return doc(kind, number, day, postings, **{"refers": f'"{order}"', **facts})


def invoiced(
    number: str,
    day: str,
    *orders: str,
    gross: str = "50.00",
    delivery: str = "",
    customer: str = "C1",
    currency: str = "EUR",
    **facts: str,
) -> str:
    """Write an invoice over the first lines of orders."""
    names = orders or ("",)
    lines = ";".join(
        f"Income:Sales  {'-' + gross if at == 0 else '0.00'} {currency};  line: {at + 1};  qty: 10"
        + (f';  order: "{order}";  order-line: 1' if order else "")
        + (f';  delivery: "{delivery}"' if delivery else "")
        for at, order in enumerate(names)
    )
    body = f"{moved(number, gross, customer, currency)};{lines}"
    return doc("invoice", number, day, body, customer=customer, currency=currency, **facts)
