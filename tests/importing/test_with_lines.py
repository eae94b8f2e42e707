"""Invoices with lines: sums of rounded lines, cancellations as credit notes, what is refused (hostile input H31)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.importing.imported import Imported

    Read = Callable[..., Imported]

PROFILE = """
kind: invoices-with-lines
columns: {number: No, customer: Cust, country: Land, date: Date, sku: Sku, text: Text, quantity: Qty, price: Price}
dates: YYYY-MM-DD HH:MM:SS
currency: GBP
cancellation_prefix: C
one_time: ONE-TIME
countries: {United Kingdom: GB, Unspecified: none}
"""
HEAD = "No,Cust,Land,Date,Sku,Text,Qty,Price\n"
AT = "United Kingdom,2010-12-01 08:26:00"


def read(imported: Read, *rows: str) -> Imported:
    return imported(HEAD + "".join(f"{row}\n" for row in rows), PROFILE)


def faults(result: Imported) -> list[str]:
    return [row.sentence("in.csv") for row in result.bad]


def test_an_invoice_has_its_lines_and_their_sum(imported: Read) -> None:
    result = read(imported, f"1,17850,{AT},85123A, WHITE HOLDER ,6,2.55", f"1,17850,{AT},m,Manual,1,0.5")
    (invoice,) = result.documents
    assert invoice.movements[0].amount == Decimal("15.80")
    line = invoice.lines[0]
    assert (line.number, line.sku, line.text, line.quantity, line.amount) == (
        1,
        "85123A",
        "WHITE HOLDER",
        6,
        Decimal("-15.30"),
    )
    assert line.price is not None
    assert str(line.price) == "2.55 GBP"
    assert str(invoice.date) == "2010-12-01"
    assert (result.customers[0].code, result.customers[0].country) == ("17850", "GB")


def test_lines_are_rounded_half_up_and_the_difference_is_told(imported: Read) -> None:
    result = read(
        imported, f"1,A,{AT},X,,3,0.335", f"1,A,{AT},Y,,1,0.001", f"C2,A,{AT},X,,-3,0.335", f"3,A,{AT},Z,,2,1.50"
    )
    nets = [doc.movements[0].amount for doc in result.documents]
    assert nets == [Decimal("1.01"), Decimal("-1.01"), Decimal("3.00")]
    (rounding,) = result.roundings
    exact = Decimal("1.005") + Decimal("0.001") - Decimal("1.005") + 3
    assert (rounding.currency, rounding.lines) == ("GBP", 3)
    assert sum(nets) - rounding.amount == exact


def test_a_cancellation_is_a_credit_note_with_quantities_as_the_customer_reads_them(imported: Read) -> None:
    (note,) = read(imported, f"C536379,14527,{AT},D,Discount,-1,27.50").documents
    assert (note.doc_type, note.doc_id) == ("credit-note", "C536379")
    assert note.movements[0].account == "Liabilities:Customer-Deposits:14527"
    assert note.movements[0].amount == Decimal("-27.50")
    assert (note.lines[0].quantity, note.lines[0].amount) == (1, Decimal("27.50"))


def test_rows_without_a_customer_go_to_the_one_time_customer(imported: Read) -> None:
    result = read(imported, f"1,,{AT},X,,1,1", f"2,A,{AT},X,,1,1")
    assert [doc.customer for doc in result.documents] == ["ONE-TIME", "A"]
    assert [(customer.code, customer.has_number) for customer in result.customers] == [("ONE-TIME", False), ("A", True)]


def test_an_invoice_over_nothing_is_an_invoice(imported: Read) -> None:
    (invoice,) = read(imported, f"1,,{AT},22139,,-56,0.0").documents
    assert invoice.doc_type == "invoice"
    assert invoice.movements[0].amount == 0
    assert invoice.lines[0].quantity == -56


def test_a_line_that_takes_back_is_part_of_the_sum(imported: Read) -> None:
    (invoice,) = read(imported, f"1,A,{AT},X,,2,5", f"1,A,{AT},X,,-1,5", f"1,A,{AT},Y,,0,5").documents
    assert invoice.movements[0].amount == 5


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["1,A,{},X,,-2,5"], "in.csv:2: Qty: 1 sums to -10.00, and only a cancellation may be below zero"),
        (["C1,A,{},X,,2,5"], "in.csv:2: Qty: C1 is a cancellation but sums to 10.00, above zero"),
        (["1,A,{},X,,2,-5"], "in.csv:2: Price: is negative"),
        (["1,A,{},X,,2,5", "1,B,{},X,,2,5"], "in.csv:3: Cust: 1 has another customer in line 2"),
        (["1,A,{},X,,2,5", "1,A,{},X,,zwei,5"], "in.csv:3: Qty: 'zwei' is not a number"),
        (["1,A,{},X,,2,1e5"], "in.csv:2: Price: '1e5' is not a number"),
        (["1,A,{},X,,2,0.0000001"], "in.csv:2: Price: '0.0000001' is not a number"),
        ([",A,{},X,,2,5"], "in.csv:2: No: is empty"),
    ],
)
def test_what_cannot_be_is_refused(imported: Read, rows: list[str], fault: str) -> None:
    result = read(imported, *(row.format(AT) for row in rows), f"9,A,{AT},X,,1,1")
    assert any(found.startswith(fault) for found in faults(result)), faults(result)
    assert [doc.doc_id for doc in result.documents] == ["9"]


def test_another_day_within_a_document_is_refused_and_another_time_is_not(imported: Read) -> None:
    later = "United Kingdom,2010-12-01 08:27:00"
    assert len(read(imported, f"1,A,{AT},X,,2,5", f"1,A,{later},X,,2,5").documents) == 1
    other = "United Kingdom,2010-12-02 08:26:00"
    result = read(imported, f"1,A,{AT},X,,2,5", f"1,A,{other},X,,2,5")
    assert "in.csv:3: Date: 1 has another day in line 2" in faults(result)[1]


def test_every_line_of_a_document_left_out_is_named(imported: Read) -> None:
    result = read(imported, f"1,A,{AT},X,,2,5", f"1,A,{AT},X,,x,5", f"1,A,{AT},X,,2,5")
    assert [row.line for row in result.bad] == [2, 3, 4]
    assert "left out whole, because its line 3 is bad" in faults(result)[0]


def test_a_country_that_the_profile_does_not_know_is_refused(imported: Read) -> None:
    result = read(imported, "1,A,Atlantis,2010-12-01 08:26:00,X,,2,5")
    assert "Land: 'Atlantis' is not a country's two letters" in faults(result)[0]
    assert read(imported, "1,A,Unspecified,2010-12-01 08:26:00,X,,2,5").customers[0].country == ""
