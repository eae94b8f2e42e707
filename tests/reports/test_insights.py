"""Insights: each rule finds what it should, says nothing below its minimum, and its documents sum to its money."""

from __future__ import annotations

import shutil
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c import reports
from o2c.books.index.books import IndexedBooks
from o2c.reports.noticing import rules
from tests.reports import entries
from tests.reports.test_forecast import history
from tests.reports.test_lists_by_order import confirmed
from tests.reports.test_lists_by_order import delivered
from tests.reports.test_lists_by_order import invoiced
from tests.reports.test_lists_by_order import order
from tests.reports.test_partitions import CASES
from tests.reports.test_partitions import START
from tests.reports.test_partitions import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from tests.reports.entries import Make
    from tests.reports.test_partitions import Case

DEMO = Path(__file__).parents[2] / "ledger"
DAY = date(2026, 6, 30)


def said(books: Books, rule: str, day: date = DAY) -> list[tuple[object, ...]]:
    """Give what a rule says, as money and sentence."""
    rows = reports.run("insights", books, day).rows
    return [(row["money"], row["insight"]) for row in rows if row["rule"] == rule]


def behind(books: Books, rule: str, day: date = DAY) -> list[tuple[object, ...]]:
    """Give the documents behind a rule, with what they show."""
    rows = reports.run("insight-items", books, day).rows
    return [(row["document"], row["money"], row["shows"]) for row in rows if row["rule"] == rule]


def owed(item: str, amount: str, due: str, customer: str = "C1") -> str:
    return entries.sold(item, "2026-01-01", amount, due=due, customer=customer)


def test_late_payers_and_what_would_be_here(books: Make) -> None:
    text = history([18, 20, 3, 18, 30]) + owed("INV-A", "70.00", "2026-06-20") + owed("INV-B", "9.00", "2026-07-20")
    ((money, sentence),) = said(books(text), "late-payers")
    habit = "1 customer pays a median 18 days late on terms of 30 days (5 payments of items in 365 days)"
    assert (money, sentence) == (70, f"{habit}: 70.00 EUR would be here by now, had they paid on the due date")
    assert behind(books(text), "late-payers") == [("INV-A", 70, "10 days past due")]


def test_four_payments_are_no_habit_and_four_days_are_not_late(books: Make) -> None:
    item = owed("INV-A", "70.00", "2026-06-20")
    assert said(books(history([18] * 4) + item), "late-payers") == []
    assert said(books(history([4] * 9) + item), "late-payers") == []
    assert said(books(history([18] * 5) + item), "late-payers", date(2027, 6, 30)) == []  # more than a year ago


def test_what_late_payers_dispute_is_not_late(books: Make) -> None:
    text = history([18] * 5) + owed("INV-A", "70.00", "2026-06-20")
    part = entries.noted("dispute-opened", "2026-06-21", "INV-A", amount="30.00 EUR")
    whole = entries.noted("dispute-opened", "2026-06-21", "INV-A")
    assert behind(books(text + part), "late-payers") == [
        ("INV-A", 40, "10 days past due, less 30.00 EUR disputed or on account")
    ]
    assert said(books(text + whole), "late-payers") == []


def test_what_late_payers_have_with_us_already_is_not_missing(books: Make) -> None:
    text = history([18] * 5) + owed("INV-A", "70.00", "2026-06-20") + owed("INV-B", "10.00", "2026-06-25")
    assert behind(books(text + entries.paid("RC-A", "2026-06-24", "75.00")), "late-payers") == [
        ("INV-B", 5, "5 days past due, less 5.00 EUR disputed or on account")
    ]
    assert said(books(text + entries.paid("RC-A", "2026-06-24", "80.00")), "late-payers") == []


def test_one_late_transfer_for_many_invoices_is_no_habit(books: Make) -> None:
    def paid_on(*days: int) -> str:
        return "".join(
            owed(f"INV-{n}", "5.00", "2026-03-01") + entries.paid(f"RC-{n}", f"2026-04-{day:02}", "5.00", f"INV-{n}")
            for n, day in enumerate(days)
        )

    item = owed("INV-A", "70.00", "2026-06-20")
    assert said(books(paid_on(8, 8, 8, 8, 9) + item), "late-payers") == []
    assert [money for money, _ in said(books(paid_on(8, 8, 8, 9, 10) + item), "late-payers")] == [70]


