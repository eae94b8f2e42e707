from __future__ import annotations

from decimal import Decimal

import pytest

from o2c.dunning import standing
from o2c.master.dunning_policy import DunningPolicy
from o2c.model.reminders import Reminded
from tests.dunning.conftest import LEVELS
from tests.dunning.conftest import POLICY
from tests.dunning.conftest import day
from tests.dunning.conftest import eur
from tests.dunning.conftest import item
from tests.dunning.conftest import judge
from tests.dunning.conftest import note

ONE = item("INV-1", "01-01", "100.00")


@pytest.mark.parametrize(("on", "reason"), [("01-05", "not-yet"), ("01-06", ""), ("03-30", "")])
def test_an_item_is_reminded_from_so_many_days_past_due_on(on: str, reason: str) -> None:
    found = judge([ONE], [], on)["INV-1"]
    assert (found.next, found.name, found.since, found.reason) == (1, "First", day("01-06"), reason)


def test_what_is_not_past_due_does_not_appear() -> None:
    assert judge([ONE], [], "01-01") == {}


def test_an_item_goes_up_one_level_at_a_time_however_old_it_is() -> None:
    found = judge([ONE], [note("reminder", "03-01", "INV-1", level=Decimal(1))], "04-01")["INV-1"]
    assert (found.reached, found.next, found.name) == (Reminded(1, day("03-01"), day("03-01")), 2, "Second")


def test_after_the_last_level_nothing_follows() -> None:
    found = judge([ONE], [note("reminder", "03-01", "INV-1", level=Decimal(3))], "04-01")["INV-1"]
    assert (found.next, found.since, found.reason, found.why) == (0, None, "last-level", "the last level is reached")


def test_without_levels_nobody_is_reminded_and_the_reason_is_said() -> None:
    found = judge([ONE], [], "04-01", DunningPolicy())["INV-1"]
    assert (found.reason, found.why) == ("no-levels", "master/policies.yaml has no `dunning` levels")


@pytest.mark.parametrize(("on", "reason"), [("03-14", "not-yet"), ("03-15", "")])
def test_the_interval_of_sap_14_days_after_1_march_it_is_15_march(on: str, reason: str) -> None:
    """Dunning frequency, help.sap.com: last run 1 Mar, interval 14: 15 Mar allowed, 14 Mar not."""
    first = note("reminder", "03-01", "INV-1", level=Decimal(1))
    found = judge([ONE], [first], on, DunningPolicy(LEVELS, interval=14))["INV-1"]
    assert (found.since, found.reason) == (day("03-15"), reason)


def test_the_interval_counts_from_the_day_a_reminder_was_posted_not_from_that_of_the_run() -> None:
    first = note("reminder", "03-01", "INV-1", level=Decimal(1), posted_on=day("03-09"))
    found = judge([ONE], [first], "03-20", DunningPolicy(LEVELS, interval=14))["INV-1"]
    assert (found.since, found.reason) == (day("03-23"), "not-yet")


def test_without_an_interval_an_item_is_still_reminded_only_once_a_day() -> None:
    found = judge([ONE], [note("reminder", "03-01", "INV-1", level=Decimal(1))], "03-01")["INV-1"]
    assert (found.since, found.reason) == (day("03-02"), "not-yet")


def test_a_reminder_of_one_invoice_leaves_the_other_its_own_level() -> None:
    """OCA/credit-control #460: a reminder for one invoice suppressed those for the others."""
    found = judge(
        [ONE, item("INV-2", "01-10", "50.00")], [note("reminder", "01-15", "INV-1", level=Decimal(1))], "01-15"
    )
    assert {name: (one.next, one.reason) for name, one in found.items()} == {"INV-1": (2, "not-yet"), "INV-2": (1, "")}


def test_only_the_undisputed_part_is_asked_for() -> None:
    found = judge([ONE], [note("dispute-opened", "01-10", "INV-1", amount=eur("30.00"))], "02-01")["INV-1"]
    assert (found.asked, found.disputed, found.reason) == (Decimal("70.00"), Decimal("30.00"), "")


@pytest.mark.parametrize("facts", [{}, {"amount": eur("100.00")}, {"amount": eur("500.00")}])
def test_what_is_wholly_disputed_is_not_asked_for_until_the_dispute_is_over(facts: dict[str, object]) -> None:
    opened = note("dispute-opened", "01-10", "INV-1", **facts)  # type: ignore[arg-type]  # amounts only
    found = judge([ONE], [opened], "02-01")["INV-1"]
    assert (found.asked, found.reason, found.why) == (0, "disputed", "all of it is disputed")
    after = judge([ONE], [opened, note("dispute-resolved", "02-02", "INV-1")], "02-02")["INV-1"]
    assert (after.asked, after.reason) == (Decimal("100.00"), "")


def test_a_dispute_about_an_invoice_stops_its_instalments() -> None:
    parts = [item("INV-7.1", "01-01", "50.00"), item("INV-7.2", "01-02", "50.00")]
    found = judge(parts, [note("dispute-opened", "01-10", "INV-7")], "02-01")
    assert [one.reason for one in found.values()] == ["disputed", "disputed"]


@pytest.mark.parametrize(("on", "reason"), [("02-10", "promised"), ("02-11", "")])
def test_a_promise_is_waited_for_through_its_day_and_not_longer(on: str, reason: str) -> None:
    found = judge([ONE], [note("promise", "02-01", "INV-1", promised=day("02-10"))], on)["INV-1"]
    assert found.reason == reason


