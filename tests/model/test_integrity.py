"""Each check over ledgers as an accountant or the tool would write them: one that is right, and ones that are not."""

from __future__ import annotations

import re
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import cast

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from o2c.model import integrity
from o2c.model.facts import Facts
from o2c.model.integrity.sheet import postings

if TYPE_CHECKING:
    from o2c.model.findings import Finding

OPEN = """
2026-01-01 open Assets:Bank
2026-01-01 open Assets:AR:C1
2026-01-01 open Assets:AR:C2
2026-01-01 open Assets:AR
2026-01-01 open Liabilities:Customer-Deposits:C1
2026-01-01 open Liabilities:Tax:DE19
2026-01-01 open Liabilities:Tax:DE07
2026-01-01 open Income:Sales
2026-01-01 open Income:FX
2026-01-01 open Expenses:Other
"""

INVOICE = """
2026-01-10 * "Acme" "Invoice INV-2026-0001" #invoice ^INV-2026-0001
  doc-type: "invoice"
  doc-id: "INV-2026-0001"
  customer: "C1"
  currency: "EUR"
  due: 2026-02-09
  Assets:AR:C1            226.00 EUR
    item: "INV-2026-0001"
  Income:Sales           -100.00 EUR
    line: 1
    qty: 10
    tax-code: "DE19"
  Income:Sales           -100.00 EUR
    line: 2
    qty: 1
    tax-code: "DE07"
  Liabilities:Tax:DE19    -19.00 EUR
    tax-code: "DE19"
    tax-base: 100.00 EUR
    tax-rate: 19
  Liabilities:Tax:DE07     -7.00 EUR
    tax-code: "DE07"
    tax-base: 100.00 EUR
    tax-rate: 7
"""

RECEIPT = """
2026-02-01 * "Acme" "Receipt RC-2026-0001" #receipt ^RC-2026-0001
  doc-type: "receipt"
  doc-id: "RC-2026-0001"
  customer: "C1"
  Assets:Bank             300.00 EUR
  Assets:AR:C1           -226.00 EUR
    item: "INV-2026-0001"
  Liabilities:Customer-Deposits:C1  -74.00 EUR
    item: "RC-2026-0001"
"""


def entries_of(*texts: str) -> data.Directives:
    """Load ledger text without the pickle cache; the errors of Beancount itself do not matter here."""
    entries, errors, _ = loader.load_string(OPEN + "\n".join(textwrap.dedent(text) for text in texts))
    syntax = [error for error in errors if type(error).__name__ in {"ParserError", "ParserSyntaxError"}]
    assert not syntax, syntax
    return entries


def quick(name: str, *texts: str) -> list[Finding]:
    findings = integrity.QUICK[name](integrity.sheet(entries_of(*texts)))
    assert all(finding.check == name and finding.source.line > 0 and finding.entry for finding in findings)
    return findings


def facts_of(*texts: str) -> Facts:
    return Facts(entries_of(*texts))


def only(findings: list[Finding]) -> str:
    assert len(findings) == 1, findings
    return findings[0].message


@pytest.mark.parametrize("name", integrity.QUICK)
def test_right_books_give_no_finding(name: str) -> None:
    assert quick(name, INVOICE, RECEIPT) == []


# document-numbers


def test_a_document_without_a_number_is_found() -> None:
    assert "has no number" in only(quick("document-numbers", INVOICE.replace('  doc-id: "INV-2026-0001"\n', "")))


def test_a_number_without_quotes_is_no_number() -> None:
    text = INVOICE.replace('doc-id: "INV-2026-0001"', "doc-id: 4711")
    assert "in quotes" in only(quick("document-numbers", text))


def test_a_number_used_twice_is_found_with_the_place_of_the_first() -> None:
    message = only(quick("document-numbers", INVOICE, INVOICE))
    assert re.search(r"INV-2026-0001 is used already at .*:\d+", message)


