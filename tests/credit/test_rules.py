"""Each rule of credit, at and beyond its bound."""

from __future__ import annotations

from decimal import Decimal

import pytest

from o2c.credit import rules
from o2c.master.credit_cases import Against
from o2c.master.credit_cases import Situation
from o2c.master.credit_policy import POINTS
from o2c.master.credit_policy import CreditPolicy
from o2c.master.credit_policy import Rule

D = Decimal


def against(limit: str | None, without: str, order: str, name: str = "C1") -> Against:
    return Against(name, "EUR", None if limit is None else D(limit), D(without), D(order))


def situation(one: Against | None = None, *more: Against, **facts: object) -> Situation:
    own = one or against(None, "0", "100.00")
    return Situation((own, *more), own.order, "EUR")._replace(**facts)


def found(rule: Rule, given: Situation, point: str = "confirm") -> list[str]:
    return [str(one) for one in rules.failed(CreditPolicy({rule.name: rule}), point, given)]


def rule(name: str, bound: str = "0", currency: str = "") -> Rule:
    return Rule(name, dict.fromkeys(POINTS, "hold"), D(bound), currency)


@pytest.mark.parametrize(
    ("name", "bound", "passes", "fails"),
    [
        ("oldest_item", "60", {"oldest_days": 60}, {"oldest_days": 61}),
        ("overdue", "30", {"overdue_percent": D(30)}, {"overdue_percent": D("30.1")}),
        ("dunning_level", "3", {"dunning_level": 2}, {"dunning_level": 3}),
        ("first_order", "0", {"earlier_orders": 1}, {"earlier_orders": 0}),
        ("first_order", "99.99", {"earlier_orders": 0, "value": D("99.99")}, {"earlier_orders": 0}),
        ("document_value", "100.00", {"value": D("100.00")}, {"value": D("100.01")}),
        ("no_limit", "0", {"against": (against("0.00", "0", "1"),)}, {"against": (against(None, "0", "1"),)}),
        (
            "no_limit", "0",
            {"against": (against(None, "0", "1"), against("5.00", "0", "1", "G"))},
            {"against": (against(None, "0", "1"), against(None, "0", "1", "G"))},
        ),
        (
            "blocked", "0",
            {"against": (against("5", "0", "1"),)},
            {"against": (against("5", "0", "1"), against("5", "0", "1", "G")._replace(blocked=True))},
        ),
        (
            "expired_limit", "0",
            {"against": (against("5", "0", "1"),)},
            {"against": (against("5", "0", "1")._replace(expired_days=1),)},
        ),
        (
            "expired_review", "0",
            {"against": (against("5", "0", "1"),)},
            {"against": (against("5", "0", "1")._replace(review_past_days=1),)},
        ),
        ("over_limit", "0", {"against": (against("100", "90", "10"),)}, {"against": (against("100", "90", "10.01"),)}),
        (
            "over_limit", "0",
            {"against": (against("100", "0", "10"), against("50", "40", "10", "G"))},
            {"against": (against("100", "0", "10"), against("49.99", "40", "10", "G"))},
        ),
    ],
)  # fmt: skip
def test_a_rule_fails_just_beyond_its_bound(
    name: str, bound: str, passes: dict[str, object], fails: dict[str, object]
) -> None:
    one = rule(name, bound, "EUR")
    assert found(one, situation(**passes)) == []
    said = found(one, situation(**fails))
    assert len(said) == 1
    assert said[0].startswith(f"{name}: ")


def test_an_order_that_adds_nothing_is_not_over_the_limit() -> None:
    assert found(rule("over_limit"), situation(against("100", "500", "0"))) == []


def test_a_point_that_a_rule_does_not_name_is_not_tested() -> None:
    one = Rule("no_limit", {"deliver": "refuse"})
    assert found(one, situation(), "confirm") == []
    assert found(one, situation(), "deliver") == ["no_limit: no limit is set for C1"]


@pytest.mark.parametrize(
    ("released", "over"),
    [("10.00", None), ("9.99", "0.01"), ("0.00", "10.00"), (None, "10.00"), ("99.00", None)],
)
def test_a_release_takes_its_amount_off_the_order(released: str | None, over: str | None) -> None:
    given = situation(against("100", "100", "10.00"), released=None if released is None else D(released))
    said = found(rule("over_limit"), given)
    assert (said == []) if over is None else (f"is {over} EUR over" in said[0])


def test_a_full_release_passes_every_rule_and_a_part_none_but_the_limit() -> None:
    old = situation(against("100", "0", "10.00"), oldest_days=99, released=D("10.00"))
    assert found(rule("oldest_item", "60"), old) == []
    assert len(found(rule("oldest_item", "60"), old._replace(released=D("9.99")))) == 1


def test_a_release_counts_for_the_group_in_proportion() -> None:
    given = situation(against("1000", "0", "10.00"), against("100", "95", "20.00", "G"), released=D("5.00"))
    assert "is 5.00 EUR over the limit of G" in found(rule("over_limit"), given)[0]


def test_the_hardest_action_decides() -> None:
    policy = CreditPolicy(
        {"no_limit": Rule("no_limit", {"confirm": "warn"}), "overdue": Rule("overdue", {"confirm": "hold"})}
    )
    failed = rules.failed(policy, "confirm", situation(overdue_percent=D(1)))
    assert [one.action for one in failed] == ["warn", "hold"]
    assert (rules.verdict(failed), rules.verdict(failed[:1]), rules.verdict([])) == ("hold", "warn", "pass")
