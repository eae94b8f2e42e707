"""The score, part by part, against figures worked out by hand; and the limit it proposes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.credit import history
from o2c.credit import score
from o2c.credit.score import months_before
from o2c.model.documents import Movement
from o2c.model.facts import Moved
from o2c.model.findings import NOWHERE
from o2c.model.items import items

if TYPE_CHECKING:
    from o2c.credit.score import Part
    from tests.credit.conftest import CreditStory

D = Decimal


def parts(story: CreditStory, day: str) -> dict[str, Part]:
    found = history.score(books.load(story.root), "HOME", date.fromisoformat(day))
    return {part.name: part for part in found.parts}


def paid(story: CreditStory, invoiced: str, amount: str, paid_on: str) -> str:
    number = story.on(invoiced).invoice(f"FREE 1 {amount}")
    story.on(paid_on)("receipt", "HOME", f"{amount} EUR", "--apply", number)
    return number


def test_days_late_are_weighted_by_amount(story: CreditStory) -> None:
    paid(story, "2026-01-01", "100.00", "2026-02-10")  # due 31 January: 10 days late
    paid(story, "2026-01-02", "300.00", "2026-02-01")  # on time
    part = parts(story, "2026-02-28")["days_late"]
    assert part.said.startswith("2.5 days late")
    assert part.points == D("38.3")  # 40 x (1 - 2.5 / 60)


def test_what_is_overdue_today_counts_as_late_until_today(story: CreditStory) -> None:
    story.on("2026-01-01").invoice("FREE 1 100.00")  # due 31 January
    assert parts(story, "2026-03-02")["days_late"].said.startswith("30.0 days late")
    assert parts(story, "2026-04-02")["days_late"].points == 0


def test_paying_later_than_before_costs_points(story: CreditStory) -> None:
    paid(story, "2025-03-01", "100.00", "2025-03-31")  # in the first half of the year, on time
    paid(story, "2025-11-01", "100.00", "2025-12-16")  # in the second half, 15 days late
    part = parts(story, "2025-12-31")["trend"]
    assert part.said.startswith("0.0 days late until 2025-06-30, 15.0 after")
    assert part.points == D("5.0")  # 20 x (0.5 - 15 / 60)


def test_disputes_and_returned_payments_cost_points(story: CreditStory) -> None:
    numbers = [paid(story, "2026-01-01", "10.00", "2026-01-20") for _ in range(10)]
    receipt = story.json("receipt", "list")["rows"][-1]["document"]
    story.on("2026-01-22")("reverse", receipt, "--reason", "the bank sent it back")
    file = story.root / "manual" / "disputes.beancount"
    file.write_text(f'2026-01-21 note Assets:AR:HOME "Disputed" #dispute-opened\n  subject: "{numbers[0]}"\n', "utf-8")
    found = parts(story, "2026-01-31")
    assert found["disputes"].said.startswith("1 disputes of 10 invoices")
    assert found["disputes"].points == D("5.0")  # a tenth of the invoices, where a fifth costs all
    assert found["returned_payments"].said.startswith("1 payments returned of 10 receipts")
    assert found["returned_payments"].points == 0


@pytest.mark.parametrize(
    ("limit", "points"), [("1000.00", "0.0"), ("2000.00", "20.0"), ("1250.00", "8.0"), ("1.00", "0.0")]
)
def test_a_limit_that_is_used_up_costs_points(story: CreditStory, limit: str, points: str) -> None:
    story.on("2026-01-01").invoice("FREE 10 100.00")
    story.on("2026-01-02").limit("HOME", f"{limit} EUR")
    assert parts(story, "2026-01-02")["utilisation"].points == D(points)


def test_the_proposed_limit_is_the_turnover_of_some_months_at_the_score(story: CreditStory) -> None:
    paid(story, "2026-01-01", "3000.00", "2026-01-20")
    paid(story, "2026-02-01", "3000.00", "2026-02-20")
    found = history.score(books.load(story.root), "HOME", date(2026, 2, 28))
    assert found.total == D("80.0")  # 40 + 10 (nothing to compare) + 10 + 10 + 10 (no limit)
    assert found.proposal == D("4800.00")  # 6000 / 2 months x 2 x 0.80
    rows = story.on("2026-02-28").json("credit", "score", "HOME")["rows"]
    assert rows[-1]["amount"] == "4800.00"
    assert rows[-1]["arithmetic"].startswith("turnover 6000.00 EUR / 2 months x 2 x 80.0 / 100")


def test_without_history_nothing_is_proposed(story: CreditStory) -> None:
    found = history.score(books.load(story.root), "HOME", date(2026, 2, 28))
    assert found.proposal is None
    assert "nothing was bought or paid since 2025-02-28" in found.proposal_said


def test_the_weights_come_from_the_policies(story: CreditStory) -> None:
    weights = "days_late: 100, trend: 0, disputes: 0, returned_payments: 0, utilisation: 0"
    story.rules(f"  score: {{months: 6, turnover_months: 1, weights: {{{weights}}}}}\n")
    paid(story, "2026-01-01", "600.00", "2026-02-15")  # 15 days late
    assert history.score(books.load(story.root), "HOME", date(2026, 2, 28)).total == D("75.0")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 12, "2025-01-15"),
        ("2026-02-01", 14, "2024-12-01"),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_last_of_a_shorter_month(
    day: str, months: int, before: str
) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(before)


def test_a_part_payment_of_a_lot_counts_what_was_paid_and_not_the_lot_taken_out() -> None:
    """1000 USD are taken out whole and 400 put back: 600 were paid, ten days late."""
    invoice = moved(date(2026, 1, 1), "INV-1", "invoice", "1000", due=date(2026, 1, 31))
    receipt = [moved(date(2026, 2, 10), "RC-1", "receipt", amount) for amount in ("-1000", "400")]
    entries = [invoice, *receipt]
    known = items(entries, date(2026, 2, 20)).values()
    paid = score.payments(entries, known, date(2026, 1, 1), date(2026, 2, 20), lambda amount, _: amount)
    assert paid == [
        score.Paid(Decimal(600), 10, date(2026, 2, 10)),
        score.Paid(Decimal(400), 20, date(2026, 2, 20)),
    ]


def moved(day: date, doc_id: str, doc_type: str, amount: str, due: date | None = None) -> Moved:
    movement = Movement("Assets:AR:C1", "INV-1", Decimal(amount), "USD", due)
    return Moved(day, doc_id, doc_type, movement, due, NOWHERE, "invoice" if doc_id != "INV-1" else "")
