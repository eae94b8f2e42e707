"""Credit day by day, through the command line: limits, holds, releases, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import books

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory


def note(story: CreditStory, number: str, kind: str) -> dict[str, object]:
    """Give what the newest note of a kind about an order says."""
    loaded = books.load(story.root)
    assert loaded.errors == ()
    event = [event for event in loaded.facts.events[number] if event.kind == kind][-1]
    return {"why": event.act.why, "date": str(event.date), **{key: str(value) for key, value in event.extra}}


def test_an_order_within_its_limit_is_confirmed_and_keeps_what_the_check_saw(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    number = story.draft("FREE 10 100.00")
    story("order", "confirm", number)
    assert story.state(number) == "confirmed"
    said = note(story, number, "order-confirmed")
    assert (said["limit"], said["order-adds"], said["open-orders"]) == ("1000.00 EUR", "1000.00 EUR", "0.00 EUR")


def test_one_cent_too_much_is_held_with_the_rule_and_its_figures(story: CreditStory) -> None:
    story.limit("HOME", "999.99 EUR")
    number = story.draft("FREE 10 100.00")
    err = story.held("order", "confirm", number)
    assert "over_limit: exposure 0.00 EUR + order 1000.00 EUR = 1000.00 EUR is 0.01 EUR over the limit of HOME" in err
    said = note(story, number, "order-held")
    assert (said["reason"], said["rules"], said["order-adds"]) == ("credit", "over_limit", "1000.00 EUR")
    assert "0.01 EUR over" in str(said["why"])
    rows = story.json("order", "list", "--held")["rows"]
    assert [(row["order"], "0.01 EUR over" in row["why"]) for row in rows] == [(number, True)]
    assert "held because: over_limit" in story.refused("order", "confirm", number)


def test_a_hold_with_a_key_is_written_once_and_said_again(story: CreditStory) -> None:
    story.limit("HOME", "10.00 EUR")
    number = story.draft("FREE 1 100.00")
    story.held("order", "confirm", number, "--key", "monday")
    before = story.bytes()
    story.held("order", "confirm", number, "--key", "monday")
    assert story.bytes() == before


def test_tax_counts_in_the_exposure(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    number = story.draft("TWENTY 1 900.00")
    assert "order 1080.00 EUR" in story.held("order", "confirm", number)


def test_an_order_counts_once_on_its_way_from_order_to_invoice_to_cash(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    number = story.order("FREE 10 100.00")
    assert story.exposure() == "1000.00"
    story.on("2026-03-03")("deliver", number, "--line", "1=4")
    assert story.exposure() == "1000.00"
    invoice = story.on("2026-03-04").posted("invoice", "create", number)[0]
    assert story.exposure() == "1000.00"
    story.on("2026-03-05")("receipt", "HOME", "400.00 EUR", "--apply", invoice)
    assert story.exposure() == "600.00"
    assert story.exposure(as_of="2026-03-04") == "1000.00"


def test_a_bulk_run_holds_what_does_not_fit_and_confirms_the_rest(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    first, second, third = story.draft("FREE 6 100.00"), story.draft("FREE 5 100.00"), story.draft("FREE 4 100.00")
    other = story.draft("FREE 50 100.00", customer="BRANCH")
    story.held("order", "confirm", "--all")
    states = [story.state(number) for number in (first, second, third, other)]
    assert states == ["confirmed", "held", "confirmed", "confirmed"]


def test_orders_of_one_file_count_for_each_other_and_only_those_let_in_are_invoiced(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    file = story.root.parent / "orders.csv"
    file.write_text(
        "order,customer,invoicing,sku,quantity,price\nA,HOME,order,FREE,6,100.00\nB,HOME,order,FREE,5,100.00\n", "utf-8"
    )
    story.held("order", "import", str(file), "--invoice")
    assert [row["state"] for row in story.json("order", "list")["rows"]] == ["confirmed", "held"]
    assert [row["gross"] for row in story.json("invoice", "list")["rows"]] == ["600.00"]


def test_a_released_order_is_confirmed_up_to_its_amount_and_day(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    story("credit", "release", number, "--reason", "owner vouches", "--until", "2026-03-05")
    assert note(story, number, "order-released")["amount"] == "500.00 EUR"
    story.on("2026-03-06").held("order", "confirm", number)
    story("credit", "release", number, "--reason", "owner vouches again")
    story("order", "confirm", number)
    assert story.state(number) == "confirmed"
    assert note(story, number, "order-released")["until"] == "2026-03-20"


def test_a_release_of_too_little_leaves_the_order_held(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    err = story.refused("credit", "release", number, "--reason", "a part", "--amount", "399.99 EUR")
    assert "stays held" in err
    assert "released 399.99 EUR = 100.01 EUR is 0.01 EUR over" in err
    story("credit", "release", number, "--reason", "a part", "--amount", "400.00 EUR")
    story("order", "confirm", number)


def test_a_changed_order_is_checked_again_although_it_was_released(story: CreditStory) -> None:
    """ERPNext #33967: a held sales order could be changed and go on unchecked."""
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    story("credit", "release", number, "--reason", "owner vouches")
    story("order", "confirm", number)
    more = story.order_file("FREE 6 100.00")
    err = story.held("order", "amend", number, str(more), "--why", "one more")
    assert "order 600.00 EUR" in err
    assert story.state(number) == "held"
    assert story.document(number).version == 2
    story("credit", "release", number, "--reason", "one more is fine")
    story("order", "confirm", number)
    assert story.exposure() == "600.00"