def test_versions_of_an_order_share_their_number() -> None:
    order = """
    2026-01-02 * "Order"
      doc-type: "order"
      doc-id: "SO-1"
      customer: "C1"
      Income:Sales  0.00 EUR
        line: 1
    """
    second = order.replace('doc-id: "SO-1"', 'doc-id: "SO-1"\n      version: 2')
    assert quick("document-numbers", order, second) == []
    assert "used already" in only(quick("document-numbers", order, second, second))


def test_another_type_cannot_be_a_version() -> None:
    other = INVOICE.replace('doc-type: "invoice"', 'doc-type: "receipt"\n  version: 2')
    assert "belongs to the invoice" in only(quick("document-numbers", INVOICE, other))


def test_illegal_characters_in_a_number_are_found() -> None:
    text = INVOICE.replace('doc-id: "INV-2026-0001"', 'doc-id: "INV/../1"')
    assert "illegal characters" in only(quick("document-numbers", text))


@pytest.mark.parametrize("line", ['doc-type: "invoise"', 'other: "x"'])
def test_unknown_and_missing_types_are_found(line: str) -> None:
    assert "doc-type" in only(quick("document-numbers", INVOICE.replace('doc-type: "invoice"', line)))


def test_a_document_of_two_customers_is_found() -> None:
    text = """
    2026-01-10 * "Both"
      doc-type: "allocation"
      doc-id: "AL-1"
      customer: "C1"
      Assets:AR:C1  10.00 EUR
        item: "A"
      Assets:AR:C2  -10.00 EUR
        item: "B"
    """
    assert "C1 and C2" in only(quick("document-numbers", text))


# items


def by_hand(account: str = "Assets:AR:C1", meta: str = 'item: "X-1"', header: str = "") -> str:
    return f"""
2026-01-10 * "by hand"
  {header or 'note: "none"'}
  {account}  50.00 EUR
    {meta}
  Income:Sales
"""


def test_an_entry_by_hand_with_an_item_is_right() -> None:
    assert quick("items", by_hand()) == []


@pytest.mark.parametrize("meta", ['text: "none"', "item: 4711"])
def test_a_posting_without_an_item_is_found(meta: str) -> None:
    assert "names no item" in only(quick("items", by_hand(meta=meta)))


def test_an_item_with_an_illegal_name_is_found() -> None:
    assert "illegal characters" in only(quick("items", by_hand(meta='item: "x 1"')))


def test_a_posting_on_the_control_account_itself_is_found() -> None:
    assert "no customer's account" in only(quick("items", by_hand(account="Assets:AR")))


def test_a_document_of_another_customer_than_its_account_is_found() -> None:
    assert "says customer 'C2' but posts to Assets:AR:C1" in only(
        quick("items", by_hand(header='customer: "C2"')),
    )


def test_a_document_that_names_no_customer_is_found() -> None:
    findings = quick("items", INVOICE.replace('  customer: "C1"\n', ""))
    assert "says customer ''" in only(findings)


def test_money_on_the_item_of_another_customer_is_found() -> None:
    text = by_hand(account="Assets:AR:C2", meta='item: "INV-2026-0001"')
    assert "belongs to C1, not to C2" in only(quick("items", INVOICE, text))


def test_an_instalment_belongs_to_the_customer_of_its_document() -> None:
    text = by_hand(account="Assets:AR:C2", meta='item: "INV-2026-0001.2"')
    assert "belongs to C1" in only(quick("items", INVOICE, text))


# exact-zero (danger D08)


def raw(*postings: str, header: str = "") -> str:
    lines = "\n".join(f"  {posting}" for posting in postings)
    return f'\n2026-01-10 * "by hand"\n{header}{lines}\n'


