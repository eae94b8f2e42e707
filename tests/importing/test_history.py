"""A history: invoices, credit notes and receipts out of rows, settlements as days or as rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.model.facts import Facts
from o2c.model.items import open_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.importing.imported import Imported

    Read = Callable[..., Imported]

HEAD = "No,Cust,Date,Due,Amount,Paid,Disputed\n"
ROWS = """
kind: history
columns: {number: No, customer: Cust, type: Type, date: Date, amount: Amount, applies_to: For}
types: {I: invoice, C: credit-note, P: receipt, Q: leave-out}
prefixes: {receipt: P-}
currency: EUR
"""
ROW_HEAD = "No,Cust,Type,Date,Amount,For\n"


def open_at(imported: Imported, day: str) -> dict[str, Decimal]:
    """Tell what is open at the end of a day, by item."""
    facts = Facts(())
    for doc in imported.documents:
        facts.add(doc)
    return {item.item: item.open for item in open_items(facts.moved, date.fromisoformat(day))}


def bad(imported: Imported) -> list[str]:
    return [row.sentence("in.csv") for row in imported.bad]


def test_an_invoice_is_open_from_its_day_to_its_settlement(imported: Read) -> None:
    result = imported(HEAD + "007,ACME,2026-01-10,2026-02-09,100.50,2026-02-20,no\n")
    invoice, receipt = result.documents
    assert (invoice.doc_type, invoice.doc_id, invoice.customer, invoice.due) == (
        "invoice",
        "007",
        "ACME",
        date(2026, 2, 9),
    )
    assert (receipt.doc_type, receipt.doc_id, receipt.date) == ("receipt", "007.P", date(2026, 2, 20))
    assert open_at(result, "2026-01-09") == {}
    assert open_at(result, "2026-01-10") == {"007": Decimal("100.50")}
    assert open_at(result, "2026-02-19") == {"007": Decimal("100.50")}
    assert open_at(result, "2026-02-20") == {}


def test_every_document_sums_to_zero_and_names_its_line(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,100,2026-02-20,yes\n2,A,2026-01-11,,0,,\n")
    for doc in result.documents:
        assert sum(part.amount for parts in (doc.movements, doc.lines, doc.others) for part in parts) == 0
    assert [doc.fact("imported-from") for doc in result.documents] == ["in.csv:2", "in.csv:3", "in.csv:2"]


def test_a_disputed_invoice_is_disputed_until_it_is_settled(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,100,2026-02-20,yes\n2,A,2026-01-10,,5,,yes\n3,A,2026-01-10,,5,,no\n")
    assert [(event.kind, event.subject, str(event.date)) for event in result.events] == [
        ("dispute-opened", "1", "2026-01-10"),
        ("dispute-opened", "2", "2026-01-10"),
        ("dispute-resolved", "1", "2026-02-20"),
    ]
    assert dict(result.events[0].extra)["amount"].number == 100  # type: ignore[union-attr]  # an Amount


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",A,2026-01-10,,1,,", "No: is empty; enter the number"),
        ("a/1,A,2026-01-10,,1,,", "No: 'a/1' is not a number we can use"),
        ("../X,A,2026-01-10,,1,,", "No: '../X' is not a number we can use"),
        (f"{'9' * 40},A,2026-01-10,,1,2026-01-11,", "too long for its settlement"),
        ("1,,2026-01-10,,1,,", "Cust: is empty; enter the customer"),
        ("1,..,2026-01-10,,1,,", "Cust: '..' makes no customer code"),
        ("1,A,,,1,,", "Date: is empty; enter the day"),
        ("1,A,1/2/2026,,1,,", "Date: '1/2/2026' is not a day written as YYYY-MM-DD"),
        ("1,A,2026-01-10,x,1,,", "Due: 'x' is not a day"),
        ("1,A,2026-01-10,,,,", "Amount: is empty"),
        ("1,A,2026-01-10,,1.005,,", "Amount: 1.005 EUR has more decimals than EUR has (2)"),
        ('1,A,2026-01-10,,"1,005.00",,', "Amount: '1,005.00' is not a number written like -1234.50"),
        ("1,A,2026-01-10,,-1,,", "Amount: is negative on an invoice"),
        ("1,A,2026-01-10,,1,2026-01-09,", "Paid: 2026-01-09 lies before the document's date 2026-01-10"),
        ("1,A,2026-01-10,,1,,maybe", "Disputed: 'maybe' is not in the profile"),
        ("1,A\u202eB,2026-01-10,,1,,", "Cust: the character U+202E"),
    ],
)
def test_a_bad_row_is_named_with_line_and_column(imported: Read, row: str, fault: str) -> None:
    result = imported(HEAD + "0,A,2026-01-10,,1,,\n" + row + "\n")
    assert any(found.startswith("in.csv:3: ") and fault in found for found in bad(result)), bad(result)
    assert [doc.doc_id for doc in result.documents] == ["0"]


def test_all_faults_of_a_row_are_named_at_once(imported: Read) -> None:
    assert len(bad(imported(HEAD + ",A,x,y,z,,\n"))) == 4


def test_equal_numbers_are_refused_in_every_line(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,1,,\n2,A,2026-01-10,,1,,\n1,B,2026-01-10,,1,,\n")
    assert [row.line for row in result.bad] == [2, 4]
    assert [doc.doc_id for doc in result.documents] == ["2"]


def test_a_number_that_a_settlement_would_have_is_refused(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,1,2026-01-12,\n1.P,A,2026-01-10,,1,,\n")
    assert [row.line for row in result.bad] == [2, 3]
    assert result.documents == ()


def test_receipts_as_rows_settle_what_they_name(imported: Read) -> None:
    result = imported(
        ROW_HEAD
        + "1,A,I,2026-01-10,100,\n2,A,I,2026-01-10,50,\n"
        + "9,A,P,2026-02-01,-60,1\n9,A,P,2026-02-01,-50,2\nX,A,Q,2026-02-01,5,\n",
        ROWS,
    )
    assert not result.bad
    assert result.left_out == 1
    (receipt,) = [doc for doc in result.documents if doc.doc_type == "receipt"]
    assert receipt.doc_id == "P-9"
    assert receipt.others[0].amount == 110
    assert open_at(result, "2026-02-01") == {"1": 40}


def test_money_without_an_invoice_is_a_credit_of_the_customer(imported: Read) -> None:
    result = imported(ROW_HEAD + "9,A,P,2026-02-01,-60,\n", ROWS)
    (receipt,) = result.documents
    assert receipt.movements[0].account == "Liabilities:Customer-Deposits:A"
    assert open_at(result, "2026-02-01") == {"P-9": -60}


def test_a_credit_note_uses_its_invoice_up(imported: Read) -> None:
    result = imported(ROW_HEAD + "1,A,I,2026-01-10,100,\n2,A,C,2026-01-20,-30,1\n3,A,C,2026-01-20,-5,\n", ROWS)
    assert open_at(result, "2026-01-20") == {"1": 70, "3": -5}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("9,A,P,2026-02-01,60,1", "a receipt is written negative here"),
        ("9,A,P,2026-02-01,-60,7", "7 is no (good) invoice of this file"),
        ("9,B,P,2026-02-01,-60,1", "1 is of A in EUR; a credit settles only items of its own customer"),
        ("9,A,P,2026-01-09,-60,1", "1 is dated 2026-01-10, after the credit"),
        ("9,A,P,2026-02-01,-101,1", "1 has only 100.00 EUR open, not 101.00"),
        ("9,A,Z,2026-02-01,-10,1", "'Z' is not in the profile; add it under `types` there"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(imported: Read, row: str, fault: str) -> None:
    result = imported(ROW_HEAD + "1,A,I,2026-01-10,100,\n" + row + "\n", ROWS)
    assert len(result.bad) == 1, bad(result)
    assert fault in bad(result)[0]
    assert open_at(result, "2026-12-31") == {"1": 100}


def test_a_receipt_with_one_bad_use_is_left_out_whole(imported: Read) -> None:
    result = imported(ROW_HEAD + "1,A,I,2026-01-10,100,\n9,A,P,2026-02-01,-10,1\n9,A,P,2026-02-01,-10,8\n", ROWS)
    assert bad(result)[0] == "in.csv:3: For: left out, because line 4 of P-9 is bad"
    assert [doc.doc_id for doc in result.documents] == ["1"]


def test_two_receipts_together_cannot_pay_more_than_there_is(imported: Read) -> None:
    rows = "1,A,I,2026-01-10,100,\n8,A,P,2026-02-01,-60,1\n9,A,P,2026-02-02,-60,1\n"
    result = imported(ROW_HEAD + rows, ROWS)
    assert [row.line for row in result.bad] == [4]
    assert open_at(result, "2026-12-31") == {"1": 40}


NEGATIVE = """
kind: history
columns: {number: No, customer: Cust, date: Date, amount: Amount, settled: Paid}
negative_amounts: credit
currency: EUR
"""


def test_a_settled_credit_is_paid_out_or_set_off(imported: Read) -> None:
    result = imported("No,Cust,Date,Amount,Paid\n1,A,2026-01-10,-30,2026-02-01\n2,A,2026-01-10,-5,\n", NEGATIVE)
    assert [(doc.doc_id, doc.doc_type) for doc in result.documents] == [
        ("1", "credit-note"),
        ("2", "credit-note"),
        ("1.P", "refund"),
    ]
    assert open_at(result, "2026-01-31") == {"1": -30, "2": -5}
    assert open_at(result, "2026-02-01") == {"2": -5}


STATUS = """
kind: history
columns: {number: No, customer: Cust, date: Date, amount: Amount, open: Open, status: St, settled: Paid, type: T}
types: {I: invoice, P: receipt}
statuses: {OP: open, CL: settled, VD: leave-out}
no_date: ["4712-12-31"]
currency: EUR
"""


def test_status_and_day_must_agree(imported: Read) -> None:
    head = "No,Cust,Date,Amount,Open,St,Paid,T\n"
    good = "1,A,2026-01-10,10,0,CL,2026-01-11,I\n2,A,2026-01-10,10,10,OP,4712-12-31,I\n3,A,2026-01-10,10,0,VD,,I\n"
    wrong = "4,A,2026-01-10,10,0,CL,,I\n5,A,2026-01-10,10,10,OP,2026-01-11,I\n6,A,2026-01-10,10,4,OP,,I\n"
    result = imported(head + good + wrong, STATUS)
    assert {row.line for row in result.bad} == {5, 6, 7}
    assert [row.line for row in result.bad if "status says" in row.what] == [5, 6]
    assert "4.00 of 10.00 is open, and no row says when the rest was paid" in bad(result)[-1]
    assert open_at(result, "2026-12-31") == {"2": 10}
    assert result.left_out == 1


def test_of_a_receipt_only_what_is_open_comes_along_where_settlements_show_as_days(imported: Read) -> None:
    head = "No,Cust,Date,Amount,Open,St,Paid,T\n"
    rows = "1,A,2026-01-10,-10,0,CL,2026-01-11,P\n2,A,2026-01-10,-10,-4,OP,,P\n"
    result = imported(head + rows, STATUS)
    assert not result.bad
    assert open_at(result, "2026-12-31") == {"2": -4}
    assert result.left_out == 1


def test_foreign_amounts_stay_in_their_currency(imported: Read) -> None:
    profile = "kind: history\ncolumns: {number: No, customer: Cust, date: Date, amount: Amount, currency: Cur}\n"
    rows = "No,Cust,Date,Amount,Cur\n1,A,2026-01-10,10.50,USD\n2,A,2026-01-10,1050,JPY\n3,A,2026-01-10,10.5,JPY\n"
    result = imported(rows, profile)
    assert [(doc.movements[0].amount, doc.currency) for doc in result.documents] == [
        (Decimal("10.50"), "USD"),
        (1050, "JPY"),
    ]
    assert "10.5 JPY has more decimals" in bad(result)[0]


@pytest.mark.parametrize(
    ("cell", "option", "fault"),
    [
        ("", "", "there is no currency; give --currency"),
        ("usd", "", "'usd' is not a currency"),
        ("EURO", "", "'EURO' is not a currency"),
        ("USD", "EUR", "the row is in USD, the command says --currency EUR"),
    ],
)
def test_a_currency_is_never_guessed(imported: Read, cell: str, option: str, fault: str) -> None:
    profile = "kind: history\ncolumns: {number: No, customer: Cust, date: Date, amount: Amount, currency: Cur}\n"
    result = imported(f"No,Cust,Date,Amount,Cur\n1,A,2026-01-10,10,{cell}\n", profile, currency=option)
    assert fault in bad(result)[0]


def test_the_command_says_the_currency_where_the_file_does_not(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,1,,\n", currency="CAD")
    assert result.documents[0].currency == "CAD"


def test_numbers_are_adapted_only_when_the_profile_says_so(imported: Read) -> None:
    profile = "kind: history\nnumbers: adapted\ncurrency: EUR\n"
    profile += "columns: {number: [Year, No], customer: Cust, date: Date, amount: Amount}\n"
    result = imported("Year,No,Cust,Date,Amount\n2024,inv/007,A,2026-01-10,1\n", profile)
    assert result.documents[0].doc_id == "2024-INV-007"
    assert result.documents[0].fact("number-there") == "2024-inv/007"


def test_headings_and_totals_are_left_out_by_the_columns_they_lack(imported: Read) -> None:
    profile = "kind: history\nrows_need: [Date]\ncurrency: EUR\n"
    profile += "columns: {number: No, customer: Cust, date: Date, amount: Amount}\n"
    result = imported("No,Cust,Date,Amount\nACME,,,\n1,A,2026-01-10,1\nTotal,,,1\n", profile)
    assert (result.rows, result.left_out, len(result.documents), result.bad) == (3, 2, 1, ())


def test_a_text_over_several_lines_becomes_one(imported: Read) -> None:
    profile = "kind: history\ncurrency: EUR\n"
    profile += "columns: {number: No, customer: Cust, date: Date, amount: Amount, text: Memo}\n"
    result = imported('No,Cust,Date,Amount,Memo\n1,A,2026-01-10,1,"Two\r\nlines"\n', profile)
    assert result.documents[0].narration == "Two lines"