def test_an_amendment_within_the_limit_needs_no_release(story: CreditStory) -> None:
    story.limit("HOME", "600.00 EUR")
    number = story.order("FREE 5 100.00")
    story("order", "amend", number, str(story.order_file("FREE 6 100.00")))
    assert story.state(number) == "draft"
    story("order", "confirm", number)
    assert story.exposure() == "600.00"


def test_a_refused_amendment_changes_nothing(story: CreditStory) -> None:
    story.rules("  rules: {over_limit: {amend: refuse}}\n")
    story.limit("HOME", "500.00 EUR")
    number = story.order("FREE 5 100.00")
    err = story.refused("order", "amend", number, str(story.order_file("FREE 6 100.00")))
    assert "stays as it is" in err
    assert story.state(number) == "confirmed"


def test_goods_do_not_leave_while_the_customer_is_over_a_limit_that_was_lowered(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    number = story.order("FREE 5 100.00")
    story.on("2026-03-04").limit("HOME", "400.00 EUR")
    story.held("deliver", number)
    assert story.state(number) == "held"
    assert story.json("delivery", "list")["rows"] == []
    story("credit", "release", number, "--reason", "half is paid in advance")
    story("order", "confirm", number)
    story("deliver", number)


def test_a_delivery_run_leaves_out_held_orders_without_losing_a_number(story: CreditStory) -> None:
    story.rules("  rules: {dunning_level: {level: 2, deliver: hold}}\n")
    invoiced = story.invoice("FREE 1 10.00")
    first, second = story.order("FREE 1 10.00"), story.order("FREE 1 10.00", customer="BRANCH")
    _remind(story, invoiced, 2)
    err = story.held("deliver", "--all")
    assert "dunning level 2 is reached" in err
    assert [(row["delivery"], row["order"]) for row in story.json("delivery", "list")["rows"]] == [
        ("DN-2026-0001", second)
    ]
    assert story.state(first) == "held"
    assert story.json("check", "numbering")["ok"]


def test_what_a_rule_refuses_in_a_run_stays_as_it_was(story: CreditStory) -> None:
    story.rules("  rules: {dunning_level: {level: 2, confirm: refuse, deliver: refuse}}\n")
    invoiced = story.invoice("FREE 1 10.00")
    number, ordered = story.draft("FREE 1 10.00"), story.order("FREE 1 10.00")
    other = story.draft("FREE 1 10.00", customer="BRANCH")
    _remind(story, invoiced, 2)
    assert "is not confirmed: dunning_level" in story.refused("order", "confirm", number)
    assert "is not delivered: dunning_level" in story.refused("deliver", ordered)
    code, _, err = story.run("order", "confirm", "--all")
    assert (code, "is not confirmed" in err) == (1, True)
    assert [story.state(one) for one in (number, other)] == ["draft", "confirmed"]


def test_a_warning_is_said_noted_and_lets_the_order_go_on(story: CreditStory) -> None:
    story.rules("  rules: {over_limit: {confirm: warn}}\n")
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    code, _, err = story.run("order", "confirm", number)
    assert code == 0
    assert "goes on, with a warning: over_limit" in err
    assert story.state(number) == "confirmed"
    said = note(story, number, "credit-warned")
    assert (said["rules"], "amount" in said) == ("over_limit", False)  # it releases all that the order adds


def test_a_delivery_may_go_on_with_a_warning(story: CreditStory) -> None:
    story.rules("  rules: {dunning_level: {level: 1, deliver: warn}}\n")
    invoiced, number = story.invoice("FREE 1 10.00"), story.order("FREE 1 10.00")
    _remind(story, invoiced, 1)
    code, _, err = story.run("deliver", "--all")
    assert (code, f"{number} goes on, with a warning: dunning_level" in err) == (0, True)
    said = note(story, "DN-2026-0001", "credit-warned")
    assert (said["rules"], said["amount"]) == ("dunning_level", "0.00 EUR")  # it releases nothing of a limit
    assert story.json("check", "events", "loads")["ok"]


def test_a_held_order_that_is_amended_stays_held_and_needs_a_release_of_its_own(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    story("order", "amend", number, str(story.order_file("FREE 1 100.00")))
    assert story.state(number) == "held"
    story("credit", "release", number, "--reason", "small enough now")
    assert note(story, number, "order-released")["amount"] == "100.00 EUR"


def test_a_new_hold_ends_an_older_release(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    story("credit", "release", number, "--reason", "owner vouches")
    story.on("2026-03-03")("credit", "hold", number, "--reason", "owner is gone")
    story.on("2026-03-04")("credit", "release", number, "--reason", "a part", "--amount", "450.00 EUR")
    story.on("2026-03-05")("order", "confirm", number)
    assert "is held" in story.held("deliver", number, "--date", "2026-03-30")


def test_a_temporary_limit_counts_on_top_and_ends_by_itself(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR")
    story.limit("HOME", "400.00 EUR", "--until", "2026-03-10")
    story.on("2026-03-10")("order", "confirm", story.draft("FREE 5 100.00"))
    number = story.on("2026-03-11").draft("FREE 1 0.01")
    assert "400.01 EUR over" in story.held("order", "confirm", number)


def test_a_blocked_customer_is_held_until_it_is_let_go(story: CreditStory) -> None:
    story("credit", "hold", "HOME", "--reason", "insolvency was filed for")
    number = story.draft("FREE 1 10.00")
    assert "blocked: HOME is blocked" in story.held("order", "confirm", number)
    story.on("2026-03-09")("credit", "release", "HOME", "--reason", "plan confirmed")
    story("credit", "release", number, "--reason", "plan confirmed")
    story("order", "confirm", number)
    assert "not blocked" in story.refused("credit", "release", "HOME", "--reason", "again")


def test_both_the_shop_and_its_group_must_have_room(story: CreditStory) -> None:
    story.limit("STORES", "1000.00 EUR")
    story.limit("NORTH", "700.00 EUR")
    story("order", "confirm", story.draft("FREE 6 100.00", customer="NORTH"))
    own = story.draft("FREE 2 100.00", customer="NORTH")
    assert "limit of NORTH, 700.00 EUR" in story.held("order", "confirm", own)
    group = story.draft("FREE 5 100.00", customer="SOUTH")
    assert "100.00 EUR over the limit of STORES, 1000.00 EUR" in story.held("order", "confirm", group)
    story("order", "confirm", story.draft("FREE 4 100.00", customer="SOUTH"))
    assert story.exposure("STORES") == "1000.00"


def test_orders_beyond_the_horizon_count_when_it_reaches_them(story: CreditStory) -> None:
    story.limit("HOME", "100.00 EUR", "--horizon", "30")
    late = story.draft("FREE 5 100.00", requested_date="2026-06-30")
    story("order", "confirm", late)
    assert story.exposure() == "0.00"
    assert story.on("2026-06-01").exposure() == "500.00"
    story.on("2026-03-02").held("deliver", late)


def test_dollars_count_at_the_rate_of_the_day(story: CreditStory) -> None:
    story.limit("DOLLAR", "93.33 EUR")
    number = story.draft("FREE 1 100.00", customer="DOLLAR")
    story("order", "confirm", number)
    assert story.exposure("DOLLAR") == "93.33"
    more = story.draft("FREE 1 0.05", customer="DOLLAR")
    story.held("order", "confirm", more)


def test_a_plain_hold_is_released_without_amount_and_checked_when_it_is_confirmed(story: CreditStory) -> None:
    story.limit("HOME", "1000.00 EUR")
    number = story.draft("FREE 5 100.00")
    story("order", "hold", number, "--why", "address in doubt")
    story("order", "release", number, "--reason", "address is right")
    assert "amount" not in note(story, number, "order-released")
    story("order", "confirm", number)


def test_a_person_may_hold_an_order_for_credit(story: CreditStory) -> None:
    number = story.order("FREE 5 100.00")
    story("credit", "hold", number, "--reason", "trade register is being checked")
    assert note(story, number, "order-held")["reason"] == "credit"
    story.refused("deliver", number)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("limit", "NOBODY", "1.00 EUR", "--reason", "x"), "there is no customer and no credit group 'NOBODY'"),
        (("limit", "HOME", "1.00 EUR", "--reason", "x", "--kind", "temporary"), "add --until"),
        (("limit", "HOME", "1.00 EUR", "--reason", "x", "--until", "2026-01-01"), "before the limit itself"),
        (("show", "NOBODY"), "there is no customer"),
        (("show", "STORES"), "has no limit yet"),
        (("release", "HOME", "--reason", "x"), "is not blocked"),
        (("score", "NOBODY"), "there is no customer"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(story: CreditStory, arguments: tuple[str, ...], said: str) -> None:
    assert said in story.refused("credit", *arguments)


def test_a_limit_is_not_set_where_nothing_would_watch_over_it(story: CreditStory) -> None:
    main = story.root / "main.beancount"
    lines = main.read_text("utf-8").splitlines(keepends=True)
    main.write_text("".join(line for line in lines if "credit_limit" not in line), "utf-8")
    assert 'plugin "beancount_o2c.credit_limit"' in story.refused(
        "credit", "limit", "HOME", "1.00 EUR", "--reason", "x"
    )


def _remind(story: CreditStory, item: str, level: int) -> None:
    file = story.root / "manual" / "reminders.beancount"
    file.write_text(
        f'{story.day} note Assets:AR:HOME "Reminder" #reminder\n  subject: "{item}"\n  level: {level}\n', "utf-8"
    )