def test_a_customer_that_pays_slower_than_before(books: Make) -> None:
    """The first five of January come at once, the other five 95 days later, in April."""
    text = history([0] * 5 + [95] * 5) + owed("INV-A", "70.00", "2026-07-20")
    assert said(books(text), "slower") == [
        (70, "1 customer paid 7 days or more later in the last 90 days than before: they owe 70.00 EUR")
    ]
    assert behind(books(text), "slower") == [("INV-A", 70, "median 95 days after the due date, 0 before")]
    assert said(books(history([0] * 4 + [95] * 5) + owed("INV-A", "70.00", "2026-07-20")), "slower") == []


def test_money_that_came_twice(books: Make) -> None:
    text = owed("INV-A", "70.00", "2026-05-01") + entries.paid("RC-1", "2026-05-01", "70.00", "INV-A")
    again = entries.paid("RC-2", "2026-06-15", "70.00")
    assert behind(books(text + again), "paid-twice") == [("RC-2", 70, "same amount as RC-1 of 2026-05-01")]
    assert said(books(text + entries.paid("RC-2", "2026-06-15", "70.01")), "paid-twice") == []
    assert said(books(text + entries.paid("RC-2", "2026-07-01", "70.00")), "paid-twice", date(2026, 7, 9)) == []
    bounced = entries.bounced("RV-1", "2026-05-09", "70.00", "RC-1", "INV-A")
    assert said(books(text + bounced + again), "paid-twice") == []


def test_money_on_account_of_customers_who_owe(books: Make) -> None:
    money = entries.paid("RC-1", "2026-06-15", "50.00")
    assert said(books(money + owed("INV-A", "80.00", "2026-07-20")), "unapplied") == [
        (50, "1 receipt on account for more than 14 days: 50.00 EUR of customers who owe 80.00 EUR")
    ]
    assert said(books(money + owed("INV-A", "80.00", "2026-07-20", "C2")), "unapplied") == []
    assert said(books(money + owed("INV-A", "80.00", "2026-07-20")), "unapplied", date(2026, 6, 29)) == []


@pytest.mark.parametrize("above", [False, True], ids=["below its receipt", "above its receipt"])
def test_money_taken_back_from_an_invoice_lies_on_account_wherever_that_stands(books: Make, above: bool) -> None:
    receipt = entries.paid("RC-1", "2026-06-01", "80.00", "INV-A")
    back = entries.taken_back("AL-1", "2026-06-01", "80.00", "RC-1", "RC-1", "INV-A")
    again = entries.paid("RC-2", "2026-06-20", "80.00")
    made = books(owed("INV-A", "80.00", "2026-07-20") + (back + receipt if above else receipt + back) + again)
    assert said(made, "unapplied") == [
        (80, "1 receipt on account for more than 14 days: 80.00 EUR of customers who owe 80.00 EUR")
    ]
    assert behind(made, "unapplied") == [("RC-1", 80, "since 29 days")]
    assert [document for document, *_ in behind(made, "paid-twice")] == ["RC-2"]


def test_a_credit_note_used_and_given_back_above_itself_is_a_credit_not_used(books: Make) -> None:
    note = entries.credited("CN-1", "2026-05-01", "30.00", "INV-A")
    back = entries.taken_back("AL-1", "2026-05-01", "30.00", "CN-1", "CN-1", "INV-A")
    made = books(owed("INV-A", "80.00", "2026-07-20") + back + note)
    assert behind(made, "unused-credits") == [("CN-1", 30, "since 60 days")]


def test_credit_notes_that_nobody_uses(books: Make) -> None:
    posting = f"{entries.moved('CN-1', '-20.00', is_credit=True)};Income:Sales  20.00 EUR"
    text = entries.doc("credit-note", "CN-1", "2026-05-30", posting)
    assert behind(books(text), "unused-credits") == [("CN-1", 20, "since 31 days")]
    assert said(books(text), "unused-credits", date(2026, 6, 29)) == []


def test_small_rests_are_worth_a_sentence_from_five_on(books: Make) -> None:
    def rests(number: int) -> str:
        return "".join(
            owed(f"INV-{n}", "100.00", "2026-07-30") + entries.paid(f"RC-{n}", "2026-06-01", "99.00", f"INV-{n}")
            for n in range(number)
        )

    large = owed("INV-L", "100.00", "2026-07-30") + entries.paid("RC-L", "2026-06-01", "98.99", "INV-L")
    ((money, sentence),) = said(books(rests(5) + large), "small-rests")
    assert (money, str(sentence)[:46]) == (5, "5 items have a rest of at most 1 % after payme")
    assert said(books(rests(4) + large), "small-rests") == []