@pytest.mark.parametrize(
    "amounts",
    [
        ("100.00 EUR", "-99.75 EUR", "-0.2 EUR"),
        ("100.00 EUR", "-100.005 EUR"),
        ("0.00 EUR", "-0.004 EUR"),
    ],
)
def test_what_the_tolerance_lets_through_is_found(amounts: tuple[str, ...]) -> None:
    text = raw(
        *(
            f"{account}  {amount}"
            for account, amount in zip(["Assets:Bank", "Income:Sales", "Expenses:Other"], amounts, strict=False)
        )
    )
    entries, errors, _ = loader.load_string(OPEN + text)
    assert errors == []
    assert len(entries) > OPEN.count("open")
    assert "out of balance by" in only(quick("exact-zero", text))


def test_every_currency_must_be_zero_by_itself() -> None:
    text = raw("Assets:Bank  1.00 EUR", "Income:Sales  -1.00 EUR", "Assets:Bank  0.001 USD")
    assert "0.001 USD" in only(quick("exact-zero", text))


def test_a_lot_counts_with_its_carrying_amount_rounded_to_the_cent() -> None:
    """A third of a unit cost is no fault: the lot is carried at 100.00 EUR."""
    text = raw('Assets:AR:C1  300.00 USD {{100.00 EUR, "X"}}', '  item: "X"', "Income:Sales  -100.00 EUR")
    assert quick("exact-zero", text) == []
    assert "0.01 EUR" in only(quick("exact-zero", text.replace("-100.00", "-99.99")))


def test_tolerance_at_a_price_is_for_others_only() -> None:
    postings = ("Assets:Bank  100.00 USD @ 0.92304 EUR", "Expenses:Other  -92.305 EUR")
    assert quick("exact-zero", raw(*postings)) == []
    assert quick("exact-zero", raw(*postings, header='  doc-type: "receipt"\n')) != []


# lines-and-totals


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-19.00 EUR", "-18.99 EUR", "but 19 % of 100.00 EUR is 19.00 EUR"),
        ("tax-rate: 19", "tax-rate: 16", "but 16 % of 100.00 EUR is 16.00 EUR"),
        ("tax-base: 100.00 EUR\n    tax-rate: 19", "tax-base: 100.00 EUR", "needs `tax-base"),
        ("line: 1", "text: 1", "no line has it"),
        ('qty: 10\n    tax-code: "DE19"', "qty: 10", "tax code (none)"),
        ("-100.00 EUR\n    line: 2", "-90.00 EUR\n    line: 2", "sum to 90.00 EUR, its tax base says 100.00 EUR"),
        ("226.00 EUR", "225.00 EUR", "lines and taxes sum to 226.00 EUR, the customer's account moves by 225.00 EUR"),
    ],
)
def test_a_cent_too_little_is_found(old: str, new: str, said: str) -> None:
    assert old in INVOICE
    messages = [finding.message for finding in quick("lines-and-totals", INVOICE.replace(old, new))]
    assert any(said in message for message in messages), messages


def test_half_a_cent_of_tax_goes_up() -> None:
    """25 % of 0.50 is 0.125, which half even would make 0.12."""
    text = """
    2026-01-10 * "Invoice"
      doc-type: "invoice"
      doc-id: "I"
      customer: "C1"
      currency: "EUR"
      Assets:AR:C1  0.62 EUR
        item: "I"
      Income:Sales  -0.50 EUR
        line: 1
        tax-code: "A"
      Liabilities:Tax:DE19  -0.12 EUR
        tax-code: "A"
        tax-base: 0.50 EUR
        tax-rate: 25
    """
    assert "is 0.13 EUR" in only(quick("lines-and-totals", text))
    assert quick("lines-and-totals", text.replace("0.62", "0.63").replace("-0.12", "-0.13")) == []


