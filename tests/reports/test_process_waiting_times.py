"""Waiting times: from which entry to which, and what waits today."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports import waiting_times
from tests.reports.entries import bounced
from tests.reports.entries import credited
from tests.reports.entries import noted
from tests.reports.entries import paid
from tests.reports.entries import written_off
from tests.reports.flow import confirmed
from tests.reports.flow import delivered
from tests.reports.flow import invoiced
from tests.reports.flow import ordered

if TYPE_CHECKING:
    from o2c.reports.table import Row
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
CHAIN = (
    ordered("SO-1", "2026-01-05")
    + confirmed("SO-1", "2026-01-06")
    + delivered("DN-1", "2026-01-09", "SO-1")
    + invoiced("INV-1", "2026-01-14", "SO-1", delivery="DN-1")
    + noted("sent", "2026-01-15", "INV-1")
    + paid("RC-1", "2026-02-05", "50.00", "INV-1")
)


def steps(books: Make, text: str, day: date = DAY, **options: object) -> dict[str, Row]:
    table = waiting_times.report(books(text), day, **options)  # type: ignore[arg-type]  # options of all kinds
    return {str(row["step"]): row for row in table.rows}


def test_each_step_takes_the_days_between_its_entries(books: Make) -> None:
    found = steps(books, CHAIN)
    assert {name: (row["done"], row["longest_days"], row["longest"]) for name, row in found.items()} == {
        "order-to-confirmation": (1, 1, "SO-1"),
        "confirmation-to-delivery": (1, 3, "SO-1"),
        "delivery-to-invoice": (1, 5, "DN-1"),
        "invoice-to-sending": (1, 1, "INV-1"),
        "sending-to-payment": (1, 21, "INV-1"),
        "invoice-to-payment": (1, 22, "INV-1"),
        "order-to-invoice": (1, 9, "SO-1"),
        "order-to-payment": (1, 31, "SO-1"),
    }
    assert not any(row["waiting"] for row in found.values())


def test_what_has_not_happened_by_the_day_waits(books: Make) -> None:
    found = steps(books, CHAIN, date(2026, 1, 12))
    waiting = {name: (row["waiting_days"], row["waits_longest"]) for name, row in found.items() if row["waiting"]}
    assert waiting == {
        "delivery-to-invoice": (3, "DN-1"),
        "order-to-invoice": (7, "SO-1"),
        "order-to-payment": (7, "SO-1"),
    }


def test_median_and_nine_of_ten_are_of_the_days_themselves(books: Make) -> None:
    text = "".join(
        invoiced(f"INV-{n}", "2026-01-01") + paid(f"RC-{n}", f"2026-01-{1 + n:02d}", "50.00", f"INV-{n}")
        for n in range(1, 11)
    )
    row = steps(books, text)["invoice-to-payment"]
    assert (row["done"], row["median_days"], row["p90_days"], row["longest_days"]) == (10, Decimal("5.5"), 9, 10)
    assert row["longest"] == "INV-10"


def test_an_invoice_is_paid_on_the_day_that_leaves_nothing_open(books: Make) -> None:
    text = invoiced("INV-1", "2026-01-01") + paid("RC-1", "2026-01-11", "20.00", "INV-1")
    assert steps(books, text)["invoice-to-payment"]["waiting"] == 1
    text += paid("RC-2", "2026-01-21", "30.00", "INV-1")
    assert steps(books, text)["invoice-to-payment"]["longest_days"] == 20
    text += bounced("RV-1", "2026-02-21", "30.00", "RC-2", "INV-1")
    assert steps(books, text)["invoice-to-payment"]["done"] == 0
    assert steps(books, text)["invoice-to-payment"]["waiting_days"] == 180


def test_what_was_only_credited_or_written_off_neither_waits_nor_counts_as_paid(books: Make) -> None:
    text = invoiced("INV-1", "2026-01-01") + credited("CN-1", "2026-01-02", "50.00", "INV-1")
    text += invoiced("INV-2", "2026-01-01") + written_off("WO-1", "2026-03-02", "50.00", "INV-2")
    assert steps(books, text) == {}


def test_what_an_entry_by_hand_without_a_number_settled_does_not_wait(books: Make) -> None:
    by_hand = (
        '\n2026-02-01 * "Bank" "by hand"\n  Assets:Bank  50.00 EUR\n  Assets:AR:C1  -50.00 EUR\n    item: "INV-1"\n'
    )
    text = invoiced("INV-1", "2026-01-01") + by_hand
    assert steps(books, text) == {}
    assert steps(books, text, date(2026, 1, 31))["invoice-to-payment"]["waiting"] == 1


def test_cancelled_orders_and_goods_that_came_back_wait_for_nothing(books: Make) -> None:
    text = ordered("SO-1", "2026-01-05") + noted("order-cancelled", "2026-01-06", "SO-1")
    text += ordered("SO-2", "2026-01-05") + confirmed("SO-2", "2026-01-05") + delivered("DN-2", "2026-01-06", "SO-2")
    text += delivered("RT-2", "2026-01-08", "SO-2", kind="return", refers='"DN-2"')
    text += noted("order-cancelled", "2026-01-09", "SO-2")
    found = steps(books, text)
    assert set(found) == {"order-to-confirmation", "confirmation-to-delivery"}
    assert not any(row["waiting"] for row in found.values())


def test_a_delivery_waits_for_the_invoice_that_names_it(books: Make) -> None:
    text = ordered("SO-1", "2026-01-01")
    text += delivered("DN-1", "2026-01-02", "SO-1", 4) + delivered("DN-2", "2026-01-03", "SO-1", 6)
    text += invoiced("INV-2", "2026-01-10", "SO-1", delivery="DN-2")
    row = steps(books, text)["delivery-to-invoice"]
    assert (row["done"], row["longest"], row["waiting"], row["waits_longest"]) == (1, "DN-2", 1, "DN-1")


def test_the_invoice_of_two_orders_counts_once(books: Make) -> None:
    text = (
        ordered("SO-1", "2026-01-05") + ordered("SO-2", "2026-01-06") + invoiced("INV-1", "2026-01-09", "SO-1", "SO-2")
    )
    found = steps(books, text)
    assert (found["invoice-to-payment"]["waiting"], found["order-to-invoice"]["done"]) == (1, 2)


def test_a_period_chooses_what_ended_in_it(books: Make) -> None:
    found = steps(books, CHAIN, since=date(2026, 1, 14))
    assert {name for name, row in found.items() if row["done"]} == {
        "delivery-to-invoice",
        "invoice-to-sending",
        "sending-to-payment",
        "invoice-to-payment",
        "order-to-invoice",
        "order-to-payment",
    }
