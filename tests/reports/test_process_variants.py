"""The paths of orders: which steps belong to which order, in which order, and what does not change afterwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.reports import variants
from tests.reports.entries import allocated
from tests.reports.entries import credited
from tests.reports.entries import doc
from tests.reports.entries import noted
from tests.reports.entries import paid
from tests.reports.flow import confirmed
from tests.reports.flow import delivered
from tests.reports.flow import invoiced
from tests.reports.flow import ordered
from tests.reports.flow import told

if TYPE_CHECKING:
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
STRAIGHT = (
    ordered("SO-1", "2026-01-05")
    + confirmed("SO-1", "2026-01-05")
    + delivered("DN-1", "2026-01-08", "SO-1")
    + invoiced("INV-1", "2026-01-09", "SO-1", delivery="DN-1")
    + paid("RC-1", "2026-02-05", "50.00", "INV-1")
)


def paths(books: Make, text: str, day: date = DAY, **options: object) -> dict[str, tuple[int, str]]:
    table = variants.report(books(text), day, **options)  # type: ignore[arg-type]  # options of all kinds
    return {str(row["path"]): (int(str(row["cases"])), str(row["example"])) for row in table.rows}


def test_a_straight_order_goes_from_order_to_money(books: Make) -> None:
    [row] = variants.report(books(STRAIGHT), DAY).rows
    assert row == {
        "variant": "EUR-001",
        "currency": "EUR",
        "path": "order-created > order-confirmed > delivered > invoiced > paid",
        "steps": 5,
        "cases": 1,
        "share": Decimal("100.00"),
        "median_days": Decimal("31.0"),
        "net": Decimal("50.00"),
        "example": "SO-1",
    }


def test_what_comes_later_does_not_change_the_path_of_that_day(books: Make) -> None:
    assert paths(books, STRAIGHT, date(2026, 1, 8)) == {"order-created > order-confirmed > delivered": (1, "SO-1")}


def test_an_invoice_without_an_order_is_a_case_of_its_own(books: Make) -> None:
    text = STRAIGHT + invoiced("INV-2", "2026-03-01") + paid("RC-2", "2026-03-05", "50.00", "INV-2")
    assert paths(books, text)["invoiced > paid"] == (1, "INV-2")


def test_a_step_that_comes_twice_in_a_row_is_counted(books: Make) -> None:
    text = (
        ordered("SO-1", "2026-01-05")
        + delivered("DN-1", "2026-01-08", "SO-1", 4)
        + delivered("DN-2", "2026-01-09", "SO-1", 6)
    )
    assert paths(books, text) == {"order-created > delivered x2": (1, "SO-1")}


def test_an_invoice_over_two_orders_and_its_payment_belong_to_both(books: Make) -> None:
    text = (
        ordered("SO-1", "2026-01-05")
        + ordered("SO-2", "2026-01-06")
        + invoiced("INV-1", "2026-01-09", "SO-1", "SO-2")
        + paid("RC-1", "2026-02-05", "50.00", "INV-1")
    )
    assert paths(books, text) == {"order-created > invoiced > paid": (2, "SO-2")}


def test_instalments_credit_notes_and_reversals_find_their_order(books: Make) -> None:
    instalments = (
        'Assets:AR:C1  30.00 EUR;  item: "INV-1.1";  due: 2026-02-01;'
        'Assets:AR:C1  20.00 EUR;  item: "INV-1.2";  due: 2026-03-01;'
        'Income:Sales  -50.00 EUR;  line: 1;  qty: 10;  order: "SO-1";  order-line: 1'
    )
    text = (
        ordered("SO-1", "2026-01-05")
        + doc("invoice", "INV-1", "2026-01-09", instalments)
        + paid("RC-1", "2026-02-05", "30.00", "INV-1.1")
        + doc(
            "reversal", "RV-1", "2026-02-09", 'Assets:Bank  -30.00 EUR;Assets:AR:C1  30.00 EUR;  item: "INV-1.1"',
            refers='"RC-1"', reverses='"receipt"',
        )
        + doc(
            "credit-note", "CN-1", "2026-02-10", 'Assets:AR:C1  -20.00 EUR;  item: "INV-1.2";Income:Sales  20.00 EUR',
            refers='"INV-1"',
        )
        + noted("dispute-opened", "2026-02-08", "INV-1.1")
    )  # fmt: skip
    [path] = paths(books, text)
    assert path == "order-created > invoiced > paid > dispute-opened > receipt-reversed > credited"


def test_money_on_account_belongs_to_an_order_when_it_is_used_for_it(books: Make) -> None:
    text = (
        paid("RC-1", "2026-01-01", "50.00")
        + ordered("SO-1", "2026-01-05")
        + invoiced("INV-1", "2026-01-09", "SO-1")
        + allocated("AL-1", "2026-01-10", "50.00", "RC-1", "INV-1")
    )
    assert paths(books, text) == {"order-created > invoiced > allocated": (1, "SO-1")}


def test_steps_of_a_day_go_by_their_moments_and_without_them_by_the_usual_order(books: Make) -> None:
    held = noted("order-held", "2026-01-05", "SO-1", at='"2026-01-05T09:00:00Z"')
    text = (
        delivered("DN-1", "2026-01-05", "SO-1", at='"2026-01-05T08:00:00Z"')
        + held
        + ordered("SO-1", "2026-01-05", **told("2026-01-05", "07:00"))
        + invoiced("INV-2", "2026-01-06")
        + credited("CN-2", "2026-01-06", "50.00", "INV-2")
    )
    assert set(paths(books, text)) == {"order-created > delivered > order-held", "invoiced > credited"}


def test_an_amended_order_counts_with_what_was_agreed_last(books: Make) -> None:
    text = ordered("SO-1", "2026-01-05") + ordered("SO-1", "2026-01-07", 12, version="2")
    [row] = variants.report(books(text), DAY).rows
    assert (row["path"], row["net"]) == ("order-created > order-amended", Decimal("60.00"))
    [before] = variants.report(books(text), date(2026, 1, 6)).rows
    assert (before["path"], before["net"]) == ("order-created", Decimal("50.00"))


def test_currencies_are_counted_apart_and_shares_are_of_their_own_currency(books: Make) -> None:
    text = STRAIGHT + ordered("SO-2", "2026-01-05") + ordered("SO-3", "2026-01-05", currency="USD")
    table = variants.report(books(text), DAY)
    assert [(row["variant"], row["share"]) for row in table.rows] == [
        ("EUR-001", Decimal("50.00")),
        ("EUR-002", Decimal("50.00")),
        ("USD-001", Decimal("100.00")),
    ]
    assert table.totals == (
        {"currency": "EUR", "net": Decimal("100.00")},
        {"currency": "USD", "net": Decimal("50.00")},
    )
    assert set(paths(books, text, currency="USD")) == {"order-created"}


def test_a_period_chooses_cases_by_the_day_they_began(books: Make) -> None:
    text = STRAIGHT + ordered("SO-2", "2026-03-01")
    assert paths(books, text, since=date(2026, 2, 1)) == {"order-created": (1, "SO-2")}
    assert "begun from 2026-02-01 on" in variants.report(books(text), DAY, since=date(2026, 2, 1)).basis


@pytest.mark.parametrize(("customer", "count"), [("C1", 1), ("C2", 2)])
def test_a_customer_has_his_own_cases(books: Make, customer: str, count: int) -> None:
    text = STRAIGHT + "".join(ordered(f"SO-{n}", "2026-01-05", customer="C2") for n in (8, 9))
    text += invoiced("INV-9", "2026-02-01", "SO-9", customer="C2") + invoiced("INV-8", "2026-02-01", customer="C1")
    found = variants.report(books(text), DAY, customer=customer).rows
    assert sum(int(str(row["cases"])) for row in found) == count + (customer == "C1")
