from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.cash.receipts import receipt
from o2c.closing.checklist import CHECKS
from o2c.closing.checklist import money_in
from o2c.closing.checklist import people
from o2c.closing.checklist import proofs
from o2c.closing.checklist import supplies
from o2c.closing.checklist import vat
from tests.cash.shop import invoice
from tests.cash.test_receipts import pay
from tests.closing.small_month import at_end
from tests.closing.small_month import credit_note
from tests.closing.small_month import delivery
from tests.closing.small_month import invoice_of
from tests.closing.small_month import order
from tests.closing.small_month import shop
from tests.closing.small_month import write

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.closing.checklist.result import Found


def rows(found: Found) -> list[tuple[str, str]]:
    return [(seen.what, seen.said) for seen in found.seen]


def test_every_check_says_what_it_proves_and_has_a_name_of_its_own() -> None:
    assert len(CHECKS) == 19
    assert all(check.about for check in CHECKS.values())


# ---- the books as a whole -------------------------------------------------------------------------------------------


def test_open_items_are_summed_to_the_control_accounts_by_currency(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.do(receipt, pay("50.00"), on="2026-03-20")
    books.do(receipt, pay("19.00", "INV-1"), on="2026-04-02")
    found = proofs.sub_ledger(at_end(books))
    assert not found.is_red
    assert rows(found) == [("Assets:AR", "119.00 EUR"), ("Liabilities:Customer-Deposits", "-50.00 EUR")]


def test_a_posting_without_an_item_is_a_difference(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.books.booked = [entry for entry in books.books.booked if entry.meta["lineno"] == -1]
    found = proofs.sub_ledger(at_end(books))
    assert found.is_red
    assert "differ" in found.said


def test_a_gap_is_red_until_it_is_explained_and_then_listed(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-2026-0002", "119.00"))
    assert proofs.numbering(at_end(books)).is_red
    write(books, '\n2026-03-02 custom "o2c-void" "INV-2026-0001"\n  why: "Printer jam"\n')
    found = proofs.numbering(at_end(books))
    assert (found.is_red, found.said) == (False, "no gap; 1 explained")
    assert rows(found) == [("INV-2026-0001", "Printer jam")]


@pytest.mark.parametrize(
    ("closes", "is_red"),
    [
        ((), False),
        ((("2026-01", "2026-01-31"),), True),
        ((("2026-01", "2026-01-31"), ("2026-02", "2026-02-28")), False),
    ],
)
def test_months_are_closed_one_after_the_other(
    tmp_path: Path, closes: tuple[tuple[str, str], ...], is_red: bool
) -> None:
    said = "".join(f'2026-03-01 custom "o2c-close" "{name}" {last} "closed"\n' for name, last in closes)
    books = shop(tmp_path, invoice("INV-1", "119.00") + said)
    assert proofs.earlier_periods(at_end(books)).is_red == is_red


# ---- money ----------------------------------------------------------------------------------------------------------


def test_a_bank_account_without_an_assertion_is_red_with_the_line_to_add(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.do(receipt, pay("119.00", "INV-1"), on="2026-03-05")
    found = money_in.bank_proof(at_end(books))
    assert found.is_red
    assert "add `2026-04-01 balance Assets:Bank:Main 119.00 EUR`" in found.seen[0].said


@pytest.mark.parametrize(
    ("line", "is_red"),
    [
        ("2026-04-01 balance Assets:Bank:Main 119.00 EUR", False),
        ("2026-03-20 balance Assets:Bank:Main 119.00 EUR", False),
        ("2026-03-05 balance Assets:Bank:Main 0.00 EUR", True),
        ("2026-04-02 balance Assets:Bank:Main 119.00 EUR", True),
    ],
)
def test_an_assertion_proves_an_account_where_nothing_moved_behind_it(tmp_path: Path, line: str, is_red: bool) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.do(receipt, pay("119.00", "INV-1"), on="2026-03-05")
    write(books, f"\n{line}\n")
    assert money_in.bank_proof(at_end(books)).is_red == is_red


def test_a_padded_account_is_not_proved(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.do(receipt, pay("119.00", "INV-1"), on="2026-03-05")
    pad = "\n2026-03-20 pad Assets:Bank:Main Equity:Opening-Balances\n2026-04-01 balance Assets:Bank:Main 500.00 EUR\n"
    write(books, pad)
    found = money_in.bank_proof(at_end(books))
    assert found.is_red
    assert "`pad`" in found.seen[0].said


def test_unidentified_money_is_named_since_the_account_was_last_empty(tmp_path: Path) -> None:
    moves = [("2026-03-02", "old", "-10.00"), ("2026-03-03", "returned", "10.00"), ("2026-03-04", "who?", "-25.00")]
    text = "".join(
        f'\n{day} * "{what}"\n  Liabilities:Unidentified-Receipts  {amount} EUR\n  Assets:Bank:Main\n'
        for day, what, amount in moves
    )
    found = money_in.unidentified(at_end(shop(tmp_path, text)))
    assert found.is_red
    assert rows(found) == [("who?", "-25.00 EUR since 2026-03-04")]
    assert not money_in.unidentified(at_end(shop(tmp_path / "clean", ""))).is_red


def test_unapplied_money_is_listed_and_a_negative_receivable_is_red(tmp_path: Path) -> None:
    books = shop(tmp_path, invoice("INV-1", "119.00"))
    books.do(receipt, pay("200.00"), on="2026-03-05")
    assert money_in.unapplied(at_end(books)).said == "1 credit not applied: -200.00 EUR"
    found = money_in.credit_balances(at_end(books))
    assert (found.is_red, rows(found)) == (False, [("C1", "we owe 81.00 EUR")])
    write(books, '\n2026-03-06 * "by hand"\n  Assets:AR:C1  -5.00 EUR\n    item: "X-1"\n  Assets:Bank:Main\n')
    assert money_in.credit_balances(at_end(books)).is_red


# ---- supplies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "supplied", "month", "said"),
    [
        ("2026-03-25", "2026-03-20", "2026-03", ""),
        ("2026-03-25", "2026-04-02", "2026-03", "the revenue is too early"),
        ("2026-04-02", "2026-03-20", "2026-03", "belongs to 2026-03, nothing is accrued"),
        ("2026-04-02", "2026-03-20", "2026-04", "the revenue is too late"),
        ("2026-04-02", "2026-03-20", "2026-05", ""),
    ],
)
def test_an_invoice_counts_in_the_month_of_its_supply(
    tmp_path: Path, day: str, supplied: str, month: str, said: str
) -> None:
    ledger = order("SO-1") + invoice_of("INV-1", "SO-1", "1", "10.00", "1.90", day, supplied)
    found = supplies.cut_off(at_end(shop(tmp_path, ledger), month))
    assert found.is_red == bool(said)
    assert said in "".join(seen.said for seen in found.seen)


def test_drafts_and_held_orders_are_left_over_until_they_are_confirmed(tmp_path: Path) -> None:
    books = shop(tmp_path, order("SO-1"))
    assert rows(supplies.left_over(at_end(books))) == [("SO-1", "C1: draft since 2026-03-02")]
    assert not supplies.left_over(at_end(books, "2026-02")).seen
    write(books, '\n2026-03-03 note Assets:AR:C1 "Order confirmed" #order-confirmed\n  subject: "SO-1"\n  version: 1\n')
    assert not supplies.left_over(at_end(books)).is_red


def test_a_return_after_the_invoice_is_no_invoice_before_its_delivery_once_credited(tmp_path: Path) -> None:
    ledger = order("SO-1") + delivery("DN-1", "SO-1", "10") + invoice_of("INV-1", "SO-1", "10", "100.00", "19.00")
    books = shop(tmp_path, ledger)
    assert not supplies.invoiced_not_delivered(at_end(books)).is_red
    write(books, delivery("RT-1", "SO-1", "2", "2026-03-26", kind="return"))
    assert supplies.invoiced_not_delivered(at_end(books)).is_red
    write(books, credit_note("CN-1", "INV-1", "SO-1", "2", "20.00", "3.80"))
    assert not supplies.invoiced_not_delivered(at_end(books)).is_red
    assert not supplies.delivered_not_invoiced(at_end(books)).seen


def test_what_was_credited_and_not_returned_is_not_accrued_again(tmp_path: Path) -> None:
    ledger = order("SO-1") + delivery("DN-1", "SO-1", "10") + invoice_of("INV-1", "SO-1", "10", "100.00", "19.00")
    books = shop(tmp_path, ledger + credit_note("CN-1", "INV-1", "SO-1", "2", "20.00", "3.80"))
    assert not supplies.delivered_not_invoiced(at_end(books)).seen
    assert not supplies.invoiced_not_delivered(at_end(books)).seen


# ---- VAT ------------------------------------------------------------------------------------------------------------


def test_the_tax_report_sums_base_and_tax_by_code_and_rate(tmp_path: Path) -> None:
    ledger = invoice("INV-1", "119.00", "2026-03-02") + invoice("INV-2", "11.90", "2026-03-03")
    seven = invoice("INV-3", "107.00", "2026-03-04", rate=7)
    books = shop(tmp_path, ledger + seven + invoice("INV-4", "119.00", "2026-02-27"))
    found = vat.vat(at_end(books))
    assert not found.is_red
    assert rows(found) == [
        ("DE19 19 %", "base 110.00 EUR, x rate 20.90 EUR, tax 20.90 EUR, 2 documents"),
        ("DE7 7 %", "base 100.00 EUR, x rate 7.00 EUR, tax 7.00 EUR, 1 document"),
        ("Liabilities:VAT", "moved by -27.90 EUR in 3 postings"),
    ]


def test_tax_without_a_code_is_red_and_a_payment_to_the_tax_office_is_not(tmp_path: Path) -> None:
    paid = '\n2026-03-10 * "Tax office"\n  Liabilities:VAT  500.00 EUR\n  Assets:Bank:Main\n'
    books = shop(tmp_path, paid)
    assert not vat.vat(at_end(books)).is_red
    write(books, '\n2026-03-11 * "by hand"\n  Liabilities:VAT  5.00 EUR\n  Expenses:Small\n')
    found = vat.vat(at_end(books))
    assert found.is_red
    assert found.seen[0].said.startswith("5.00 EUR on Liabilities:VAT without a tax code")


def test_another_tax_than_base_times_rate_is_red(tmp_path: Path) -> None:
    wrong = invoice("INV-1", "119.00", "2026-03-02").replace("tax-rate: 19", "tax-rate: 20")
    books = shop(tmp_path, "")
    books.text += wrong
    with pytest.raises(AssertionError, match="20 % of"):
        books._load()
    right = shop(tmp_path / "right", invoice("INV-1", "119.00", "2026-03-02"))
    doc = right.books.facts.versions["INV-1"][0]
    right.books.facts.versions["INV-1"] = [doc._replace(taxes=(doc.taxes[0]._replace(rate=doc.taxes[0].rate + 1),))]
    found = vat.vat(at_end(right))
    assert found.is_red
    assert found.seen[0].what == "INV-1"


# ---- people ---------------------------------------------------------------------------------------------------------


def test_limits_to_review_are_red_and_those_that_ended_are_listed(tmp_path: Path) -> None:
    kept = '2026-01-05 custom "o2c-limit" "C1" 100.00 EUR\n  customer: "C1"\n  review: {}\n'
    ended = (
        '2026-01-05 custom "o2c-limit" "C2" 100.00 EUR\n  customer: "C2"\n  kind: "temporary"\n  until: 2026-03-15\n'
    )
    found = people.limits(at_end(shop(tmp_path, kept.format("2026-06-30") + ended)))
    assert (found.is_red, rows(found)) == (False, [("C2", "temporary 100.00 EUR ended on 2026-03-15")])
    found = people.limits(at_end(shop(tmp_path / "late", kept.format("2026-03-31"))))
    assert (found.is_red, rows(found)) == (True, [("C1", "review was due on 2026-03-31")])