CREDIT_NOTE = """
2026-01-20 * "Acme" "Credit note CN-2026-0001"
  doc-type: "credit-note"
  doc-id: "CN-2026-0001"
  customer: "C1"
  currency: "EUR"
  refers: "INV-2026-0001"
  Assets:AR:C1            -59.50 EUR
    item: "INV-2026-0001"
  Income:Sales             50.00 EUR
    line: 1
    qty: 5
    tax-code: "DE19"
    invoice-line: 1
  Liabilities:Tax:DE19      9.50 EUR
    tax-code: "DE19"
    tax-base: 50.00 EUR
    tax-rate: 19
"""


def test_a_credit_note_is_read_as_the_customer_reads_it() -> None:
    assert quick("lines-and-totals", INVOICE, CREDIT_NOTE) == []
    negative = CREDIT_NOTE.replace("tax-base: 50.00", "tax-base: -50.00")
    assert any("positive as the customer reads" in finding.message for finding in quick("lines-and-totals", negative))


ODD = """
2026-01-10 * "Invoice of two lines of 0.50 at 25 %: 0.25 tax; half of it twice would be 0.13 + 0.13"
  doc-type: "invoice"
  doc-id: "I"
  customer: "C1"
  currency: "EUR"
  Assets:AR:C1  1.25 EUR
    item: "I"
  Income:Sales  -1.00 EUR
    line: 1
    tax-code: "A"
  Liabilities:Tax:DE19  -0.25 EUR
    tax-code: "A"
    tax-base: 1.00 EUR
    tax-rate: 25
"""


def half_credit(number: str, tax: str, gross: str) -> str:
    return f"""
2026-01-1{number} * "Credit note"
  doc-type: "credit-note"
  doc-id: "CN-{number}"
  customer: "C1"
  currency: "EUR"
  refers: "I"
  Assets:AR:C1  -{gross} EUR
    item: "I"
  Income:Sales  0.50 EUR
    line: 1
    tax-code: "A"
  Liabilities:Tax:DE19  {tax} EUR
    tax-code: "A"
    tax-base: 0.50 EUR
    tax-rate: 25
"""


def test_the_last_credit_note_gives_back_the_odd_cent() -> None:
    first = half_credit("1", "0.13", "0.63")
    assert quick("lines-and-totals", ODD, first, half_credit("2", "0.12", "0.62")) == []
    assert "tax A is 0.12 EUR" in only(quick("lines-and-totals", ODD, half_credit("2", "0.12", "0.62")))
    assert "tax A is 0.11 EUR" in only(quick("lines-and-totals", ODD, first, half_credit("2", "0.11", "0.61")))


def test_a_credit_note_that_was_reversed_gives_nothing_back() -> None:
    first = half_credit("1", "0.13", "0.63")
    undo = first.replace("2026-01-11", "2026-01-12").replace('doc-type: "credit-note"', 'doc-type: "reversal"')
    undo = undo.replace("CN-1", "RV-1").replace(
        'refers: "I"', 'refers: "CN-1"\n  reverses: "credit-note"\n  invoice: "I"'
    )
    for old, new in (("-0.63", "0.63"), (" 0.50 EUR", " -0.50 EUR"), (" 0.13", " -0.13")):
        undo = undo.replace(old, new)
    last = half_credit("3", "0.12", "0.62")
    assert "tax A is 0.12 EUR" in only(quick("lines-and-totals", ODD, first, undo, last))


FOREIGN = """
2026-01-10 * "Invoice"
  doc-type: "invoice"
  doc-id: "INV-USD"
  customer: "C1"
  currency: "USD"
  Assets:AR:C1  1190.00 USD {{1094.80 EUR, "INV-USD"}}
    item: "INV-USD"
  Income:Sales  -920.00 EUR
    line: 1
    net: 1000.00 USD
    tax-code: "DE19"
  Liabilities:Tax:DE19  -174.80 EUR
    tax-code: "DE19"
    tax-base: 1000.00 USD
    tax-rate: 19
    tax-amount: 190.00 USD
"""