def test_nobody_is_forgotten_who_was_called(books: Make) -> None:
    text = owed("INV-A", "70.00", "2026-04-01")
    assert len(said(books(text), "forgotten")) == 1
    assert said(books(text + entries.noted("remark", "2026-06-20", "C1")), "forgotten") == []
    assert len(said(books(text + entries.noted("remark", "2026-04-20", "C1")), "forgotten")) == 1


def test_one_customer_owes_a_quarter(books: Make) -> None:
    others = "".join(owed(f"INV-{n}", "30.00", "2026-07-20", f"C{n}") for n in range(2, 6))
    assert said(books(others + owed("INV-1", "40.00", "2026-07-20")), "concentration") == [
        (40, "C1 owes 40.00 EUR, 25.00 % of what 5 customers owe")
    ]
    assert said(books(others + owed("INV-1", "39.99", "2026-07-20")), "concentration") == []
    few = "".join(owed(f"INV-{n}", "30.00", "2026-07-20", f"C{n}") for n in range(2, 5))
    assert said(books(few + owed("INV-1", "500.00", "2026-07-20")), "concentration") == []


def test_a_dispute_is_old_after_thirty_days_unless_it_is_resolved(books: Make) -> None:
    text = owed("INV-A", "70.00", "2026-06-20") + entries.noted(
        "dispute-opened", "2026-05-31", "INV-A", amount="30.00 EUR"
    )
    assert said(books(text), "old-disputes") == [(30, "1 item is disputed for 30 days or more: 30.00 EUR")]
    assert said(books(text), "old-disputes", date(2026, 6, 29)) == []
    assert said(books(text + entries.noted("dispute-resolved", "2026-06-02", "INV-A")), "old-disputes") == []


def test_a_promise_is_broken_on_the_day_after_it(books: Make) -> None:
    text = owed("INV-A", "70.00", "2026-05-20") + entries.noted("promise", "2026-06-01", "INV-A", promised="2026-06-29")
    assert said(books(text), "broken-promises") == [
        (70, "1 customer did not keep a promise to pay: 70.00 EUR is still open")
    ]
    assert said(books(text), "broken-promises", date(2026, 6, 29)) == []
    newer = entries.noted("promise", "2026-06-30", "INV-A", promised="2026-07-10")
    assert said(books(text + newer), "broken-promises") == []
    assert said(books(text + entries.paid("RC-1", "2026-06-30", "70.00", "INV-A")), "broken-promises") == []


def test_what_is_overdue_without_a_word_is_forgotten(books: Make) -> None:
    text = owed("INV-A", "70.00", "2026-04-30")
    assert behind(books(text), "forgotten") == [("INV-A", 70, "61 days past due")]
    assert said(books(text), "forgotten", date(2026, 6, 29)) == []
    assert said(books(text + entries.noted("reminder", "2026-05-02", "INV-A")), "forgotten") == []
    assert said(books(text + entries.noted("reminder", "2026-05-01", "INV-A")), "forgotten")


def test_more_and_more_is_credited(books: Make) -> None:
    sold = owed("INV-A", "1000.00", "2026-12-31") + entries.sold("INV-B", "2026-06-01", "1000.00", due="2026-12-31")
    few = "".join(entries.credited(f"CN-A{n}", "2026-03-01", "10.00", "INV-A") for n in range(4))
    lately = "".join(entries.credited(f"CN-B{n}", "2026-06-02", "12.00", "INV-A") for n in range(5))
    first = entries.sold("INV-C", "2026-02-01", "1000.00", due="2026-12-31")
    assert said(books(sold + first + few + lately), "more-credit-notes") == [
        (60, "5 credit notes in 90 days: 60.00 EUR, 6.00 % of what was invoiced, 4.00 % in the 90 days before")
    ]
    assert said(books(sold + first + lately), "more-credit-notes") == []  # nothing to compare with
    assert said(books(sold + first + few + lately), "more-credit-notes", date(2026, 6, 1)) == []


def test_a_discount_that_was_taken_too_late(books: Make) -> None:
    posting = f"{entries.moved('INV-A', '119.00')};Income:Sales  -119.00 EUR"
    facts = {"due": "2026-05-31", "discount_until": "2026-05-11", "discount_percent": "2"}
    text = entries.doc("invoice", "INV-A", "2026-05-01", posting, **facts)
    late = entries.paid("RC-1", "2026-05-12", "116.62", "INV-A")
    assert behind(books(text + late), "late-discounts") == [("INV-A", Decimal("2.38"), "paid 2026-05-12")]
    assert said(books(text + late.replace("2026-05-12", "2026-05-11")), "late-discounts") == []
    assert said(books(text + late.replace("116.62", "116.61")), "late-discounts") == []


