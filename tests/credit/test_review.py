"""Who is due for review, and what `credit show` and `credit check` say; the same through the index and without it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.reports import credit_review
from o2c.reports import credit_score
from o2c.reports import credit_standing
from o2c.starting import start_demo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.credit.conftest import CreditStory


def why(story: CreditStory) -> dict[str, str]:
    return {row["name"]: row["why"] for row in story.json("credit", "review")["rows"]}


def test_the_review_names_who_is_due_and_why(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR", "--review", "2026-03-20")
    story.limit("NORTH", "100.00 EUR")
    story.limit("NORTH", "100.00 EUR", "--until", "2026-03-10")
    story.limit("SOUTH", "50.00 EUR", "--kind", "insured", "--until", "2026-03-05")
    story.invoice("FREE 1 60.00", customer="WEST")
    story("credit", "hold", "DOLLAR", "--reason", "unknown owner")
    assert why(story) == {
        "DOLLAR": "no limit; blocked",
        "HOME": "review due on 2026-03-20",
        "NORTH": "ends on 2026-03-10",
        "SOUTH": "ends on 2026-03-05",
        "WEST": "no limit",
    }
    story.on("2026-03-25")
    assert why(story) == {
        "DOLLAR": "no limit; blocked",
        "HOME": "review was due on 2026-03-20",
        "SOUTH": "ended on 2026-03-05",
        "WEST": "no limit",
    }


def test_the_review_names_who_is_over_the_limit(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    story.order("FREE 1 100.00")
    assert why(story) == {}
    story.on("2026-03-03").limit("HOME", "99.00 EUR")
    assert why(story) == {"HOME": "over the limit by 1.00"}


def test_show_names_terms_limits_and_what_drafts_would_add(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    invoice = story.invoice("FREE 1 300.00")
    story.posted("receipt", "HOME", "50.00 EUR")
    order = story.order("FREE 4 100.00")
    story("deliver", order, "--line", "1=1")
    draft, held = story.draft("FREE 2 100.00"), story.draft("FREE 9 100.00")
    story.held("order", "confirm", held)
    rows = story.json("credit", "show", "HOME")["rows"]
    assert [(row["term"], row["document"], row["amount"]) for row in rows if row["document"] and row["amount"]] == [
        ("unapplied", "RC-2026-0001", "-50.00"),
        ("open-item", invoice, "300.00"),
        ("open-order", order, "300.00"),
        ("unbilled-delivery", order, "100.00"),
        ("draft", draft, "200.00"),
        ("held", held, "900.00"),
    ]
    amounts = {row["term"]: row["amount"] for row in rows if not row["document"]}
    assert amounts == {"exposure": "650.00", "limit": "1000.00", "available": "350.00"}
    assert next(row["what"] for row in rows if row["document"] == draft) == "pass: would pass"


def test_check_says_what_would_follow_and_writes_nothing(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    fits, not_fits = story.draft("FREE 1 100.00"), story.draft("FREE 1 100.01")
    before = story.bytes()
    assert story.json("credit", "check", fits)["rows"][-1]["what"] == "pass"
    code, out, _ = story.run("credit", "check", not_fits)
    assert (code, "0.01 EUR over the limit of HOME" in out) == (1, True)
    assert story.bytes() == before


def test_disputed_items_are_no_reason_to_hold_unless_the_policy_says_so(story: CreditStory) -> None:
    story.rules("  rules: {oldest_item: {days: 10, confirm: hold}}\n")
    invoice = story.on("2026-01-02").invoice("FREE 1 100.00")
    (story.root / "manual" / "disputes.beancount").write_text(
        f'2026-02-01 note Assets:AR:HOME "Disputed" #dispute-opened\n  subject: "{invoice}"\n', "utf-8"
    )
    story.on("2026-03-02")("order", "confirm", story.draft("FREE 1 1.00"))
    story.rules("  disputed: counted\n  rules: {oldest_item: {days: 10, confirm: hold}}\n")
    err = story.held("order", "confirm", story.draft("FREE 1 1.00"))
    assert f"{invoice} is 29 days overdue, more than 10" in err


def test_the_overdue_part_is_measured_on_what_is_owed(story: CreditStory) -> None:
    story.on("2026-01-02").invoice("FREE 1 25.00")
    story.on("2026-03-01").invoice("FREE 1 75.00")
    story.rules("  rules: {overdue: {percent: 25, confirm: hold}}\n")
    story.on("2026-03-02")("order", "confirm", story.draft("FREE 1 1.00"))
    story.on("2026-03-03")("receipt", "HOME", "1.00 EUR", "--apply", "INV-2026-0002")
    assert "25.3 % of what is owed is overdue" in story.held("order", "confirm", story.draft("FREE 1 1.00"))


def test_what_is_due_today_is_not_overdue_yet(story: CreditStory) -> None:
    story.on("2026-03-01").invoice("FREE 1 25.00", terms="immediate")
    story.rules("  rules: {overdue: {percent: 0, confirm: hold}}\n")
    story("order", "confirm", story.draft("FREE 1 1.00"))
    story.on("2026-03-02").held("order", "confirm", story.draft("FREE 1 1.00"))


def test_the_first_order_of_a_customer_waits_for_a_person(story: CreditStory) -> None:
    story.rules("  rules: {first_order: {confirm: hold}}\n")
    first = story.draft("FREE 1 1.00")
    story.held("order", "confirm", first)
    story("credit", "release", first, "--reason", "looked at")
    story("order", "confirm", first)
    story("order", "confirm", story.draft("FREE 1 1.00"))


def test_who_settled_everything_is_no_new_customer(story: CreditStory) -> None:
    story.rules("  rules: {first_order: {confirm: hold}}\n")
    first = story.draft("FREE 1 1.00", invoicing="order")
    story.held("order", "confirm", first)
    story("credit", "release", first, "--reason", "looked at")
    story("order", "confirm", first)
    invoice = story.posted("invoice", "create", first)[0]
    story("deliver", first)
    story("receipt", "HOME", "1.00 EUR", "--apply", invoice)
    story.on("2026-03-20")("order", "confirm", story.draft("FREE 1 1.00"))


def test_an_order_that_another_customer_pays_is_invoiced_for_its_buyer_too(story: CreditStory) -> None:
    order = story.order("FREE 1 100.00", customer="BRANCH")
    story("deliver", order)
    assert (story.exposure("BRANCH"), story.exposure("HOME")) == ("100.00", "0.00")
    story.posted("invoice", "create", order)
    assert (story.exposure("BRANCH"), story.exposure("HOME")) == ("0.00", "100.00")


@pytest.mark.parametrize("day", ["2026-01-31", "2026-03-31", "2026-05-31"])
def test_the_index_gives_the_same_answers_as_a_full_load(tmp_path: Path, day: str) -> None:
    root = tmp_path / "books"
    start_demo(root)
    on = date.fromisoformat(day)
    whole, indexed = books.load(root), books.opened(root)
    assert type(indexed) is not type(whole)
    for customer in whole.master.customers:
        assert credit_score.report(indexed, on, customer) == credit_score.report(whole, on, customer)
        assert _sorted(credit_standing.report(indexed, on, customer)) == _sorted(
            credit_standing.report(whole, on, customer)
        )
    assert credit_review.report(indexed, on, 30) == credit_review.report(whole, on, 30)


def _sorted(table: object) -> list[str]:
    return sorted(map(str, table.rows))  # type: ignore[attr-defined]  # a Table