def test_foreign_invoices_are_added_up_in_their_own_currency() -> None:
    assert quick("lines-and-totals", FOREIGN) == []
    findings = quick("lines-and-totals", FOREIGN.replace(" 190.00 USD", " 189.99 USD"))
    assert ["tax DE19 is 189.99 USD" in findings[0].message, "sum to 1189.99 USD" in findings[1].message] == [
        True,
        True,
    ]


def test_a_foreign_invoice_without_tax_says_so_with_zero() -> None:
    export = FOREIGN.replace("1190.00 USD {{1094.80", "1000.00 USD {{920.00").replace("-174.80", "0.00")
    export = export.replace("tax-rate: 19", "tax-rate: 0").replace("190.00 USD", "0.00 USD")
    assert quick("lines-and-totals", export) == []
    assert "tax-amount" in only(quick("lines-and-totals", export.replace("    tax-amount: 0.00 USD\n", "")))


def test_a_foreign_line_without_its_net_is_found() -> None:
    assert "no net in USD" in only(quick("lines-and-totals", FOREIGN.replace("    net: 1000.00 USD\n", "")))


# references


def reversal(number: str, refers: str, amount: str = "-226.00") -> str:
    return f"""
2026-01-15 * "Reversal"
  doc-type: "reversal"
  doc-id: "{number}"
  customer: "C1"
  refers: "{refers}"
  Assets:AR:C1            {amount} EUR
    item: "INV-2026-0001"
  Income:Sales            200.00 EUR
  Liabilities:Tax:DE19     19.00 EUR
  Liabilities:Tax:DE07      7.00 EUR
"""


def test_a_reversal_that_undoes_its_document_is_right() -> None:
    assert quick("references", INVOICE, reversal("RV-1", "INV-2026-0001")) == []


def test_a_reversal_that_leaves_something_is_found() -> None:
    message = only(quick("references", INVOICE, reversal("RV-1", "INV-2026-0001", "-225.00")))
    assert "leaves 1.00 EUR of INV-2026-0001 on the accounts of C1" in message


def test_a_reversal_undoes_a_document_with_what_was_taken_back_of_it() -> None:
    """The receipt realised a gain; taking it back gave the gain back; the reversal has only the rest to undo."""
    receipt = """
    2026-02-01 * "Receipt"
      doc-type: "receipt"
      doc-id: "RC-1"
      customer: "C1"
      Assets:Bank  100.00 EUR
      Income:FX  -10.00 EUR
      Assets:AR:C1  -90.00 EUR
        item: "INV-2026-0001"
    """
    back = """
    2026-02-02 * "Taken back"
      doc-type: "allocation"
      doc-id: "AL-1"
      customer: "C1"
      refers: "RC-1"
      undoes: TRUE
      Income:FX  10.00 EUR
      Assets:AR:C1  90.00 EUR
        item: "INV-2026-0001"
      Liabilities:Customer-Deposits:C1  -100.00 EUR
        item: "RC-1"
    """
    undo = """
    2026-02-03 * "Reversal"
      doc-type: "reversal"
      doc-id: "RV-1"
      customer: "C1"
      refers: "RC-1"
      Liabilities:Customer-Deposits:C1  100.00 EUR
        item: "RC-1"
      Assets:Bank  -100.00 EUR
    """
    assert quick("references", INVOICE, receipt, back, undo) == []
    assert len(quick("references", INVOICE, receipt, undo)) == 2


def test_a_second_reversal_is_found() -> None:
    texts = (INVOICE, reversal("RV-1", "INV-2026-0001"), reversal("RV-2", "INV-2026-0001"))
    assert "reversed already" in only(quick("references", *texts))


def test_a_reversal_of_a_reversal_is_found() -> None:
    texts = (INVOICE, reversal("RV-1", "INV-2026-0001"), reversal("RV-2", "RV-1"))
    assert "reverses a reversal" in only(quick("references", *texts))


