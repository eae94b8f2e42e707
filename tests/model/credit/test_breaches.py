"""Which documents break a limit, day by day, and which releases let them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.model import integrity
from o2c.model.credit.breaches import breaches
from tests.model.credit import ledger
from tests.model.credit import random_shops
from tests.model.credit.ledger import confirm
from tests.model.credit.ledger import deliver
from tests.model.credit.ledger import invoice
from tests.model.credit.ledger import limit
from tests.model.credit.ledger import line
from tests.model.credit.ledger import move
from tests.model.credit.ledger import note
from tests.model.credit.ledger import order

LIMIT = limit("2026-01-01", "1000.00 EUR")


def found(*texts: str) -> list[str]:
    entries = ledger.entries(*texts)
    return [finding.message for finding in breaches(entries, integrity.sheet(entries), "EUR")]


def broken(*texts: str) -> list[str]:
    """Name the documents that broke a limit, in the order of their lines."""
    return [message.split()[0] for message in found(*texts)]


def sold(day: str, number: str, net: str, customer: str = "C1") -> str:
    return order(day, number, line("10", net), customer=customer) + "\n" + confirm(day, number, customer)


def test_up_to_the_limit_is_within_it() -> None:
    assert broken(LIMIT, sold("2026-03-01", "SO1", "1000.00")) == []


def test_one_cent_more_is_an_error_that_shows_its_sum() -> None:
    (message,) = found(LIMIT, invoice("2026-03-01", "I1", "400.00"), sold("2026-03-02", "SO1", "600.01"))
    assert message == (
        "SO1 takes C1 to 1000.01 EUR on 2026-03-02 (open items 400.00 EUR, credits 0.00 EUR, delivered 0.00 EUR, "
        "ordered 600.01 EUR), 0.01 EUR over its limit of 1000.00 EUR; it added 600.01 EUR without a release; "
        "release it (`o2c credit release SO1`), raise the limit (`o2c credit limit C1`), or take it back"
    )


def test_the_error_stands_at_the_line_of_the_confirmation() -> None:
    entries = ledger.entries(LIMIT, order("2026-03-01", "SO1", line("1", "2000.00")), confirm("2026-03-05", "SO1"))
    (finding,) = breaches(entries, integrity.sheet(entries), "EUR")
    assert finding.entry is entries[-1]
    assert finding.source.line == entries[-1].meta["lineno"]


def test_nobody_with_no_limit_is_limited() -> None:
    assert broken(sold("2026-03-01", "SO1", "1000000.00")) == []
    assert broken(limit("2026-03-02", "1.00 EUR"), sold("2026-03-01", "SO1", "100.00")) == []


def test_delivering_and_invoicing_what_was_ordered_within_the_limit_is_no_error() -> None:
    lines = [line("3", "333.33", "19"), line("7", "140.01", "19")]  # 396.66 + 166.61 = 563.27, invoiced 563.28
    books = [limit("2026-01-01", "563.27 EUR"), order("2026-03-01", "SO1", *lines), confirm("2026-03-01", "SO1")]
    books += [deliver("2026-03-02", "D1", "SO1", {1: "2", 2: "7"}), deliver("2026-03-03", "D2", "SO1", {1: "1"})]
    books += [invoice("2026-03-04", "I1", "563.28", "SO1", {1: "3", 2: "7"})]
    assert broken(*books) == []


def test_freight_on_the_invoice_that_goes_over_the_limit_is_an_error() -> None:
    books = [LIMIT, sold("2026-03-01", "SO1", "1000.00"), invoice("2026-03-04", "I1", "1020.00", "SO1", {1: "10"})]
    assert broken(*books) == ["I1"]


def test_over_delivery_that_goes_over_the_limit_is_an_error() -> None:
    assert broken(LIMIT, sold("2026-03-01", "SO1", "1000.00"), deliver("2026-03-02", "D1", "SO1", {1: "11"})) == ["D1"]


def test_a_receivable_by_hand_is_checked_too() -> None:
    assert found(LIMIT, move("2026-03-01", "FAIR-7", "1200.00"))[0].startswith("this entry takes C1 to 1200.00 EUR")


@pytest.mark.parametrize("kind", ["opening-item", "fee", "receipt", "reversal"])
def test_what_is_no_sale_is_no_error(kind: str) -> None:
    assert broken(LIMIT, invoice("2026-03-01", "X1", "1200.00", kind=kind)) == []


def test_a_payment_of_the_same_day_counts_wherever_it_stands() -> None:
    books = [LIMIT, invoice("2026-03-01", "I1", "900.00")]
    sale, money = sold("2026-03-05", "SO1", "900.00"), move("2026-03-05", "I1", "-900.00")
    assert broken(*books, sale, money) == broken(*books, money, sale) == []


def test_one_cent_for_each_line_is_rounding_and_two_are_not() -> None:
    one = [LIMIT, sold("2026-03-01", "SO1", "1000.00")]
    assert broken(*one, invoice("2026-03-02", "I1", "1000.01", "SO1", {1: "10"})) == []
    assert broken(*one, invoice("2026-03-02", "I1", "1000.02", "SO1", {1: "10"})) == ["I1"]


def test_what_lay_beyond_the_horizon_when_it_was_ordered_is_weighed_when_it_leaves_the_house() -> None:
    near = limit("2026-01-01", "1000.00 EUR", horizon="30")
    late = (
        order("2026-03-01", "SO1", line("10", "1500.00", promised="2026-04-05")) + "\n" + confirm("2026-03-01", "SO1")
    )
    assert broken(near, late) == []
    assert broken(near, late, deliver("2026-03-10", "D1", "SO1", {1: "1"})) == ["D1"]
    assert broken(near, late, note("2026-03-09", "order-held", "SO1"), note("2026-03-09", "order-released", "SO1"),
                  confirm("2026-03-10", "SO1")) == ["SO1"]  # fmt: skip
    good = note("2026-03-10", "order-released", "SO1", amount="1500.00 EUR", until="2026-04-30")
    rest = deliver("2026-03-12", "D2", "SO1", {1: "9"})
    assert broken(near, late, good, deliver("2026-03-10", "D1", "SO1", {1: "1"}), rest) == [], "weighed once, not twice"


def test_credits_that_are_not_deducted_make_no_room_on_any_way_of_counting() -> None:
    strict = limit("2026-01-01", "1000.00 EUR", credits='"not-deducted"')
    credit = move("2026-03-01", "RC1", "-300.00")
    assert broken(LIMIT, credit, invoice("2026-03-02", "I1", "1300.00")) == []
    assert broken(strict, credit, invoice("2026-03-02", "I1", "1000.00")) == []
    assert broken(strict, credit, invoice("2026-03-02", "I1", "1000.01")) == ["I1"]


def test_a_limit_that_is_lowered_blames_nobody_but_the_next_sale() -> None:
    books = [LIMIT, sold("2026-03-01", "SO1", "900.00"), limit("2026-03-02", "100.00 EUR")]
    assert broken(*books) == []
    assert broken(*books, sold("2026-03-03", "SO2", "1.00")) == ["SO2"]


def test_a_temporary_limit_ends_by_itself() -> None:
    more = limit("2026-03-01", "500.00 EUR", kind='"temporary"', until="2026-03-10")
    assert broken(LIMIT, more, sold("2026-03-10", "SO1", "1500.00")) == []
    assert broken(LIMIT, more, sold("2026-03-11", "SO1", "1500.00")) == ["SO1"]


def test_a_blocked_customer_gets_no_more_credit_but_may_pay_and_be_invoiced() -> None:
    books = [sold("2026-03-01", "SO1", "10.00"), limit("2026-03-02", "0.00 EUR", kind='"blocked"')]
    books += [deliver("2026-03-03", "D1", "SO1", {1: "10"}), invoice("2026-03-03", "I1", "10.00", "SO1", {1: "10"})]
    assert broken(*books, move("2026-03-04", "I1", "-10.00")) == []
    assert broken(*books, sold("2026-03-05", "SO2", "1.00")) == ["SO2"]
    free = limit("2026-03-05", "0.00 EUR", kind='"unblocked"')
    assert broken(*books, free, sold("2026-03-05", "SO2", "1.00")) == []


# ---- releases -----------------------------------------------------------------------------------------------------


def released(day: str, number: str = "SO1", amount: str = "1500.00 EUR", **facts: str) -> str:
    return note(day, "order-released", number, amount=amount, **facts)


def test_a_release_lets_its_order_through_up_to_its_amount() -> None:
    books = [LIMIT, sold("2026-03-05", "SO1", "1500.00")]
    assert broken(*books, released("2026-03-05")) == []
    assert broken(*books, released("2026-03-05", amount="1499.99 EUR")) == []  # the rest is within the limit
    assert broken(*books, released("2026-03-05", amount="499.99 EUR")) == ["SO1"]


def test_a_release_is_good_for_its_days_its_order_and_its_version_only() -> None:
    books = [LIMIT, sold("2026-03-05", "SO1", "1500.00")]
    assert broken(*books, released("2026-03-01", until="2026-03-05")) == []
    assert broken(*books, released("2026-03-01", until="2026-03-04")) == ["SO1"]
    assert broken(*books, released("2026-03-01")) == ["SO1"]
    assert broken(*books, released("2026-03-06", until="2026-03-09")) == ["SO1"]
    assert broken(*books, released("2026-03-05", "SO2")) == ["SO1"]
    changed = [order("2026-03-06", "SO1", line("10", "1600.00"), version=2), confirm("2026-03-06", "SO1", version=2)]
    assert broken(*books, released("2026-03-05", amount="9000.00 EUR", until="2026-12-31"), *changed) == ["SO1"]


def test_what_an_order_used_of_its_release_is_used_up() -> None:
    books = [LIMIT, sold("2026-03-05", "SO1", "1500.00"), released("2026-03-05", until="2026-03-31")]
    assert broken(*books, deliver("2026-03-06", "D1", "SO1", {1: "12"})) == ["D1"]


def test_the_next_order_needs_a_release_of_its_own() -> None:
    books = [LIMIT, sold("2026-03-05", "SO1", "1500.00"), released("2026-03-05")]
    assert broken(*books, sold("2026-03-06", "SO2", "1.00")) == ["SO2"]
    assert broken(*books, sold("2026-03-05", "SO2", "1.00")) == []  # 1.00 is within the limit beside the release
    assert broken(*books, sold("2026-03-05", "SO2", "1001.00")) == ["SO2"]


def test_a_warning_that_was_seen_releases_its_document() -> None:
    warned = note("2026-03-05", "credit-warned", "SO1")
    assert broken(LIMIT, sold("2026-03-05", "SO1", "1500.00"), warned) == []
    assert broken(LIMIT, sold("2026-03-05", "SO1", "1500.00"), warned, sold("2026-03-06", "SO2", "1.00")) == ["SO2"]


# ---- groups -------------------------------------------------------------------------------------------------------


def test_a_group_and_each_member_must_be_within_their_limits() -> None:
    group = limit("2026-01-01", "1500.00 EUR", "NORTH", members='"C1 C2"')
    books = [LIMIT, group, sold("2026-03-01", "SO1", "1000.00")]
    assert broken(*books, sold("2026-03-02", "SO2", "500.00", "C2")) == []
    assert broken(*books, sold("2026-03-02", "SO2", "500.01", "C2")) == ["SO2"]
    assert broken(*books, sold("2026-03-02", "SO2", "9000.00", "C3")) == []
    left = limit("2026-03-02", "1500.00 EUR", "NORTH", members='"C1"')
    assert broken(*books, left, sold("2026-03-02", "SO2", "9000.00", "C2")) == []


def test_an_order_that_another_member_is_invoiced_adds_nothing_to_the_group() -> None:
    group = limit("2026-01-01", "1000.00 EUR", "NORTH", members='"C1 C2"')
    books = [group, sold("2026-03-01", "SO1", "1000.00")]
    assert broken(*books, invoice("2026-03-02", "I1", "1000.00", "SO1", {1: "10"}, customer="C2")) == []


# ---- what cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": '"temporal"'}, "kind: 'temporal' is not known; write one of permanent, temporary,"),
        ({"kind": '"temporary"'}, "a temporary limit needs its last day; add until: 2026-01-01"),
        ({"until": "2025-12-31", "kind": '"insured"'}, "until: 2025-12-31 is before the entry itself"),
        ({"until": "2026-12-31"}, "a limit that is permanent does not end by itself"),
        ({"review": '"soon"'}, "review: 'soon' is not a day; write it like review: 2026-12-31"),
        ({"horizon": "1.5"}, "horizon: '1.5' is not a number of days"),
        ({"credits": '"no"'}, "credits: 'no' is not known; write one of deducted, not-deducted"),
        ({"members": '"c1"'}, "members: 'c1' is not a customer code"),
        ({"customer": '"C2"'}, "customer: 'C2' is not C1, whose limit this is"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_one_error_at_its_line(facts: dict[str, str], said: str) -> None:
    (message,) = found("\n\n", limit("2026-01-01", "10.00 EUR", **facts))
    assert said in message


@pytest.mark.parametrize("value", ['10.00 EUR "C1"', '"C1"', '"C1" "10.00 EUR"', '"c1" 10.00 EUR', '"C1" -1.00 EUR'])
def test_values_in_another_order_are_one_error(value: str) -> None:
    assert len(found(f'2026-01-01 custom "o2c-limit" {value}')) == 1


def test_a_broken_limit_does_not_switch_the_other_one_off() -> None:
    wrong = limit("2026-01-02", "9000.00 EUR", kind='"forever"')
    assert broken(LIMIT, wrong, sold("2026-03-01", "SO1", "1000.01")) == ["kind:", "SO1"]


def test_parts_of_a_limit_in_two_currencies_are_an_error() -> None:
    other = limit("2026-02-01", "10.00 USD", kind='"insured"')
    assert "write all parts of a limit in one currency" in found(LIMIT, other)[0]


def test_a_release_that_cannot_be_read_is_an_error() -> None:
    assert "amount: say how much" in found(released("2026-03-05", amount='"much"'))[0]
    assert "until: say the last day" in found(released("2026-03-05", until='"soon"'))[0]
    assert found(note("2026-03-05", "order-released", "SO1")) == []  # another hold was lifted


def test_a_missing_rate_is_one_error_at_the_limit() -> None:
    books = [LIMIT, *(invoice(f"2026-03-0{day}", f"I{day}", "10.00", currency="USD") for day in range(1, 6))]
    entries = ledger.entries(*books)
    (finding,) = breaches(entries, integrity.sheet(entries), "EUR")
    assert finding.source.line == entries[0].meta["lineno"]
    assert "the limit of C1 cannot be checked: no rate for USD on 2026-03-01; add a line like" in finding.message


def test_each_item_and_order_counts_at_the_rate_of_the_day() -> None:
    prices = ["2026-03-01 price USD 1.00 EUR", "2026-03-05 price USD 2.00 EUR"]
    books = [LIMIT, *prices, invoice("2026-03-01", "I1", "499.00", currency="USD")]
    assert broken(*books, sold("2026-03-04", "SO1", "500.00")) == []
    assert broken(*books, sold("2026-03-05", "SO1", "3.00")) == ["SO1"]


# ---- properties ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(1, 2000))
@settings(max_examples=150, deadline=None)
def test_the_order_of_entries_within_a_day_changes_no_finding(seed: int, most: int) -> None:
    random = Random(seed)
    acts = [act.text for act in random_shops.shop(random, releases=True)]
    first = ["2025-12-31 price USD 0.9 EUR", *limits(most)]
    assert sorted(found(*first, *acts)) == sorted(found(*random.sample(acts, len(acts)), *first))


@given(st.integers(0, 2**32), st.integers(1, 2000))
@settings(max_examples=200, deadline=None)
def test_a_day_has_an_error_exactly_when_a_sale_raised_the_exposure_beyond_the_limit(seed: int, most: int) -> None:
    """Worked out again from what happened: only days with a single act of selling are looked at."""
    acts = random_shops.shop(Random(seed), days=22)
    errors = found("2025-12-31 price USD 0.9 EUR", limits(most)[0], *(act.text for act in acts))
    for act in acts:
        today = [other for other in acts if other.day == act.day]
        if act.customer != "C1" or len(today) > 1 or act.kind not in {"confirm", "deliver", "invoice"}:
            continue
        before, after = (
            sum(random_shops.expected([a for a in acts if a.day < until], "C1", act.day, None, deduct=True), Decimal(0))
            for until in (act.day, act.day + timedelta(days=1))
        )
        tolerance = Decimal("0.01") if act.kind == "deliver" or (act.kind == "invoice" and act.about) else Decimal(0)
        is_error = any(f"on {act.day} " in error for error in errors)
        assert is_error == (after > most and after - before > tolerance)


def limits(most: int) -> list[str]:
    members = limit("2025-12-31", f"{most * 2}.00 EUR", "BOTH", members='"C1 C2"')
    return [limit("2025-12-31", f"{most}.00 EUR"), limit("2025-12-31", f"{most}.00 EUR", "C2"), members]


@pytest.mark.parametrize(
    "stricter",
    [
        limit("2026-03-01", "100.00 EUR"),
        limit("2026-03-01", "1.00 EUR", kind='"blocked"'),
        limit("2026-03-01", "1000.00 EUR", "NORTH", members='"C1 C2"'),
    ],
    ids=["lowered", "blocked", "a group from today on"],
)
def test_a_customer_can_be_limited_on_the_day_on_which_he_ordered(stricter: str) -> None:
    """The books do not say which came first; from the next day on the new limit counts."""
    books = [limit("2026-01-01", "2000.00 EUR"), sold("2026-03-01", "SO1", "1500.00"), stricter]
    assert broken(*books) == []
    assert broken(*books, invoice("2026-03-02", "I1", "0.02")) == ["I1"]


def test_what_no_limit_of_the_day_allows_is_an_error_on_the_day_of_a_change() -> None:
    books = [LIMIT, limit("2026-03-01", "500.00 EUR"), sold("2026-03-01", "SO1", "1000.01")]
    (message,) = found(*books)
    assert "over its limit of 500.00 EUR" in message
    assert broken(LIMIT, limit("2026-03-01", "500.00 EUR"), sold("2026-03-01", "SO1", "1000.00")) == []


def test_a_release_is_used_once_however_many_limits_a_day_knew() -> None:
    releasing = note("2026-03-01", "order-released", "SO1", amount="200.00 EUR", until="2026-03-31")
    books = [LIMIT, sold("2026-03-01", "SO1", "1200.00"), releasing, limit("2026-03-01", "1100.00 EUR")]
    assert broken(*books) == []
    assert broken(*books, invoice("2026-03-02", "I2", "0.01")) == ["I2"]


def test_what_the_limit_allows_uses_up_no_release() -> None:
    """Delivered and released again on one day, after a change: the release is there for the day after."""
    first = [sold("2026-03-01", "SO1", "900.00"), deliver("2026-03-01", "D1", "SO1", {1: "10"})]
    changed = order("2026-03-01", "SO1", line("11", "1040.00"), version=2)
    releasing = note("2026-03-01", "order-released", "SO1", version=2, amount="100.00 EUR", until="2026-03-31")
    books = [LIMIT, *first, changed, releasing, confirm("2026-03-02", "SO1", version=2)]
    assert broken(*books) == []
    assert broken(*[text for text in books if text != releasing]) == ["SO1"]
