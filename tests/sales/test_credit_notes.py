"""Credit notes: by quantity, by amount, in full; together never more and in the end exactly the invoice."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import ROUND_DOWN
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest
from beancount.core.amount import Amount
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.books import load
from o2c.books import preview
from o2c.errors import Refused
from o2c.model import items
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.model.writing import write
from o2c.sales import credit_notes
from o2c.sales import invoices
from o2c.sales import order_decisions
from o2c.sales import orders
from o2c.sales.requests import LineRequest
from o2c.sales.requests import OrderRequest
from tests.scenarios.books import Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Entry

DAY = date(2026, 3, 2)
ACT = Act("anna", "2026-03-02T09:00:00Z", "test")
ZERO = Decimal(0)


# ---- by quantity, by amount, in full --------------------------------------------------------------------------------


def credit(story: Story, invoice: str, *what: str, reason: str = "return") -> str:
    return story.posted("credit-note", "create", invoice, "--reason", reason, *what)[0]


def test_returned_pieces_lower_the_invoice_with_their_tax(story: Story) -> None:
    invoice = story.invoice("LAMP 3", "TEA 2")
    number = credit(story, invoice, "--line", "1=1")
    note = story.document(number)
    assert [(str(line.amount), str(line.quantity), line.account) for line in note.lines] == [
        ("39.90", "1", "Income:Sales:Returns")
    ]
    assert [str(tax.amount) for tax in note.taxes] == ["7.58"]
    assert story.open() == {invoice: "120.43"}


def test_an_amount_lowers_the_price_of_a_line(story: Story) -> None:
    invoice = story.invoice("LAMP 3", "TEA 2")
    note = story.document(credit(story, invoice, "--line", "2=3.80 EUR", reason="price"))
    assert [(str(line.amount), line.quantity, line.price) for line in note.lines] == [("3.80", 0, None)]
    assert [str(tax.amount) for tax in note.taxes] == ["0.27"]
    assert note.lines[0].account == "Income:Sales"


def test_a_full_credit_takes_back_every_posting(story: Story) -> None:
    invoice = story.invoice("LAMP 3", "TEA 2")
    credit(story, invoice, "--full", reason="price")
    assert story.balances() == {}
    assert "nothing is left" in story.refused("credit-note", "create", invoice, "--reason", "price", "--full")


def test_a_full_credit_after_partial_ones_takes_exactly_the_rest(story: Story) -> None:
    invoice = story.invoice("LAMP 3", "TEA 2")
    credit(story, invoice, "--line", "1=1", reason="price")
    credit(story, invoice, "--line", "1=10.01 EUR", "--line", "2=1", reason="price")
    credit(story, invoice, "--full", reason="price")
    assert story.balances() == {}
    assert story.open() == {}


def test_an_invoice_of_one_cent_of_tax_is_credited_without_a_cent_left(story: Story) -> None:
    """Three parts of 0.01 have tax 0.00 each by themselves; the last one brings the cent that the invoice had."""
    invoice = story.invoice("TWENTY 3 0.01")
    notes = [credit(story, invoice, "--line", "1=1", reason="price") for _ in range(3)]
    assert [str(tax.amount) for note in notes for tax in story.document(note).taxes] == ["0.00", "0.00", "0.01"]
    assert story.balances() == {}


def test_parts_that_round_up_do_not_give_back_more_tax_than_there_was(story: Story) -> None:
    """Each part of 0.03 has tax 0.01 by itself, together 0.03; the invoice had 0.02."""
    invoice = story.invoice("TWENTY 3 0.03")
    notes = [credit(story, invoice, "--line", "1=1", reason="price") for _ in range(3)]
    assert [str(tax.amount) for note in notes for tax in story.document(note).taxes] == ["0.01", "0.01", "0.00"]
    assert story.balances() == {}


def test_the_last_pieces_take_what_is_left_of_a_line_after_a_reduction(story: Story) -> None:
    invoice = story.invoice("LAMP 3")
    credit(story, invoice, "--line", "1=19.70 EUR", reason="price")
    note = story.document(credit(story, invoice, "--line", "1=3"))
    assert str(note.lines[0].amount) == "100.00"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("1=4", "4 is more than the 3 not credited yet"),
        ("1=119.71 EUR", "not between 0 and the 119.70 EUR"),
        ("1=-1", "not between 0"),
        ("1=0", "not between 0"),
        ("1=1.00 USD", "is in EUR, not USD"),
    ],
)
def test_more_or_less_than_the_line_has_is_refused(story: Story, asked: str, why: str) -> None:
    invoice = story.invoice("LAMP 3")
    assert why in story.refused("credit-note", "create", invoice, "--reason", "return", "--line", asked)


def test_two_commands_together_do_not_credit_more_than_the_line_has(story: Story) -> None:
    invoice = story.invoice("LAMP 3")
    credit(story, invoice, "--line", "1=2")
    assert "2 is more than the 1" in story.refused(
        "credit-note", "create", invoice, "--reason", "return", "--line", "1=2"
    )


def test_a_line_the_invoice_does_not_have_is_wrong_usage(story: Story) -> None:
    invoice = story.invoice("LAMP 3")
    story.refused("credit-note", "create", invoice, "--reason", "return", "--line", "2=1", code=2)


def test_the_reason_must_be_one_for_credit_notes(story: Story) -> None:
    invoice = story.invoice("LAMP 3")
    assert "is for write-offs" in story.refused("credit-note", "create", invoice, "--reason", "bad-debt", "--full")
    assert "no reason 'whim'" in story.refused("credit-note", "create", invoice, "--reason", "whim", "--full")


def test_a_credit_note_is_not_dated_before_its_invoice(story: Story) -> None:
    invoice = story.on("2026-03-05").invoice("LAMP 3")
    story.refused("credit-note", "create", invoice, "--reason", "return", "--full", "--date", "2026-03-04")


def test_what_was_paid_already_becomes_a_credit_of_the_customer(story: Story) -> None:
    invoice = story.invoice("FREE 1 100.00")
    story("receipt", "HOME", "70.00 EUR", "--apply", invoice)
    number = credit(story, invoice, "--full", reason="price")
    assert story.open() == {number: "-70.00"}
    assert story.balances() == {"Assets:Bank:Main": "70.00", "Liabilities:Customer-Deposits:HOME": "-70.00"}


def test_instalments_are_lowered_in_the_order_they_fall_due(story: Story) -> None:
    invoice = story.invoice("FREE 1 100.00", terms="thirds")
    credit(story, invoice, "--line", "1=40.00 EUR", reason="price")
    assert story.open() == {f"{invoice}.2": "40.00", f"{invoice}.3": "20.00"}


def test_the_payer_gets_the_credit_of_a_branch(story: Story) -> None:
    invoice = story.invoice("LAMP 1", customer="BRANCH")
    credit(story, invoice, "--full")
    assert (story.open("HOME"), story.open("BRANCH")) == ({}, {})


def test_credited_goods_are_not_invoiced_again(story: Story) -> None:
    order = story.order("LAMP 3")
    story("deliver", order)
    credit(story, story.posted("invoice", "create", order)[0], "--line", "1=1")
    assert story.posted("invoice", "run") == []


# ---- after a write-off ----------------------------------------------------------------------------------------------


def test_a_credit_note_never_gives_back_what_was_written_off(story: Story) -> None:
    invoice = story.invoice("FREE 1 100.00")
    story("receipt", "HOME", "50.00", "--apply", invoice)
    given_up = story.posted("write-off", invoice, "10.00", "--reason", "small-difference")[0]
    said = story.refused("credit-note", "create", invoice, "--reason", "price", "--full")
    assert f"10.00 EUR of {invoice} is written off by {given_up}" in said
    assert f"`o2c reverse {given_up} --reason ...`" in said
    story("reverse", given_up, "--reason", "credited instead")
    credit(story, invoice, "--full", reason="price")
    assert story.balances()["Liabilities:Customer-Deposits:HOME"] == "-50.00"


def test_a_smaller_credit_note_after_a_write_off_is_right_and_counts_for_the_next(story: Story) -> None:
    invoice = story.invoice("FREE 1 100.00")
    story("write-off", invoice, "10.00", "--reason", "small-difference")
    credit(story, invoice, "--line", "1=60.00 EUR", reason="price")
    said = story.refused("credit-note", "create", invoice, "--reason", "price", "--line", "1=30.01 EUR")
    assert "so 30.00 EUR may be credited, not 30.01 EUR" in said
    credit(story, invoice, "--line", "1=30.00 EUR", reason="price")
    assert story.open() == {}


def test_a_write_off_of_dollars_cannot_be_credited_either(story: Story) -> None:
    invoice = story.invoice("FREE 1 100.00", customer="DOLLAR")
    story("write-off", invoice, "10.00", "--reason", "small-difference")
    said = story.refused("credit-note", "create", invoice, "--reason", "price", "--full")
    assert "so 90.00 USD may be credited, not 100.00 USD" in said


# ---- foreign currency -----------------------------------------------------------------------------------------------


def test_a_foreign_invoice_credited_in_parts_leaves_no_lot_behind(story: Story) -> None:
    invoice = story.invoice("LAMP 3 3.33", customer="DOLLAR")
    for _ in range(3):
        credit(story, invoice, "--line", "1=1", reason="price")
    assert story.open("DOLLAR") == {}
    assert sum(map(Decimal, story.balances().values()), ZERO) == 0
    assert "Assets:AR:DOLLAR" not in story.balances()


def test_a_credit_note_in_foreign_currency_takes_the_rate_of_its_invoice(story: Story) -> None:
    invoice = story.on("2026-02-02").invoice("LAMP 1 100.00", customer="DOLLAR")
    story.on("2026-03-09")
    note = story.document(credit(story, invoice, "--full", reason="price"))
    assert str(note.lines[0].amount) == "90.00"
    assert story.balances() == {}


@settings(max_examples=15)
@given(st.integers(10, 99999), st.lists(st.integers(1, 99), max_size=4))
def test_foreign_lots_end_at_exactly_zero_whatever_is_credited_before(
    tmp_path_factory: pytest.TempPathFactory, cents: int, percents: list[int]
) -> None:
    story = Story(tmp_path_factory.mktemp("story") / "books")
    story.change("customers", "currency: USD", "currency: USD\n  region: domestic")
    invoice = story.invoice(f"LAMP 1 {Decimal(cents) / 100}", customer="DOLLAR", terms="halves")
    left = Decimal(cents) / 100
    for percent in percents:
        part = (left * percent / 100).quantize(Decimal("0.01"), ROUND_DOWN)
        if part:
            credit(story, invoice, "--line", f"1={part} USD", reason="price")
            left -= part
    credit(story, invoice, "--full", reason="price")
    assert story.open("DOLLAR") == {}
    balances = {account: Decimal(total) for account, total in story.balances().items()}
    assert "Assets:AR:DOLLAR" not in balances
    assert sum(balances.values(), ZERO) == 0
    assert all(abs(total) <= Decimal("0.05") for total in balances.values())


# ---- any sequence of credits ----------------------------------------------------------------------------------------


class Part(NamedTuple):
    """A credit that is tried: which line, by quantity or by amount, how much of its rest in percent."""

    line: int
    by_quantity: bool
    percent: int


PRICES = st.decimals("0.001", "250", places=3)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["TEN", "TWENTY", "FREE", "LAMP"]),
        st.decimals("0.25", "40", places=2),
        PRICES,
        st.sampled_from(["0", "0", "2.5", "33.33"]),
    ),
    min_size=1,
    max_size=4,
)
PARTS = st.lists(st.builds(Part, st.integers(1, 4), st.booleans(), st.integers(1, 100)), max_size=6)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Give books without documents; what is posted in these tests stays in memory."""
    root: Path = tmp_path_factory.mktemp("credits") / "books"
    Story(root)
    accounts = f"2010-01-01 open {names.receivable('HOME')}\n2010-01-01 open {names.deposit('HOME')}\n"
    (root / "manual" / "accounts.beancount").write_text(accounts)
    return load(root)