def test_a_reversal_of_nothing_is_found() -> None:
    text = reversal("RV-1", "X").replace('  refers: "X"\n', "")
    assert "does not say what it reverses" in only(quick("references", INVOICE, text))


def test_a_reference_to_a_document_that_is_not_there_is_found() -> None:
    text = CREDIT_NOTE.replace('refers: "INV-2026-0001"', 'refers: "INV-2026-0009"')
    assert "'INV-2026-0009', which is not in the books" in only(quick("references", INVOICE, text))


def test_a_receipt_for_an_item_that_is_not_there_is_found() -> None:
    assert "which no entry opened" in only(quick("references", RECEIPT))
    assert quick("references", RECEIPT, by_hand(meta='item: "INV-2026-0001"')) == []


# over-allocation, dates


def test_more_than_the_item_is_found_at_the_end_of_the_day() -> None:
    message = only(quick("over-allocation", INVOICE, RECEIPT.replace("-226.00", "-230.00").replace("-74.00", "-70.00")))
    assert "began with 226.00 EUR and is -4.00 EUR at the end of 2026-02-01" in message


def allocation(number: str, day: str, amount: str) -> str:
    return f"""
{day} * "Allocation"
  doc-type: "allocation"
  doc-id: "{number}"
  customer: "C1"
  Liabilities:Customer-Deposits:C1  {amount} EUR
    item: "RC-2026-0001"
  Assets:AR:C1  -{amount} EUR
    item: "INV-2"
"""


SECOND = by_hand(meta='item: "INV-2"\n    due: 2026-03-01').replace("50.00", "500.00")


def test_more_than_the_receipt_has_is_found() -> None:
    right = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "74.00"))
    assert quick("over-allocation", *right) == []
    message = only(quick("over-allocation", *right, allocation("AL-2", "2026-02-03", "0.01")))
    assert "item RC-2026-0001" in message
    assert "0.01 EUR too much" in message
    assert "AL-2" in message


def test_the_order_of_entries_within_a_day_does_not_matter() -> None:
    """Taken and taken back on one day, in the order that looks wrong while it runs."""
    back = allocation("AL-2", "2026-02-03", "-74.00")
    again = allocation("AL-3", "2026-02-03", "74.00")
    first = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "74.00"))
    assert quick("over-allocation", *first, back, again) == []
    assert quick("over-allocation", *first, again, back) == []


def test_a_fault_that_was_healed_later_is_still_a_fault_of_its_day() -> None:
    first = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "80.00"))
    assert "2026-02-02" in only(quick("over-allocation", *first, allocation("AL-2", "2026-02-03", "-80.00")))


