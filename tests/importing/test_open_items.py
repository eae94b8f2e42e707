"""Open items on the day of moving in: debits on the receivable account, credits on the deposit account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.importing.imported import Imported

    Read = Callable[..., Imported]

PROFILE = """
kind: open-items
columns: {number: No, customer: Cust, date: Date, due: Due, amount: Amount, open: Open, settled: Paid}
optional: [due, open, settled]
negative_amounts: credit
currency: EUR
due_days: 30
"""
HEAD = "No,Cust,Date,Due,Amount,Open,Paid\n"


def test_what_is_owed_and_what_we_owe_stand_apart(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,2026-03-01,100,40,\n2,A,2026-01-11,,-5,-5,\n", PROFILE, "open-items")
    debit, credit = result.documents
    assert debit.doc_type == credit.doc_type == "opening-item"
    assert (debit.movements[0].account, debit.movements[0].amount, str(debit.due)) == ("Assets:AR:A", 40, "2026-03-01")
    assert (credit.movements[0].account, credit.movements[0].amount, credit.due) == (
        "Liabilities:Customer-Deposits:A",
        -5,
        None,
    )
    assert debit.others[0].account == "Equity:Opening-Balances"
    assert debit.others[0].amount == -40


def test_settled_rows_and_rows_with_nothing_open_are_left_out(imported: Read) -> None:
    rows = "1,A,2026-01-10,,100,0,\n2,A,2026-01-10,,100,100,2026-02-01\n3,A,2026-01-10,,100,100,\n"
    result = imported(HEAD + rows, PROFILE, "open-items")
    assert [doc.doc_id for doc in result.documents] == ["3"]
    assert result.left_out == 2


def test_without_a_due_date_the_days_of_the_profile_count(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,100,100,\n", PROFILE, "open-items")
    assert str(result.documents[0].due) == "2026-02-09"


def test_a_negative_amount_is_refused_unless_the_profile_takes_it(imported: Read) -> None:
    result = imported(
        HEAD + "1,A,2026-01-10,,-5,-5,\n", PROFILE.replace("negative_amounts: credit\n", ""), "open-items"
    )
    assert [(row.column, row.line) for row in result.bad] == [("Open", 2)]


def test_equal_numbers_are_refused(imported: Read) -> None:
    result = imported(HEAD + "1,A,2026-01-10,,5,5,\n1,A,2026-01-10,,5,5,\n", PROFILE, "open-items")
    assert [row.line for row in result.bad] == [2, 3]
