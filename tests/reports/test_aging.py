"""Aging: buckets, credits, entries by hand, and figures that never change afterwards."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.errors import BooksBroken
from o2c.errors import WrongUsage
from o2c.model.names import is_item_account
from o2c.reports import aging

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.reports.table import Row
    from o2c.reports.table import Table

    Make = Callable[[str], Books]

DAY = date(2026, 6, 30)


def invoice(number: int, amount: str, day: date, due: date, customer: str = "C1", currency: str = "EUR") -> str:
    return f"""
{day} * "Customer {customer}" "Invoice"
  doc-type: "invoice"
  doc-id: "INV-{number}"
  customer: "{customer}"
  currency: "{currency}"
  due: {due}
  Assets:AR:{customer}   {amount} {currency}
    item: "INV-{number}"
  Income:Sales  {-Decimal(amount)} {currency}
"""


def receipt(number: int, amount: str, day: date, item: str = "", customer: str = "C1", currency: str = "EUR") -> str:
    account = f"Assets:AR:{customer}" if item else f"Liabilities:Customer-Deposits:{customer}"
    return f"""
{day} * "Customer {customer}" "Receipt"
  doc-type: "receipt"
  doc-id: "RC-{number}"
  customer: "{customer}"
  currency: "{currency}"
  Assets:Bank  {amount} {currency}
  {account}  {-Decimal(amount)} {currency}
    item: "{item or f"RC-{number}"}"