@settings(max_examples=15)
@given(CASES, st.integers(0, 150))
def test_what_is_dated_later_changes_no_insight(books: Make, cases: list[Case], offset: int) -> None:
    day = START + timedelta(days=offset)
    before, after = books(ledger(cases, offset + 1)), books(ledger(cases))
    assert reports.run("insights", after, day) == reports.run("insights", before, day)
    items = reports.run("insight-items", after, day)
    assert items == reports.run("insight-items", before, day)
    assert all(Decimal(str(row["money"])) > 0 for row in items.rows)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo books, with a limit that is too small."""
    folder = tmp_path_factory.mktemp("insights") / "books"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns(".o2c"))
    with (folder / "manual" / "limits.beancount").open("w") as file:
        file.write('2026-03-20 custom "o2c-limit" "C0001" 10.00 EUR\n  by: "petra"\n  why: "test"\n')
    with (folder / "main.beancount").open("a") as file:
        file.write('\ninclude "manual/limits.beancount"\n')
    return folder


@pytest.fixture(scope="module")
def loaded(root: Path) -> Books:
    return door.load(root)


@pytest.fixture
def indexed(root: Path, loaded: Books) -> Iterator[IndexedBooks]:
    door.note_loaded(loaded)
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    yield books
    books.connection.close()


def test_insights_are_the_same_through_both_doors(indexed: IndexedBooks, loaded: Books) -> None:
    for name in ("insights", "insight-items"):
        for options in ({}, {"customer": "C0001"}, {"group": "RIVE-CLAIRE"}, {"currency": "GBP"}):
            assert reports.run(name, indexed, DAY, **options) == reports.run(name, loaded, DAY, **options)
    assert "whole" not in vars(indexed)


def test_over_the_limit_by_what_the_exposure_says(loaded: Books) -> None:
    day = date(2026, 3, 31)
    over = {
        row["customer"]: -Decimal(str(row["available"]))
        for row in reports.run("exposure", loaded, day).rows
        if row["available"] != "" and Decimal(str(row["available"])) < 0
    }
    assert "C0001" in over
    assert {document: money for document, money, _ in behind(loaded, "over-limit", day)} == over
    assert "C0001" not in {document for document, *_ in behind(loaded, "over-limit", date(2026, 3, 19))}


def test_delivered_and_not_invoiced_for_more_than_a_week(books: Make) -> None:
    text = order(1) + confirmed(1) + delivered(1, 4) + delivered(1, 2, "2026-06-14") + invoiced(1, 3)
    assert said(books(text), "not-invoiced", date(2026, 6, 22)) == [
        (Decimal("11.90"), "1 order line delivered more than 7 days ago and not invoiced: 11.90 EUR")
    ]
    assert behind(books(text), "not-invoiced") == [("SO-1", Decimal("11.90"), "line 1, 16 days ago")]
    assert said(books(text), "not-invoiced", date(2026, 6, 21)) == []


def test_the_documents_behind_an_insight_sum_to_its_money(loaded: Books) -> None:
    for day in (date(2026, 2, 28), date(2026, 3, 31), DAY):
        insights, items = (reports.run(name, loaded, day).rows for name in ("insights", "insight-items"))
        for row in insights:
            mine = [one for one in items if (one["rule"], one["currency"]) == (row["rule"], row["currency"])]
            others = [one for one in insights if (one["rule"], one["currency"]) == (row["rule"], row["currency"])]
            assert sum(Decimal(str(one["money"])) for one in mine) == sum(Decimal(str(one["money"])) for one in others)
        assert [(row["currency"], -Decimal(str(row["money"]))) for row in insights] == sorted(
            (row["currency"], -Decimal(str(row["money"]))) for row in insights
        )


def test_books_without_anything_to_say_have_no_insight(books: Make) -> None:
    assert reports.run("insights", books(""), DAY).rows == ()
    assert reports.run("insights", books(owed("INV-A", "70.00", "2026-07-20")), DAY).rows == ()
    assert reports.run("insights", books(owed("INV-A", "70.00", "2026-07-20")), date.min).rows == ()


def test_every_rule_has_a_sentence_about_itself() -> None:
    assert len(rules.RULES) >= 8
    assert all(rule.__doc__ for rule in rules.RULES.values())
