"""Invoices: what was delivered, in part and whole, services, instalments, payers, foreign currency, frozen facts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.books import load

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from tests.scenarios.books import Story


def quantities(doc: Document) -> list[tuple[str, str]]:
    return [(line.sku, str(line.quantity)) for line in doc.lines]


def test_an_invoice_holds_what_is_delivered_and_not_invoiced_yet(story: Story) -> None:
    order = story.order("LAMP 3", "TEA 2")
    story("deliver", order, "--line", "1=2")
    first = story.posted("invoice", "create", order)[0]
    story("deliver", order)
    second = story.posted("invoice", "create", order)[0]
    assert quantities(story.document(first)) == [("LAMP", "2")]
    assert quantities(story.document(second)) == [("LAMP", "1"), ("TEA", "2")]
    assert story.open() == {first: "94.96", second: "72.95"}


def test_an_order_is_invoiced_only_once(story: Story) -> None:
    order = story.order("LAMP 3")
    story("deliver", order)
    number = story.posted("invoice", "create", order)[0]
    assert f"nothing is left to invoice of {order}: {number}" in story.refused("invoice", "create", order)


def test_what_is_not_delivered_is_not_invoiced(story: Story) -> None:
    order = story.order("LAMP 3")
    assert f"o2c deliver {order}" in story.refused("invoice", "create", order)
    assert story.posted("invoice", "run") == []


def test_a_draft_is_not_invoiced(story: Story) -> None:
    story("order", "import", str(story.order_file("LAMP 3", invoicing="order")))
    assert "only confirmed orders are invoiced" in story.refused("invoice", "create", "SO-2026-0001")


def test_an_order_that_is_invoiced_by_order_needs_no_delivery(story: Story) -> None:
    number = story.invoice("LAMP 3")
    assert story.open() == {number: "142.44"}


def test_services_are_invoiced_with_the_first_invoice(story: Story) -> None:
    order = story.order("LAMP 3", "WORK 2")
    story("deliver", order, "--line", "1=1")
    first = story.posted("invoice", "create", order)[0]
    story("deliver", order)
    second = story.posted("invoice", "create", order)[0]
    assert quantities(story.document(first)) == [("LAMP", "1"), ("WORK", "2")]
    assert quantities(story.document(second)) == [("LAMP", "2")]


def test_tax_is_per_rate_on_the_document_not_per_line(story: Story) -> None:
    number = story.invoice("TEN 1 0.04", "TEN 1 0.04", "TWENTY 1 55.55")
    assert [(tax.code, str(tax.base), str(tax.amount)) for tax in story.document(number).taxes] == [
        ("TEN", "0.08 EUR", "-0.01"),
        ("TWENTY", "55.55 EUR", "-11.11"),
    ]


def test_lines_are_rounded_once_after_the_discount(story: Story) -> None:
    number = story.invoice("FREE 3 0.335 50")
    assert str(story.document(number).lines[0].amount) == "-0.50"


def test_an_invoice_falls_due_by_its_terms_and_every_instalment_is_an_item(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 1 100.01", terms="thirds")
    moves = story.document(number).movements
    assert [(move.item, str(move.amount), str(move.due)) for move in moves] == [
        (f"{number}.1", "30.00", "2026-04-01"),
        (f"{number}.2", "50.01", "2026-05-01"),
        (f"{number}.3", "20.00", "2026-05-31"),
    ]
    assert story.document(number).due is None


def test_the_payer_owes_what_was_sold_to_a_branch(story: Story) -> None:
    number = story.invoice("LAMP 1", customer="BRANCH")
    invoice = story.document(number)
    assert (invoice.customer, invoice.fact("sold-to")) == ("HOME", "BRANCH")
    assert story.open("HOME") == {number: "47.48"}
    assert story.open("BRANCH") == {}


def test_a_run_makes_one_invoice_per_order_in_the_order_of_their_numbers(story: Story) -> None:
    orders = [story.order(f"LAMP {count}") for count in (1, 2, 3)]
    story("deliver", "--all")
    assert [story.document(number).refers for number in story.posted("invoice", "run")] == orders


def test_a_run_until_a_day_leaves_later_deliveries_for_later(story: Story) -> None:
    order = story.on("2026-03-02").order("LAMP 5")
    story("deliver", order, "--line", "1=2")
    story.on("2026-03-20")("deliver", order)
    first = story.on("2026-03-31").posted("invoice", "run", "--until", "2026-03-15")[0]
    second = story.posted("invoice", "run")[0]
    assert quantities(story.document(first)) == [("LAMP", "2")]
    assert quantities(story.document(second)) == [("LAMP", "3")]
    assert story.posted("invoice", "run", "--until", "2026-03-15") == []


def test_a_run_with_one_impossible_invoice_makes_none(story: Story) -> None:
    story("deliver", story.order("LAMP 1"))
    dollars = story.order("LAMP 1 10.00", customer="DOLLAR")
    story("deliver", dollars)
    (story.root / "manual" / "prices.beancount").write_text("")
    assert "no rate for USD" in story.refused("invoice", "run")


def test_an_invoice_is_not_dated_before_the_delivery(story: Story) -> None:
    order = story.on("2026-03-05").order("LAMP 3")
    story("deliver", order)
    assert "was delivered on 2026-03-05" in story.refused("invoice", "create", order, "--date", "2026-03-04")


def test_the_rate_of_tax_is_that_of_the_day_of_supply(story: Story) -> None:
    story.change(
        "taxes",
        "rates: [{percent: 10}]",
        "rates: [{percent: 10, until: 2026-03-31}, {percent: 11, from: 2026-04-01}]",
    )
    order = story.on("2026-03-31").order("TEN 2 100.00")
    story("deliver", order, "--line", "1=1")
    story.on("2026-04-01")("invoice", "create", order)
    story("deliver", order)
    second = story.posted("invoice", "create", order)[0]
    assert [str(tax.amount) for tax in story.document("INV-2026-0001").taxes] == ["-10.00"]
    assert [str(tax.amount) for tax in story.document(second).taxes] == ["-11.00"]


def test_an_invoice_keeps_what_it_said_when_master_data_change(story: Story) -> None:
    number = story.on("2026-03-02").invoice("LAMP 3")
    before, text = story.document(number), story("invoice", "show", number, "--json")
    story.change("customers", "name: Home Stores\n", "name: Renamed Stores\n")
    story.change("customers", "Main Street 1", "Elsewhere 9")
    story.change("customers", "terms: net30", "terms: halves")
    story.change("prices", "LAMP: 39.90", "LAMP: 49.90")
    story.change("taxes", "rates: [{percent: 19}]", "rates: [{percent: 25}]")
    story.change("terms", "net30: {text: Within 30 days, net_days: 30}", "net30: {text: Later, net_days: 99}")
    after = story.document(number)
    assert after == before
    assert story("invoice", "show", number, "--json") == text
    assert after.fact("bill-to") == "Home Stores\nMain Street 1\n10115 Berlin\nGERMANY"
    assert (after.fact("terms-text"), str(after.due)) == ("Within 30 days", "2026-04-01")


def test_a_credit_note_uses_what_the_invoice_froze(story: Story) -> None:
    number = story.on("2026-03-02").invoice("LAMP 3")
    story.change("prices", "LAMP: 39.90", "LAMP: 49.90")
    story.change("taxes", "rates: [{percent: 19}]", "rates: [{percent: 25}]")
    story("credit-note", "create", number, "--reason", "return", "--line", "1=3")
    assert story.open() == {}


def dollars(story: Story, *lines: str, **head: str) -> str:
    return story.invoice(*lines, customer="DOLLAR", **head)


def test_foreign_currency_is_held_at_the_value_of_the_day(story: Story) -> None:
    number = dollars(story.on("2026-03-02"), "LAMP 3 10.01", "WORK 1 0.03")
    invoice = story.document(number)
    (move,) = invoice.movements
    assert (str(move.amount), move.currency, str(move.carrying)) == ("30.06", "USD", "28.06 EUR")
    assert [(str(line.amount), line.currency, str(line.net)) for line in invoice.lines] == [
        ("-28.03", "EUR", "30.03 USD"),
        ("-0.03", "EUR", "0.03 USD"),
    ]
    assert str(invoice.fact("fx-rate")) == "0.9333"
    assert "{{28.06 EUR" in (story.root / "journal" / "2026-03.beancount").read_text()


@pytest.mark.parametrize("price", ["0.01", "0.02", "10.01", "33.33", "99.99", "1000.00", "123456.78"])
def test_foreign_instalments_sum_to_the_value_of_the_lines_to_the_cent(story: Story, price: str) -> None:
    story.change("customers", "currency: USD", "currency: USD\n  region: domestic")
    number = dollars(story, f"LAMP 3 {price}", f"TEA 1 {price}", terms="thirds")
    invoice = story.document(number)
    carried = sum((move.carrying.number for move in invoice.movements if move.carrying), Decimal(0))
    posted = sum([line.amount for line in invoice.lines] + [tax.amount for tax in invoice.taxes], Decimal(0))
    assert carried + posted == 0
    dollars_read = [line.net for line in invoice.lines] + [tax.tax for tax in invoice.taxes]
    assert sum(move.amount for move in invoice.movements) == sum(amount.number for amount in dollars_read if amount)


def test_a_later_rate_changes_nothing(story: Story) -> None:
    number = dollars(story.on("2026-03-02"), "LAMP 3 10.01")
    before = story.document(number)
    with (story.root / "manual" / "prices.beancount").open("a") as rates:
        rates.write("2026-03-02 price USD  0.5000 EUR\n")
    assert story.document(number) == before


def test_every_entry_balances_to_exactly_zero(story: Story) -> None:
    dollars(story, "LAMP 3 10.01")
    story.invoice("LAMP 3", "TEA 7 11.90 12.5")
    for entry in load(story.root).booked:
        total = Decimal(0)
        for posting in getattr(entry, "postings", ()):
            cost = posting.cost
            total += posting.units.number * cost.number if cost else posting.units.number
        assert abs(total) < Decimal("1e-20")  # a cost per unit is the exact total divided by the units


def test_a_dry_run_prints_the_invoice_and_draws_no_number(story: Story) -> None:
    order = story.order("LAMP 3", invoicing="order")
    before = story.bytes()
    assert 'doc-id: "INV-2026-0001"' in story("invoice", "create", order, "--dry-run")
    assert story.bytes() == before
    assert story.posted("invoice", "create", order) == ["INV-2026-0001"]