@given(st.lists(st.integers(min_value=-300, max_value=-1), min_size=1, max_size=6), st.permutations(range(7)))
def test_over_allocation_is_found_exactly_when_a_day_ends_below_zero(takes: list[int], order: list[int]) -> None:
    """An item of 500; each taking on its own day or two on one: compared with a sum by day."""
    days = [2 + index // 2 for index in order[: len(takes)]]
    texts = [
        f'\n2026-02-{day:02d} * "t"\n  Assets:AR:C1  {take}.00 EUR\n    item: "INV-2"\n  Assets:Bank\n'
        for day, take in zip(days, takes, strict=True)
    ]
    below = any(500 + sum(t for d, t in zip(days, takes, strict=True) if d <= day) < 0 for day in days)
    assert bool(quick("over-allocation", SECOND, *texts)) == below


def test_money_before_the_item_begins_is_found() -> None:
    early = RECEIPT.replace("2026-02-01", "2026-01-09")
    assert "begins on 2026-01-10" in only(quick("dates", INVOICE, early))
    assert quick("dates", INVOICE, RECEIPT.replace("2026-02-01", "2026-01-10")) == []


# sub-ledger


def test_the_items_are_the_balance() -> None:
    entries = entries_of(INVOICE, RECEIPT)
    assert integrity.sub_ledger(Facts(entries).moved, entries) == []


def test_a_posting_without_an_item_shows_as_a_difference() -> None:
    entries = entries_of(INVOICE, by_hand(meta='text: "none"'))
    message = only(integrity.sub_ledger(Facts(entries).moved, entries))
    assert "sum to 226.00 EUR, its balance is 276.00 EUR, difference 50.00 EUR" in message


def test_what_a_plugin_changed_shows_as_a_difference() -> None:
    entries = entries_of(INVOICE)
    invoice = next(entry for entry in entries if isinstance(entry, data.Transaction))
    doubled = [
        posting._replace(units=posting.units._replace(number=posting.units.number * 2)) for posting in postings(invoice)
    ]
    after = [invoice._replace(postings=cast("list[data.Posting]", doubled))]
    assert "its balance is 452.00 EUR" in only(integrity.sub_ledger(Facts(entries).moved, after))


# numbering

PATTERNS = {"invoice": "INV-{year}-{number:04d}", "credit-note": "CN-{year}-{number:04d}"}


def invoice(number: str, day: str = "2026-01-10", doc_type: str = "invoice") -> str:
    text = INVOICE.replace("INV-2026-0001", number).replace("2026-01-10", day)
    return text.replace('doc-type: "invoice"', f'doc-type: "{doc_type}"')


def numbering(*texts: str) -> list[Finding]:
    return integrity.numbering(facts_of(*texts), PATTERNS)


def test_numbers_without_gaps_in_each_year_are_right() -> None:
    assert (
        numbering(invoice("INV-2025-0001"), invoice("INV-2026-0001"), invoice("INV-2026-0002"), invoice("OLD-7")) == []
    )


def test_a_gap_is_found_and_its_explanation_is_shown() -> None:
    message = only(numbering(*(invoice(f"INV-2026-000{n}") for n in (1, 4))))
    assert message.startswith("INV-2026-0002 to INV-2026-0003 missing, though there is INV-2026-0004")
    assert 'custom "o2c-void" "INV-2026-0002" "INV-2026-0003"' in message


def test_an_explained_void_closes_the_gap_and_needs_a_reason() -> None:
    texts = [invoice("INV-2026-0001"), invoice("INV-2026-0003")]
    void = '\n2026-01-11 custom "o2c-void" "INV-2026-0002"\n  why: "printer jam, never issued"\n'
    assert numbering(*texts, void) == []
    assert "gives no reason" in only(numbering(*texts, void.split("\n  why", maxsplit=1)[0] + "\n"))


def test_a_range_of_voids_explains_the_numbers_before_the_books_began() -> None:
    void = '\n2026-01-01 custom "o2c-void" "INV-2026-0001" "INV-2026-0411"\n  why: "issued by the old system"\n'
    assert numbering(void, invoice("INV-2026-0412")) == []


def test_a_void_number_that_is_used_is_found() -> None:
    void = '\n2026-01-11 custom "o2c-void" "INV-2026-0001"\n  why: "x"\n'
    assert "voided here and used at" in only(numbering(invoice("INV-2026-0001"), void))


def test_opening_items_fill_numbers_but_make_no_series() -> None:
    assert numbering(invoice("INV-2025-0388", doc_type="opening-item")) == []
    assert numbering(invoice("INV-2026-0001", doc_type="opening-item"), invoice("INV-2026-0002")) == []


def test_an_invoice_that_goes_back_in_time_is_found() -> None:
    message = only(numbering(invoice("INV-2026-0001", "2026-01-12"), invoice("INV-2026-0002", "2026-01-11")))
    assert "INV-2026-0002 is dated 2026-01-11, before INV-2026-0001 of 2026-01-12" in message


# quantities

ORDER = """
2026-01-05 * "Order"
  doc-type: "order"
  doc-id: "SO-1"
  customer: "C1"
  Income:Sales  0.00 EUR
    line: 1
    qty: 10
"""


def step(doc_type: str, number: str, quantity: str, more: str = "") -> str:
    return f"""
2026-01-0{6 if doc_type == "delivery" else 7} * "{doc_type}"
  doc-type: "{doc_type}"
  doc-id: "{number}"
  customer: "C1"
  Income:Sales  0.00 EUR
    line: 1
    qty: {quantity}
    order: "SO-1"
    order-line: 1
    {more or 'text: "x"'}
"""


def test_deliveries_and_invoices_up_to_the_order_are_right() -> None:
    texts = (ORDER, step("delivery", "DN-1", "4"), step("delivery", "DN-2", "6"), step("invoice", "INV-1", "10"))
    assert integrity.quantities(facts_of(*texts)) == []


def test_more_delivered_than_ordered_is_found_unless_the_policy_allows_it() -> None:
    facts = facts_of(ORDER, step("delivery", "DN-1", "4"), step("delivery", "DN-2", "7"))
    assert "DN-2 line 1 11 delivered of order SO-1 line 1, but only 10 ordered" in only(integrity.quantities(facts))
    assert integrity.quantities(facts, Decimal(10)) == []


def test_more_invoiced_than_delivered_is_found_where_the_order_says_so() -> None:
    by_delivery = ORDER.replace('doc-id: "SO-1"', 'doc-id: "SO-1"\n  invoicing: "delivery"')
    texts = (by_delivery, step("delivery", "DN-1", "4"), step("invoice", "INV-1", "5", 'delivery: "DN-1"'))
    assert "5 invoiced of order SO-1 line 1, but only 4 delivered" in only(integrity.quantities(facts_of(*texts)))
    assert integrity.quantities(facts_of(ORDER, *texts[1:])) == []


def test_more_invoiced_than_ordered_is_found() -> None:
    assert "but only 10 ordered" in only(integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "11"))))


