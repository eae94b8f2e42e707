"""Days to pay: which money counts, on which day, and what taking it back does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.reports import days_to_pay
from o2c.reports.forecasting.lives import lives
from o2c.reports.payments import payments
from o2c.reports.selection import select
from o2c.reports.span import Span
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.reports.table import Row
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
JUNE = Span(date(2026, 6, 1), DAY)
INVOICE = entries.sold("INV-1", "2026-05-01", "100.00", due="2026-05-31")


def rows(books: Make, text: str) -> list[tuple[object, ...]]:
    return [
        (one.item, one.amount, str(one.applied), str(one.paid), one.days_to_pay, one.terms)
        for one in payments(select(books(text)), JUNE)
    ]


def only(books: Make, text: str) -> Row:
    (row,) = days_to_pay.report(books(text), DAY, since=JUNE.first).rows
    return row


def test_days_are_weighed_by_the_amounts_and_compared_with_the_terms(books: Make) -> None:
    text = (
        INVOICE
        + entries.sold("INV-2", "2026-06-01", "300.00", due="2026-06-11")
        + entries.paid("RC-1", "2026-06-10", "100.00", "INV-1")  # 40 days, terms 30
        + entries.paid("RC-2", "2026-06-09", "300.00", "INV-2")  # 8 days, terms 10
    )
    row = only(books, text)
    assert (row["payments"], row["paid"]) == (2, 400)
    assert (row["days_to_pay"], row["terms"], row["days_late"]) == (16, 15, 1)  # (4000+2400)/400, (3000+3000)/400
    assert (row["late"], row["late_percent"]) == (100, 25)
    assert row["name"] == "Customer C1"


def test_the_quotients_are_rounded_half_up_once(books: Make) -> None:
    text = (
        entries.sold("INV-1", "2026-06-01", "3.00", due="2026-06-03")
        + entries.paid("RC-1", "2026-06-02", "1.00", "INV-1")
        + entries.paid("RC-2", "2026-06-03", "1.00", "INV-1")
        + entries.paid("RC-3", "2026-06-03", "1.00", "INV-1")
    )
    row = only(books, text)
    assert (row["days_to_pay"], row["terms"], row["days_late"]) == (Decimal("1.67"), 2, Decimal("-0.33"))
    assert row["late_percent"] == 0


def test_paid_on_the_due_date_is_not_late(books: Make) -> None:
    text = entries.sold("INV-1", "2026-06-01", "3.00", due="2026-06-03")
    assert only(books, text + entries.paid("RC-1", "2026-06-03", "3.00", "INV-1"))["late"] == 0
    assert only(books, text + entries.paid("RC-1", "2026-06-04", "3.00", "INV-1"))["late"] == 3


def test_money_that_lay_on_account_was_paid_when_it_came(books: Make) -> None:
    text = (
        INVOICE
        + entries.paid("RC-1", "2026-05-20", "100.00")
        + entries.allocated("AL-1", "2026-06-15", "80.00", "RC-1", "INV-1")
    )
    assert rows(books, text) == [("INV-1", 80, "2026-06-15", "2026-05-20", 19, 30)]


def test_money_before_the_invoice_counts_below_zero(books: Make) -> None:
    text = (
        entries.paid("RC-1", "2026-05-20", "100.00")
        + entries.sold("INV-2", "2026-06-01", "100.00", due="2026-06-11")
        + entries.allocated("AL-1", "2026-06-01", "100.00", "RC-1", "INV-2")
    )
    assert rows(books, text) == [("INV-2", 100, "2026-06-01", "2026-05-20", -12, 10)]


def test_credit_notes_and_write_offs_are_no_payments(books: Make) -> None:
    credit = f"{entries.moved('CN-2', '-10.00', is_credit=True)};Income:Sales  10.00 EUR"  # a credit of its own number
    text = (
        INVOICE
        + entries.credited("CN-1", "2026-06-02", "20.00", "INV-1")
        + entries.doc("credit-note", "CN-2", "2026-06-02", credit)
        + entries.allocated("AL-1", "2026-06-03", "10.00", "CN-2", "INV-1")
        + entries.written_off("WO-1", "2026-06-04", "30.00", "INV-1")
    )
    assert rows(books, text) == []


def test_what_is_taken_back_counts_below_zero_with_the_days_of_the_payment(books: Make) -> None:
    text = (
        INVOICE
        + entries.paid("RC-1", "2026-05-21", "100.00", "INV-1")
        + entries.bounced("RV-1", "2026-06-05", "100.00", "RC-1", "INV-1")
        + entries.paid("RC-2", "2026-06-10", "100.00", "INV-1")
        + entries.taken_back("AL-1", "2026-06-20", "40.00", "RC-2", "RC-2", "INV-1")
    )
    assert rows(books, text) == [
        ("INV-1", -100, "2026-06-05", "2026-05-21", 20, 30),
        ("INV-1", 100, "2026-06-10", "2026-06-10", 40, 30),
        ("INV-1", -40, "2026-06-20", "2026-06-10", 40, 30),
    ]
    assert only(books, text)["days_to_pay"] == ""  # more was taken back than paid: -40
    assert only(books, text)["payments"] == 1


def test_a_payer_for_another_customer_is_followed_through_both_halves(books: Make) -> None:
    suspense = "Liabilities:Unidentified-Receipts"
    given = f"{entries.moved('RC-1', '50', is_credit=True)};{suspense}  -50 EUR"
    text = (
        entries.sold("INV-2", "2026-05-11", "50.00", due="2026-05-31", customer="C2")
        + entries.paid("RC-1", "2026-06-01", "50.00", customer="C1")
        + entries.doc("allocation", "AL-1", "2026-06-08", given)
        + entries.doc(
            "allocation", "AL-2", "2026-06-08", f"{entries.moved('INV-2', '-50', 'C2')};{suspense}  50 EUR",
            customer="C2", refers='"AL-1"', payer='"C1"',
        )
    )  # fmt: skip
    assert rows(books, text) == [("INV-2", 50, "2026-06-08", "2026-06-01", 21, 20)]


def test_a_lot_that_is_taken_out_and_put_back_counts_by_the_difference(books: Make) -> None:
    text = """
        2026-05-01 * "Harbor" "Invoice"
          doc-type: "invoice"
          doc-id: "INV-9"
          customer: "C3"
          currency: "USD"
          due: 2026-05-31
          Assets:AR:C3   1000.00 USD {{920.00 EUR, "INV-9"}}
            item: "INV-9"
          Income:Sales  -920.00 EUR
        2026-06-10 * "Harbor" "Receipt"
          doc-type: "receipt"
          doc-id: "RC-9"
          customer: "C3"
          currency: "USD"
          Assets:AR:C3  -1000.00 USD {"INV-9"}
            item: "INV-9"
          Assets:AR:C3    400.00 USD {{368.00 EUR, "INV-9"}}
            item: "INV-9"
          Assets:Bank     600.00 USD @@ 552.00 EUR
        """
    assert rows(books, text) == [("INV-9", 600, "2026-06-10", "2026-06-10", 40, 30)]


def test_instalments_are_paid_one_by_one(books: Make) -> None:
    parts = 'Assets:AR:C1  60.00 EUR;  item: "INV-5.1";  due: 2026-06-10;Assets:AR:C1  40.00 EUR;  item: "INV-5.2"'
    text = entries.doc("invoice", "INV-5", "2026-06-01", f"{parts};  due: 2026-06-20;Income:Sales  -100.00 EUR")
    text += entries.paid("RC-1", "2026-06-11", "60.00", "INV-5.1")
    assert rows(books, text) == [("INV-5.1", 60, "2026-06-11", "2026-06-11", 10, 9)]


def used(doc_id: str, day: str, *moves: tuple[str, str], **facts: str) -> str:
    """Write an allocation by hand, of several credits: RC and CN are on account, INV are owed."""
    postings = ";".join(entries.moved(item, amount, is_credit=item[0] != "I") for item, amount in moves)
    return entries.doc("allocation", doc_id, day, postings, **facts)


def credits_() -> str:
    """Write 60 that came on 20 May, 50 that came on 1 June, and a credit note of 40."""
    note = f"{entries.moved('CN-1', '-40.00', is_credit=True)};Income:Sales  40.00 EUR"
    return (
        entries.paid("RC-1", "2026-05-20", "60.00")
        + entries.paid("RC-2", "2026-06-01", "50.00")
        + entries.doc("credit-note", "CN-1", "2026-05-25", note)
    )


def test_of_an_allocation_of_a_receipt_and_a_credit_note_the_receipts_part_is_a_payment(books: Make) -> None:
    text = INVOICE + credits_() + used("AL-1", "2026-06-15", ("RC-1", "60"), ("CN-1", "40"), ("INV-1", "-100"))
    assert rows(books, text) == [("INV-1", 60, "2026-06-15", "2026-05-20", 19, 30)]
    assert (only(books, text)["paid"], only(books, text)["days_to_pay"]) == (60, 19)
    (life,) = lives(books(text), DAY)
    assert life.open(DAY) == 0
    assert [(part.is_paid, part.amount) for part in life.parts] == [(True, 60), (False, 40)]


def test_several_receipts_in_one_allocation_count_on_the_day_of_each(books: Make) -> None:
    text = INVOICE + credits_() + used("AL-1", "2026-06-15", ("RC-2", "40"), ("RC-1", "60"), ("INV-1", "-100"))
    assert rows(books, text) == [
        ("INV-1", 40, "2026-06-15", "2026-06-01", 31, 30),
        ("INV-1", 60, "2026-06-15", "2026-05-20", 19, 30),
    ]
    assert only(books, text)["late"] == 40


def test_credits_are_used_for_items_in_the_order_in_which_the_document_names_them(books: Make) -> None:
    second = entries.sold("INV-2", "2026-05-11", "50.00", due="2026-06-10")
    moves = ("INV-1", "-100"), ("CN-1", "40"), ("RC-1", "60"), ("RC-2", "50"), ("INV-2", "-50")
    text = INVOICE + second + credits_() + used("AL-1", "2026-06-15", *moves)
    assert rows(books, text) == [
        ("INV-1", 60, "2026-06-15", "2026-05-20", 19, 30),
        ("INV-2", 50, "2026-06-15", "2026-06-01", 21, 30),
    ]


def test_what_is_taken_back_of_a_mixed_allocation_is_taken_back_from_its_parts(books: Make) -> None:
    """Wherever the un-allocation names them: the whole leaves nothing paid; a part comes off the first credit first."""
    text = INVOICE + credits_() + used("AL-1", "2026-06-15", ("RC-1", "60"), ("CN-1", "40"), ("INV-1", "-100"))
    facts = {"refers": '"AL-1"', "undoes": "TRUE"}
    whole = used("AL-2", "2026-06-20", ("CN-1", "-40"), ("INV-1", "100"), ("RC-1", "-60"), **facts)
    assert [one[1] for one in rows(books, text + whole)] == [60, -60]
    assert only(books, text + whole)["paid"] == 0
    (life,) = lives(books(text + whole), DAY)
    assert (life.open(DAY), sum(part.amount for part in life.parts if part.is_paid)) == (100, 0)
    part = used("AL-2", "2026-06-20", ("RC-1", "-50"), ("INV-1", "50"), **facts)
    assert [one[1] for one in rows(books, text + part)] == [60, -50]


def test_un_allocations_that_take_back_each_other_are_no_payments(books: Make) -> None:
    text = INVOICE + credits_()
    for name, other in (("AL-1", "AL-2"), ("AL-2", "AL-1")):
        facts = {"refers": f'"{other}"', "undoes": "TRUE"}
        text += used(name, "2026-06-15", ("RC-1", "10"), ("INV-1", "-10"), **facts)
    assert rows(books, text) == []


def test_what_no_credit_covers_is_no_payment(books: Make) -> None:
    moves = ("RC-1", "60"), ("CN-1", "30"), ("INV-1", "-100")
    postings = used("AL-1", "2026-06-15", *moves).rstrip("\n") + "\n  Expenses:Rounding  10 EUR\n"
    assert [one[1] for one in rows(books, INVOICE + credits_() + postings)] == [60]


@given(st.permutations(["RC-1", "RC-2", "CN-1"]), st.integers(1, 149), st.integers(0, 3))
@settings(max_examples=50)
def test_the_payments_of_an_allocation_are_what_it_used_of_receipts(
    books: Make, order: list[str], first: int, place: int
) -> None:
    """However it names them; and per receipt, by the day on which it came."""
    amounts = {"RC-1": "60", "RC-2": "50", "CN-1": "40"}
    moves = [(credit, amounts[credit]) for credit in order]
    moves[place:place] = [("INV-1", f"-{first}"), ("INV-2", f"-{150 - first}")]
    sold = entries.sold("INV-1", "2026-05-01", "200.00") + entries.sold("INV-2", "2026-05-02", "200.00")
    found = payments(select(books(sold + credits_() + used("AL-1", "2026-06-15", *moves))), JUNE)
    assert sum(one.amount for one in found if str(one.paid) == "2026-05-20") == 60
    assert sum(one.amount for one in found if str(one.paid) == "2026-06-01") == 50
    assert len(found) <= 4
    assert all(one.amount > 0 for one in found)