def posted(books: Books, entries: Sequence[Entry]) -> Books:
    """Give the books with more entries, which must be clean."""
    after, _ = preview(books, write(entries))
    assert after.errors == ()
    return after


def sold(books: Books, lines: Sequence[tuple[str, Decimal, Decimal, str]]) -> tuple[Books, Document]:
    """Sell some lines: take an order in, confirm it, invoice it."""
    asked = tuple(LineRequest("", sku, number, price, Decimal(less), "", None) for sku, number, price, less in lines)
    request = OrderRequest("", "", "HOME", DAY, "", "", "order", "", "", "", None, asked)
    order = orders.take_in(books, ACT, DAY, [request])
    books = posted(books, order)
    books = posted(books, order_decisions.confirm(books, ACT, DAY, [order[0].doc_id], accept_prices=True))
    (invoice,) = invoices.create(books, ACT, DAY, order[0].doc_id)
    return posted(books, [invoice]), invoice


def paid(books: Books, invoice: Document, amount: Decimal) -> Books:
    """Receive money for the invoice."""
    moves = (Movement(names.receivable("HOME"), invoice.doc_id, -amount, "EUR"),)
    bank = (Other("Assets:Bank:Main", amount, "EUR"),)
    receipt = Document("receipt", "RC-2026-0001", DAY, "HOME", "EUR", "Home", "", moves, others=bank, act=ACT)
    return posted(books, [receipt._replace(tags=frozenset({"receipt"}), links=frozenset({"RC-2026-0001"}))])


