"""Backlog and unbilled: what is open of each order line, and its value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports import backlog
from o2c.reports import unbilled
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.reports.table import Row
    from o2c.reports.table import Table
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
TEN = 'Equity:Orders  0.00 EUR;  line: 1;  sku: "NL-1";  qty: 10;  unit-price: 3.33 EUR;  net: 33.33 EUR;  tax-rate: 19'


def order(number: int, *, lines: str = TEN, day: str = "2026-06-01", customer: str = "C1", **facts: str) -> str:
    return entries.doc("order", f"SO-{number}", day, lines, customer=customer, **facts)


def confirmed(number: int, customer: str = "C1") -> str:
    return entries.noted("order-confirmed", "2026-06-01", f"SO-{number}", customer, version="1")


def delivered(number: int, quantity: int, day: str = "2026-06-10") -> str:
    line = f'Equity:Orders  0.00 EUR;  line: 1;  qty: {quantity};  order: "SO-{number}";  order-line: 1'
    return entries.doc("delivery", f"DN-{number}-{quantity}", day, line, refers=f'"SO-{number}"')


def invoiced(number: int, quantity: int) -> str:
    item = f"INV-{number}-{quantity}"
    line = f'Income:Sales  -{quantity}.00 EUR;  line: 1;  qty: {quantity};  order: "SO-{number}";  order-line: 1'
    return entries.doc("invoice", item, "2026-06-20", f"{entries.moved(item, f'{quantity}.00')};{line}")


def only(table: Table) -> Row:
    (row,) = table.rows
    return row


def test_what_is_open_is_ordered_less_the_greater_of_delivered_and_invoiced(books: Make) -> None:
    text = order(1, requested_date="2026-06-20") + confirmed(1) + delivered(1, 4) + invoiced(1, 3)
    row = only(backlog.report(books(text), DAY))
    assert [row[name] for name in ("ordered", "delivered", "invoiced", "open")] == [10, 4, 3, 6]
    assert (row["net"], row["gross"]) == (Decimal("20.00"), Decimal("23.80"))  # 6/10 of 33.33, and 19 % on that
    assert (row["promised"], row["days_late"]) == (date(2026, 6, 20), 10)
    assert only(backlog.report(books(text), date(2026, 6, 9)))["open"] == 10
    assert only(backlog.report(books(text), date(2026, 6, 9)))["days_late"] == ""


def test_only_confirmed_orders_are_backlog(books: Make) -> None:
    held = entries.noted("order-held", "2026-06-02", "SO-2", version="1")
    cancelled = entries.noted("order-cancelled", "2026-06-02", "SO-3", version="1")
    text = order(1) + order(2) + confirmed(2) + held + order(3) + confirmed(3) + cancelled + order(4) + confirmed(4)
    assert [row["order"] for row in backlog.report(books(text), DAY).rows] == ["SO-4"]
    assert [row["order"] for row in backlog.report(books(text), date(2026, 6, 1)).rows] == ["SO-2", "SO-3", "SO-4"]


def test_what_is_delivered_and_not_invoiced_has_its_value(books: Make) -> None:
    text = order(1) + confirmed(1) + delivered(1, 4) + delivered(1, 2, "2026-06-14") + invoiced(1, 3)
    row = only(unbilled.report(books(text), DAY))
    assert [row[name] for name in ("delivered", "invoiced", "unbilled")] == [6, 3, 3]
    assert (row["net"], row["gross"]) == (Decimal("10.00"), Decimal("11.90"))
    assert (row["deliveries"], row["delivered_on"], row["days"]) == ("DN-1-4, DN-1-2", date(2026, 6, 14), 16)
    assert unbilled.report(books(text), DAY).totals == ({"currency": "EUR", "net": 10, "gross": Decimal("11.90")},)


def test_what_is_invoiced_before_its_delivery_is_not_unbilled(books: Make) -> None:
    assert unbilled.report(books(order(1) + confirmed(1) + invoiced(1, 3)), DAY).rows == ()


def test_what_a_cancelled_order_handed_over_still_waits_for_its_invoice(books: Make) -> None:
    cancelled = entries.noted("order-cancelled", "2026-06-12", "SO-1", version="1")
    row = only(unbilled.report(books(order(1) + confirmed(1) + delivered(1, 4) + cancelled), DAY))
    assert (row["unbilled"], row["state"]) == (4, "cancelled")


def test_a_customer_or_currency_selects_lines(books: Make) -> None:
    made = books(order(1) + confirmed(1) + order(2, customer="C2") + confirmed(2, "C2"))
    assert [row["order"] for row in backlog.report(made, DAY, currency="EUR").rows] == ["SO-1", "SO-2"]
    assert backlog.report(made, DAY, currency="USD").rows == ()