def test_of_a_promise_of_a_part_the_rest_is_asked_for() -> None:
    promise = note("promise", "02-01", "INV-1", amount=eur("60.00"), promised=day("02-10"))
    found = judge([ONE], [promise], "02-05")["INV-1"]
    assert (found.asked, found.promised, found.reason) == (Decimal("40.00"), Decimal("60.00"), "")


@pytest.mark.parametrize("name", ["INV-1.1", "INV-1", "C1"])
def test_a_block_of_the_item_its_document_or_its_customer_holds(name: str) -> None:
    part = item("INV-1.1", "01-01", "100.00")
    found = judge([part], [note("dunning-blocked", "01-10", name, why="sent late")], "02-01")["INV-1.1"]
    assert (found.reason, found.why) == ("blocked", f"{name} is blocked: sent late")


@pytest.mark.parametrize(("on", "reason"), [("01-09", ""), ("01-10", "blocked"), ("02-15", "blocked"), ("02-16", "")])
def test_a_block_begins_on_its_day_and_ends_by_itself_after_its_last(on: str, reason: str) -> None:
    found = judge([ONE], [note("dunning-blocked", "01-10", "INV-1", until=day("02-15"))], on)["INV-1"]
    assert found.reason == reason


def test_the_newest_block_counts_and_an_end_ends_it() -> None:
    longer = note("dunning-blocked", "01-10", "INV-1")
    shorter = note("dunning-blocked", "01-11", "INV-1", until=day("01-20"))
    assert judge([ONE], [longer, shorter], "01-21")["INV-1"].reason == ""
    assert judge([ONE], [longer, note("dunning-unblocked", "01-21", "INV-1")], "01-21")["INV-1"].reason == ""
    assert judge([ONE], [longer, note("dunning-unblocked", "01-21", "INV-1")], "01-20")["INV-1"].reason == "blocked"


def test_money_that_nobody_applied_yet_covers_what_is_overdue() -> None:
    items = [ONE, item("INV-2", "01-02", "50.00"), item("RC-1", "02-01", "-150.00")]
    found = judge(items, [], "02-01")
    assert {one.reason for one in found.values()} == {"credit"}
    assert found["INV-1"].why == "an unapplied credit of 150.00 EUR covers what is overdue"


def test_less_money_does_not_cover_it_and_is_told_with_it() -> None:
    found = judge([ONE, item("RC-1", "02-01", "-99.99")], [], "02-01")["INV-1"]
    assert (found.reason, found.asked, found.credit) == ("", Decimal("100.00"), Decimal("99.99"))


def test_the_money_of_another_customer_or_currency_covers_nothing() -> None:
    others = [item("RC-1", "02-01", "-500.00", customer="C2"), item("RC-2", "02-01", "-500.00", currency="USD")]
    assert judge([ONE, *others], [], "02-01")["INV-1"].reason == ""


def test_what_is_disputed_need_not_be_covered() -> None:
    items = [ONE, item("INV-2", "01-02", "50.00"), item("RC-1", "02-01", "-50.00")]
    found = judge(items, [note("dispute-opened", "01-10", "INV-1")], "02-01")
    assert {name: one.reason for name, one in found.items()} == {"INV-1": "disputed", "INV-2": "credit"}


def test_what_is_blocked_need_not_be_covered() -> None:
    items = [ONE, item("INV-2", "01-02", "50.00"), item("RC-1", "02-01", "-50.00")]
    found = judge(items, [note("dunning-blocked", "01-10", "INV-1")], "02-01")
    assert {name: one.reason for name, one in found.items()} == {"INV-1": "blocked", "INV-2": "credit"}


@pytest.mark.parametrize(("open_", "reason"), [("4.99", "minimum"), ("5.00", "")])
def test_below_the_minimum_nobody_is_reminded(open_: str, reason: str) -> None:
    policy = DunningPolicy(LEVELS, minimum={"EUR": Decimal("5.00")})
    assert judge([item("INV-1", "01-01", open_)], [], "02-01", policy)["INV-1"].reason == reason


def test_the_minimum_looks_at_all_that_is_overdue_less_unapplied_money() -> None:
    policy = DunningPolicy(LEVELS, minimum={"EUR": Decimal("5.00")})
    together = [item("INV-1", "01-01", "3.00"), item("INV-2", "01-02", "2.00")]
    assert [one.reason for one in judge(together, [], "02-01", policy).values()] == ["", ""]
    found = judge([*together, item("RC-1", "01-03", "-1.00")], [], "02-01", policy)["INV-1"]
    assert (found.reason, found.why) == ("minimum", "4.00 EUR in all is less than the minimum of 5.00 EUR")


def test_two_currencies_are_never_added() -> None:
    policy = DunningPolicy(LEVELS, minimum={"EUR": Decimal("5.00"), "USD": Decimal("5.00")})
    items = [item("INV-1", "01-01", "4.00"), item("INV-2", "01-01", "4.00", currency="USD")]
    assert [one.reason for one in judge(items, [], "02-01", policy).values()] == ["minimum", "minimum"]
    assert standing.asked_in_all(judge(items, [], "02-01", POLICY).values()) == {
        ("C1", "EUR"): Decimal("4.00"),
        ("C1", "USD"): Decimal("4.00"),
    }


def test_a_reminder_by_hand_without_a_level_counts_as_one_more() -> None:
    found = judge([ONE], [note("reminder", "01-10", "INV-1"), note("reminder", "01-20", "INV-1")], "02-01")["INV-1"]
    assert (found.reached.level, found.next) == (2, 3)


def test_what_is_noted_later_changes_nothing_for_an_earlier_day() -> None:
    later = [note(kind, "02-02", "INV-1") for kind in ("reminder", "dispute-opened", "promise", "dunning-blocked")]
    assert judge([ONE], later, "02-01") == judge([ONE], [], "02-01")
