"""What needs a second person, what it weighs, and when an approval is good: the rules alone, without books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount
from hypothesis import given
from hypothesis import strategies as st

from o2c.model.approvals import Approval
from o2c.model.approvals import Need
from o2c.model.approvals import Weighed
from o2c.model.approvals import fault
from o2c.model.approvals import kind_of
from o2c.model.approvals import lifts_limit
from o2c.model.approvals import over
from o2c.model.approvals import weight
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement

if TYPE_CHECKING:
    from o2c.model.documents import Value

DAY = date(2026, 3, 2)
WANTED = Approval("sha256:1", "ann", "approvals", {"ann": ("approvals",), "bob": ("approvals",), "cora": ()}, 10)
NEEDS = {
    "write-off": Need("write-off", "approvals", Amount(Decimal(100), "EUR")),
    "limit": Need("limit", "approvals", Amount(Decimal(1000), "EUR")),
    "refund": Need("refund", "approvals"),
}


def _approval(by: str = "bob", content: str = "sha256:1", day: date = DAY) -> Event:
    return Event("o2c-approval", day, "PR-1", "", Act(by), values=("PR-1", content))


@pytest.mark.parametrize(
    ("event", "day", "said"),
    [
        (_approval(), DAY, ""),
        (_approval(), date(2026, 3, 12), ""),
        (_approval(), date(2026, 3, 13), "it expired: it is dated 2026-03-02 and good for 10 days"),
        (_approval(), date(2026, 3, 1), "it is dated 2026-03-02, later than 2026-03-01"),
        (_approval(content="sha256:2"), DAY, "the content changed after it was approved"),
        (_approval("ann"), DAY, "ann prepared it; another person must approve"),
        (_approval("dave"), DAY, "dave is not among the users of policies.yaml"),
        (_approval("cora"), DAY, "cora does not hold the role approvals"),
        (_approval(""), DAY, "it does not say who approved"),
    ],
)
def test_an_approval_is_good_or_says_why_not(event: Event, day: date, said: str) -> None:
    assert fault(event, WANTED, day) == said


def test_where_one_person_may_do_all_the_preparer_may_approve_but_not_without_the_role() -> None:
    assert fault(_approval("ann"), WANTED._replace(alone=True), DAY) == ""
    assert fault(_approval("cora"), WANTED._replace(alone=True), DAY) == "cora does not hold the role approvals"


def test_content_of_nobody_cannot_be_approved() -> None:
    assert fault(_approval(), WANTED._replace(preparer=""), DAY) == "nobody is named as who prepared it"


def _doc(doc_type: str, *amounts: str, currency: str = "EUR", **facts: object) -> Document:
    signed = [Decimal(amount) for amount in amounts]
    moves = tuple(Movement("Assets:AR:C1", "INV-1" if one > 0 else "RC-1", one, currency) for one in signed)
    return Document(doc_type, "X-1", DAY, "C1", currency, "Acme", "", moves, extra=tuple(facts.items()))  # type: ignore[arg-type]  # plain values


def _worth(amount: Amount, _: date) -> Decimal:
    assert amount.number is not None
    return amount.number * (2 if amount.currency == "USD" else 1)


@pytest.mark.parametrize(
    ("doc", "kind", "amount"),
    [
        (_doc("write-off", "-119.00"), "write-off", "119.00"),
        (_doc("write-off", "0.04"), "write-off", "0.04"),
        (_doc("credit-note", "-100.00", "-19.00"), "credit-note", "119.00"),
        (_doc("refund", "64.00"), "refund", "64.00"),
        (_doc("allocation", "300.00", "-65.65", "-234.35"), "manual-match", "300.00"),
        (_doc("write-off", "-50.00", currency="USD"), "write-off", "100.00"),
        (_doc("invoice", "119.00"), "", "119.00"),
        (_doc("allocation", "300.00", "-300.00", undoes=True), "", "300.00"),
    ],
)
def test_a_document_weighs_what_it_moves_in_the_currency_of_the_books(doc: Document, kind: str, amount: str) -> None:
    assert kind_of(doc) == kind
    assert weight(doc, None, _worth) == Decimal(amount)


def test_what_is_held_at_cost_weighs_its_cost() -> None:
    held = Movement("Assets:AR:C1", "INV-1", Decimal(-100), "USD", None, Amount(Decimal("-92.00"), "EUR"))
    assert weight(_doc("write-off")._replace(movements=(held,)), None, _worth) == Decimal("92.00")


def test_a_part_of_what_is_held_at_cost_weighs_that_part_though_the_whole_lot_moves() -> None:
    whole = Movement("Assets:AR:C1", "INV-1", Decimal(-1000), "USD", None, Amount(Decimal("-920.00"), "EUR"))
    rest = Movement("Assets:AR:C1", "INV-1", Decimal(400), "USD", None, Amount(Decimal("368.00"), "EUR"))
    assert weight(_doc("write-off")._replace(movements=(whole, rest)), None, _worth) == Decimal("552.00")


def test_accepted_prices_weigh_what_the_lines_differ_either_way() -> None:
    lines = tuple(
        Line(n, "Equity:Orders", Decimal(0), "EUR", quantity=Decimal(10), price=Amount(Decimal(price), "EUR"),
             extra=(("list-price", Amount(Decimal("10.00"), "EUR")),))
        for n, price in ((1, "9.40"), (2, "10.10"))
    )  # fmt: skip
    order = _doc("order")._replace(lines=lines)
    event = Event("order-confirmed", DAY, "SO-1", "C1", account="Assets:AR:C1", extra=(("prices-accepted", True),))
    assert weight(event, order, _worth) == Decimal("7.00")
    assert kind_of(event._replace(extra=())) == ""


def _weighed(what: str, *amounts: str, **facts: str) -> list[Weighed]:
    return [
        Weighed(Event("o2c-limit", DAY, "", "", values=("C1",), extra=tuple(facts.items())), what, Decimal(amount))
        for amount in amounts
    ]


@given(st.lists(st.integers(1, 20_000), max_size=12))
def test_whatever_the_parts_no_more_than_the_free_amount_passes_alone(cents: list[int]) -> None:
    parts = _weighed("write-off", *(str(Decimal(one) / 100) for one in cents))
    asked = over(parts, NEEDS)
    free = sum((one.amount for one in parts if not any(one is each for each in asked)), Decimal(0))
    assert free <= 100
    assert bool(asked) == (sum(cents) > 10_000)


def test_without_an_amount_every_one_needs_approval_and_unknown_kinds_never() -> None:
    assert len(over(_weighed("refund", "0.01", "0.01"), NEEDS)) == 2
    assert over(_weighed("release", "999999"), NEEDS) == []


def test_a_new_limit_takes_the_place_of_the_old_but_kinds_of_limits_add_up() -> None:
    again = [*_weighed("limit", "900"), *_weighed("limit", "1000")]
    assert over(again, NEEDS) == []
    assert over([*again, *_weighed("limit", "1", kind="temporary")], NEEDS) != []


def _limit(amount: str, day: str, **facts: Value) -> Weighed:
    event = Event("o2c-limit", date.fromisoformat(day), "", "", values=("C1",), extra=tuple(facts.items()))
    return Weighed(event, "limit", Decimal(amount))


def test_limits_add_up_over_months_as_long_as_they_last_together() -> None:
    permanent = _limit("1000", "2026-03-31")
    later = _limit("1", "2026-04-01", kind="temporary", until=date(2026, 4, 30))
    assert over([permanent, later], NEEDS) == [later]
    ahead = _limit("1000", "2026-04-30")
    assert over([later, ahead], NEEDS) == [ahead], "the last day of the temporary one counts"
    assert over([ahead, later], NEEDS) == [later], "what begins later is added up, too"
    assert over([later, _limit("1000", "2026-05-01")], NEEDS) == []
    assert over([permanent, _limit("400", "2026-04-01"), _limit("600", "2026-04-02", kind="insured")], NEEDS) == []


@pytest.mark.parametrize(
    ("kind", "facts", "asked", "lifts"),
    [
        ("order-released", {"amount": Amount(Decimal(5), "EUR")}, "release", False),
        ("order-released", {}, "", False),
        ("credit-warned", {"amount": Amount(Decimal(0), "EUR")}, "", False),
        ("credit-warned", {"amount": Amount(Decimal(5), "EUR")}, "release", False),
        ("credit-warned", {}, "", True),
    ],
)
def test_what_lets_an_order_go_beyond_its_limit_is_a_release(
    kind: str, facts: dict[str, Value], asked: str, lifts: bool
) -> None:
    event = Event(kind, DAY, "SO-1", "C1", account="Assets:AR:C1", extra=tuple(facts.items()))
    assert (kind_of(event), lifts_limit(event)) == (asked, lifts)