def test_a_reversed_invoice_may_be_written_again() -> None:
    again = step("invoice", "INV-2", "10").replace("2026-01-07", "2026-01-09")
    undo = step("reversal", "RV-1", "-10").replace(
        '  doc-type: "reversal"', '  doc-type: "reversal"\n  reverses: "invoice"'
    )
    assert integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "10"), undo, again)) == []
    assert len(integrity.quantities(facts_of(ORDER, step("invoice", "INV-1", "10"), again))) == 1


def test_a_line_that_names_an_unknown_order_is_found() -> None:
    assert "names the order SO-1, which is not in the books" in only(
        integrity.quantities(facts_of(step("delivery", "DN-1", "1"))),
    )


def test_more_credited_than_the_line_has_is_found() -> None:
    second = CREDIT_NOTE.replace("CN-2026-0001", "CN-2026-0002")
    third = CREDIT_NOTE.replace("CN-2026-0001", "CN-2026-0003")
    assert integrity.quantities(facts_of(INVOICE, CREDIT_NOTE, second)) == []
    message = only(integrity.quantities(facts_of(INVOICE, CREDIT_NOTE, second, third)))
    assert "CN-2026-0003 line 1 credits 50.00 EUR more than line 1 of INV-2026-0001 has" in message


def test_a_credit_of_a_line_that_is_not_there_is_found() -> None:
    text = CREDIT_NOTE.replace("invoice-line: 1", "invoice-line: 9")
    assert "has no such line" in only(integrity.quantities(facts_of(INVOICE, text)))


# events


def test_notes_about_documents_items_and_customers_are_right() -> None:
    note = '\n2026-01-11 note Assets:AR:C1 "said" #remark\n  subject: "{}"\n'
    assert integrity.events(facts_of(INVOICE, note.format("INV-2026-0001"), note.format("C1"))) == []
    assert "'INV-2026-0009', which is not in the books" in only(
        integrity.events(facts_of(INVOICE, note.format("INV-2026-0009"))),
    )