"""


def only(table: Table) -> Row:
    assert len(table.rows) == 1
    return table.rows[0]


def filled(row: Row) -> dict[str, object]:
    return {part: row[part] for part in (*aging.PARTS, "total") if row[part]}


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-5, "current"),
        (0, "current"),
        (1, "d1_30"),
        (30, "d1_30"),
        (31, "d31_60"),
        (60, "d31_60"),
        (61, "d61_90"),
        (90, "d61_90"),
        (91, "d91_plus"),
        (4000, "d91_plus"),
    ],
)
def test_the_days_past_due_choose_the_bucket(books: Make, days: int, bucket: str) -> None:
    due = DAY - timedelta(days=days)
    table = aging.report(books(invoice(1, "100.00", due - timedelta(days=30), due)), DAY)
    assert filled(only(table)) == {bucket: Decimal("100.00"), "total": Decimal("100.00")}


def test_by_invoice_date_the_days_count_from_the_document(books: Make) -> None:
    made = books(invoice(1, "100.00", date(2026, 5, 30), date(2026, 7, 30)))
    assert filled(only(aging.report(made, DAY, basis="invoice"))) == {"d31_60": 100, "total": 100}
    assert filled(only(aging.report(made, DAY))) == {"current": 100, "total": 100}
    assert aging.report(made, DAY, basis="invoice").basis.startswith("invoice date")


def test_the_invoice_of_the_definitions_ages_day_by_day_as_they_say(books: Make) -> None:
    made = books(
        invoice(1, "1000.00", date(2026, 4, 30), date(2026, 5, 30))
        + receipt(1, "400.00", date(2026, 6, 10), "INV-1")
        + receipt(2, "600.00", date(2026, 6, 30), "INV-1"),
    )
    for day, open_ in [(date(2026, 5, 31), 1000), (date(2026, 6, 15), 600), (date(2026, 6, 29), 600)]:
        assert filled(only(aging.report(made, day))) == {"d1_30": open_, "total": open_}
    assert aging.report(made, date(2026, 6, 30)).rows == ()


def test_money_on_account_stands_apart_and_is_in_the_total(books: Make) -> None:
    text = invoice(1, "100.00", date(2026, 6, 1), date(2026, 6, 15)) + receipt(1, "130.00", date(2026, 6, 20))
    assert filled(only(aging.report(books(text), DAY))) == {
        "d1_30": Decimal("100.00"),
        "unapplied": Decimal("-130.00"),
        "total": Decimal("-30.00"),
    }


def test_what_cancels_out_is_still_shown(books: Make) -> None:
    text = invoice(1, "100.00", date(2026, 6, 1), date(2026, 6, 15)) + receipt(1, "100.00", date(2026, 6, 20))
    row = only(aging.report(books(text), DAY))
    assert (row["d1_30"], row["unapplied"], row["total"]) == (100, -100, 0)


def test_each_currency_has_its_own_row_and_total(books: Make) -> None:
    text = (
        invoice(1, "100.00", date(2026, 6, 1), date(2026, 6, 15))
        + invoice(2, "70.00", date(2026, 6, 1), date(2026, 6, 15), currency="USD")
        + invoice(3, "5.00", date(2026, 6, 1), date(2026, 7, 15), customer="C2")
    )
    table = aging.report(books(text), DAY)
    assert [(row["customer"], row["currency"], row["total"]) for row in table.rows] == [
        ("C1", "EUR", 100),
        ("C1", "USD", 70),
        ("C2", "EUR", 5),
    ]
    assert [(row["currency"], row["total"]) for row in table.totals] == [("EUR", 105), ("USD", 70)]
    assert [row["customer"] for row in aging.report(books(text), DAY, customer="C2").rows] == ["C2"]
    assert [row["currency"] for row in aging.report(books(text), DAY, currency="USD").rows] == ["USD"]


def test_entries_by_hand_without_number_or_item_are_in_the_total(books: Make) -> None:
    """An accountant may forget `item:`; the amount must not get lost."""
    made = books("""
        2026-05-01 * "Customer C1" "by hand"
          Assets:AR:C1    50.00 EUR
          Income:Sales   -50.00 EUR
        2026-06-01 * "Customer C1" "by hand, with an item"
          Assets:AR:C1    20.00 EUR
            item: "X-1"
            due: 2026-07-15
          Income:Sales   -20.00 EUR
        """)
    assert filled(only(aging.report(made, DAY))) == {"current": 20, "d31_60": 50, "total": 70}


def test_the_name_is_that_of_the_document_where_master_data_have_none(books: Make) -> None:
    text = invoice(1, "100.00", date(2026, 6, 1), date(2026, 6, 15))
    by_hand = '2026-06-01 * "by hand"\n  Assets:AR:C9  1.00 EUR\n    item: "X"\n  Income:Sales  -1.00 EUR\n'
    assert [row["name"] for row in aging.report(books(text + by_hand), DAY).rows] == ["Customer C1", "C9"]


def test_an_unknown_basis_is_wrong_usage(books: Make) -> None:
    with pytest.raises(WrongUsage, match="due, invoice"):
        aging.report(books(""), DAY, basis="posting")


def test_a_customer_without_movements_is_looked_up_in_the_master_data(books: Make) -> None:
    with pytest.raises(BooksBroken):
        aging.report(books(""), DAY, customer="C404")


_START = date(2026, 1, 1)
_CENTS = st.integers(min_value=1, max_value=10**7).map(lambda cents: str(Decimal(cents).scaleb(-2)))
_OFFSETS = st.integers(min_value=0, max_value=200)
_INVOICES = st.tuples(_CENTS, _OFFSETS, st.integers(min_value=0, max_value=90), st.sampled_from(["C1", "C2"]))
_RECEIPTS = st.tuples(_CENTS, _OFFSETS, st.integers(min_value=0, max_value=7), st.booleans())


def _ledger(invoices: list[tuple[str, int, int, str]], receipts: list[tuple[str, int, int, bool]]) -> str:
    text = ""
    for number, (amount, offset, terms, customer) in enumerate(invoices):
        day = _START + timedelta(days=offset)
        text += invoice(number, amount, day, day + timedelta(days=terms), customer)
    for number, (amount, offset, target, on_account) in enumerate(receipts):
        customer = invoices[target % len(invoices)][3]
        item = "" if on_account else f"INV-{target % len(invoices)}"
        text += receipt(number, amount, _START + timedelta(days=offset), item, customer)
    return text


@given(
    st.lists(_INVOICES, min_size=1, max_size=8),
    st.lists(_RECEIPTS, max_size=8),
    _OFFSETS,
    st.sampled_from(["due", "invoice"]),
)
def test_buckets_and_unapplied_sum_to_the_control_account_on_any_day(
    books: Make,
    invoices: list[tuple[str, int, int, str]],
    receipts: list[tuple[str, int, int, bool]],
    offset: int,
    basis: str,
) -> None:
    made = books(_ledger(invoices, receipts))
    day = _START + timedelta(days=offset)
    control = {"C1": Decimal(0), "C2": Decimal(0)}
    for entry in made.booked:
        for posting in entry.postings:
            if entry.date <= day and is_item_account(posting.account):
                control[posting.account[-2:]] += posting.units.number
    table = aging.report(made, day, basis=basis)
    for row in table.rows:
        assert sum(row[part] for part in aging.PARTS) == row["total"] == control.pop(str(row["customer"]))
        assert all(row[part] >= 0 for part in aging.PARTS[:-1])
        assert row["unapplied"] <= 0
    assert not any(control.values())


@given(
    st.lists(_INVOICES, min_size=1, max_size=6),
    st.lists(_RECEIPTS, max_size=4),
    st.lists(_RECEIPTS, max_size=4),
    _OFFSETS,
)
def test_what_is_posted_later_never_changes_an_earlier_figure(
    books: Make,
    invoices: list[tuple[str, int, int, str]],
    receipts: list[tuple[str, int, int, bool]],
    later: list[tuple[str, int, int, bool]],
    offset: int,
) -> None:
    day = _START + timedelta(days=offset)
    before = _ledger(invoices, receipts)
    after = _ledger(invoices, receipts + [(amount, offset + 1 + days, *rest) for amount, days, *rest in later])
    assert aging.report(books(after), day) == aging.report(books(before), day)


@given(_CENTS, st.integers(min_value=0, max_value=400))
def test_each_item_is_in_exactly_one_bucket(books: Make, amount: str, days: int) -> None:
    due = DAY - timedelta(days=days)
    row = only(aging.report(books(invoice(1, amount, due, due)), DAY))
    assert len([part for part in aging.PARTS if row[part]]) == 1
