"""What the tests of other systems expect, told by days; docs/peer-scenarios.md says where we differ, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.books import load

if TYPE_CHECKING:
    from tests.scenarios.books import Story


def turnover(story: Story, account: str) -> list[str]:
    """List all amounts that were posted on an account, debits positive, in the order of the books."""
    postings = (posting for entry in load(story.root).entries for posting in getattr(entry, "postings", ()))
    return [str(posting.units.number) for posting in postings if posting.account == account]


def inv_01(story: Story) -> str:
    """Post the invoice of INV-01: five pieces at 40.00 taxed with 10 %, one at 20.00 without tax, in two halves."""
    return story.invoice("TEN 5 40.00", "FREE 1 20.00", terms="halves")


def test_inv_01_an_invoice_in_two_halves_with_one_line_taxed(story: Story) -> None:
    number = inv_01(story.on("2026-03-02"))
    invoice = story.document(number)
    assert story.balances() == {"Assets:AR:HOME": "240.00", "Income:Sales": "-220.00", "Liabilities:Tax:VAT": "-20.00"}
    assert [(str(tax.base), tax.amount) for tax in invoice.taxes] == [
        ("20.00 EUR", 0),
        ("200.00 EUR", Decimal("-20.00")),
    ]
    assert [(m.item, str(m.amount), str(m.due)) for m in invoice.movements] == [
        (f"{number}.1", "120.00", "2026-03-22"),
        (f"{number}.2", "120.00", "2026-04-11"),
    ]


def test_inv_02_a_full_credit_note_settles_the_invoice_and_both_stay_to_be_seen(story: Story) -> None:
    number = inv_01(story.on("2026-03-02"))
    credit = story.posted("credit-note", "create", number, "--reason", "price", "--full")[0]
    assert story.open() == {}
    assert story.balances() == {}
    assert turnover(story, "Assets:AR:HOME") == ["120.00", "120.00", "-120.00", "-120.00"]
    assert turnover(story, "Income:Sales") == ["-200.00", "-20.00", "0.00", "200.00", "20.00", "0.00"]
    assert turnover(story, "Liabilities:Tax:VAT") == ["-20.00", "20.00"]
    assert [
        (doc, str(tax.base), str(tax.amount))
        for doc in (number, credit)
        for tax in story.document(doc).taxes
        if tax.rate
    ] == [(number, "200.00 EUR", "-20.00"), (credit, "200.00 EUR", "20.00")]


def test_inv_03_two_part_payments_and_a_third_with_the_last_euro_written_off(story: Story) -> None:
    number = inv_01(story.on("2026-03-02"))
    story.on("2026-03-20")("receipt", "HOME", "120.00 EUR", "--apply", number)
    assert story.open() == {f"{number}.2": "120.00"}
    story.on("2026-03-21")("receipt", "HOME", "20.00 EUR", "--apply", number)
    assert story.open() == {f"{number}.2": "100.00"}
    story.on("2026-04-10")("receipt", "HOME", "99.00 EUR", "--apply", number)
    assert story.open() == {f"{number}.2": "1.00"}
    story("write-off", f"{number}.2", "--reason", "small-difference")
    assert story.open() == {}
    assert sorted(turnover(story, "Assets:AR:HOME"), key=Decimal) == [
        "-120.00",
        "-99.00",
        "-20.00",
        "-1.00",
        "120.00",
        "120.00",
    ]
    assert story.balances()["Expenses:Small-Differences"] == "1.00"


def test_inv_09_ten_euros_too_much_are_kept_as_income(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 5 20.00")
    receipt = story.on("2026-03-30").posted("receipt", "HOME", "110.00 EUR", "--apply", number)[0]
    assert story.open() == {receipt: "-10.00"}
    story("write-off", receipt, "--reason", "small-difference")
    assert story.open() == {}
    assert story.balances() == {
        "Assets:Bank:Main": "110.00",
        "Income:Other:Overpayments": "-10.00",
        "Income:Sales": "-100.00",
    }


def test_term_03_due_dates_of_five_terms_on_three_days(story: Story) -> None:
    due: dict[str, list[str]] = {}
    for day in ("2019-01-01", "2019-01-15", "2019-01-31"):
        for terms in ("immediate", "eom45", "fifteenth", "eom", "first"):
            number = story.on(day).invoice("FREE 1 20.00", terms=terms)
            due.setdefault(terms, []).append(str(story.document(number).due))
    assert due == {
        "immediate": ["2019-01-01", "2019-01-15", "2019-01-31"],
        "eom45": ["2019-03-17"] * 3,
        "fifteenth": ["2019-02-15", "2019-02-15", "2019-03-15"],
        "eom": ["2019-01-31"] * 3,
        "first": ["2019-02-01"] * 3,
    }


def test_bank_01_a_receipt_fills_one_invoice_then_the_next_and_a_credit_note_is_paid_out(story: Story) -> None:
    old = story.on("2026-03-02").invoice("FREE 1 50.00")
    story("receipt", "HOME", "50.00 EUR", "--apply", old)
    first, second = story.invoice("FREE 1 100.00"), story.invoice("FREE 1 150.00")
    credit = story.posted("credit-note", "create", old, "--reason", "price", "--full")[0]
    assert story.open() == {first: "100.00", second: "150.00", credit: "-50.00"}

    story.on("2026-03-09")("receipt", "HOME", "180.00 EUR", "--apply", first, "--apply", second)
    assert story.open() == {second: "70.00", credit: "-50.00"}
    story.refused("receipt", "HOME", "10.00 EUR", "--apply", first)
    story.refused("refund", credit, "60.00 EUR")

    story("refund", credit, "50.00 EUR")
    assert story.open() == {second: "70.00"}
    assert story.balances()["Assets:Bank:Main"] == "180.00"


def test_ar_01_a_payment_fills_the_instalments_in_the_order_they_fall_due(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 1 100.00", terms="thirds")
    rows = story.json("report", "open-items", "--as-of", "2026-03-02")["rows"]
    assert [(row["item"], row["original"], row["open"]) for row in rows] == [
        (f"{number}.1", "30.00", "30.00"),
        (f"{number}.2", "50.00", "50.00"),
        (f"{number}.3", "20.00", "20.00"),
    ]
    story.on("2026-03-10")("receipt", "HOME", "40.00 EUR", "--apply", number)
    rows = story.json("report", "open-items", "--as-of", "2026-03-10")["rows"]
    assert [(row["item"], row["original"], row["open"]) for row in rows] == [
        (f"{number}.2", "50.00", "40.00"),
        (f"{number}.3", "20.00", "20.00"),
    ]


def test_pay_04_what_is_paid_beyond_the_invoice_stays_on_account(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 1 100.00")
    receipt = story.posted("receipt", "HOME", "110.00 EUR", "--apply", number)[0]
    assert story.open() == {receipt: "-10.00"}


def test_pay_04_what_is_missing_is_written_off(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 1 100.00")
    story("receipt", "HOME", "95.00 EUR", "--apply", number)
    story("write-off", number, "5.00 EUR", "--reason", "small-difference")
    assert story.open() == {}
    assert story.balances() == {
        "Assets:Bank:Main": "95.00",
        "Expenses:Small-Differences": "5.00",
        "Income:Sales": "-100.00",
    }


def test_rnd_03_tax_is_computed_on_the_rounded_base_that_the_invoice_shows(story: Story) -> None:
    """We differ: the peer takes 20 % of the unrounded 100.10; BR-CO-17 wants it of the base shown, 100.00."""
    number = story.on("2026-03-02").invoice(*["TWENTY 1 1.001"] * 100)
    (tax,) = story.document(number).taxes
    assert (str(tax.base), str(tax.amount)) == ("100.00 EUR", "-20.00")
    assert story.open() == {number: "120.00"}


def test_ord_01_what_was_not_invoiced_first_is_invoiced_later(story: Story) -> None:
    """We differ in one step: an invoice holds all that is delivered; who wants to invoice less delivers less."""
    order = story.on("2026-03-02").order("LAMP 2", "TEA 3")
    story("deliver", order, "--line", "1=1", "--line", "2=1")
    first = story.posted("invoice", "create", order)[0]
    assert [str(line.quantity) for line in story.document(first).lines] == ["1", "1"]
    assert "nothing is left to invoice" in story.refused("invoice", "create", order)

    story.on("2026-03-05")("deliver", order)
    second = story.posted("invoice", "run")[0]
    lines = story.document(first).lines + story.document(second).lines
    assert [str(line.quantity) for line in story.document(second).lines] == ["1", "2"]
    assert sum(line.quantity for line in lines) == 5
    assert story.posted("invoice", "run") == []