def tried(books: Books, invoice: Document, part: Part) -> Books:
    """Try a credit; one that goes beyond the line is refused and changes nothing."""
    found = [line for line in invoice.lines if line.number == part.line]
    if not found:
        return books
    notes = list(books.facts.documents(names.CREDIT_NOTE))
    mine = [line for doc in notes for line in doc.lines if dict(line.extra)["invoice-line"] == part.line]
    rest = found[0].quantity if part.by_quantity else -found[0].amount
    rest -= sum((line.quantity if part.by_quantity else line.amount for line in mine), ZERO)
    wanted = (rest * part.percent / 100).quantize(Decimal("0.01"), ROUND_DOWN)
    asked = wanted if part.by_quantity else Amount(wanted, "EUR")
    try:
        return posted(
            books, credit_notes.create(books, ACT, DAY, invoice.doc_id, "price", {part.line: asked}, full=False)
        )
    except Refused:
        assert part.by_quantity or not wanted
        return books


@given(LINES, PARTS, st.integers(0, 100))
def test_any_credits_and_then_the_rest_give_back_exactly_the_invoice(
    empty: Books, lines: list[tuple[str, Decimal, Decimal, str]], parts: list[Part], percent_paid: int
) -> None:
    books, invoice = sold(empty, lines)
    gross = sum((move.amount for move in invoice.movements), ZERO)
    payment = (gross * percent_paid / 100).quantize(Decimal("0.01"), ROUND_DOWN)
    if payment:
        books = paid(books, invoice, payment)
    for part in parts:
        books = tried(books, invoice, part)
    with contextlib.suppress(Refused):  # where the parts were all of it already
        books = posted(books, credit_notes.create(books, ACT, DAY, invoice.doc_id, "price", {}, full=True))

    notes = books.facts.documents(names.CREDIT_NOTE)
    assert sum((line.amount for note in notes for line in note.lines), ZERO) == -sum(
        line.amount for line in invoice.lines
    )
    for tax in invoice.taxes:
        given_back = [other.amount for note in notes for other in note.taxes if other.code == tax.code]
        assert sum(given_back, ZERO) == -tax.amount
        assert all(amount >= 0 for amount in given_back)
    open_now = items.open_items(books.facts.moved)
    assert sum((item.open for item in open_now), ZERO) == -payment
    assert invoice.doc_id not in {item.item for item in open_now}
