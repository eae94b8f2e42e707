"""The section `credit` of policies.yaml: what it says by itself, what is wrong with its place, and its test cases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from o2c import master
from o2c.errors import BooksBroken

if TYPE_CHECKING:
    from o2c.master.credit_policy import CreditPolicy
    from tests.credit.conftest import CreditStory


def policy(story: CreditStory) -> CreditPolicy:
    return master.load(story.root).policies.credit


def test_without_a_section_limits_and_blocks_hold_everywhere(story: CreditStory) -> None:
    found = policy(story)
    assert {name: set(rule.actions.values()) for name, rule in found.rules.items()} == {
        "blocked": {"hold"},
        "over_limit": {"hold"},
    }
    assert (found.horizon, found.credits, found.disputed, found.cases) == (None, "deducted", False, ())


def test_a_limit_holds_at_the_points_that_are_not_named(story: CreditStory) -> None:
    story.rules("  rules: {over_limit: {deliver: warn}, oldest_item: {days: 60, confirm: hold}}\n")
    rules = policy(story).rules
    assert rules["over_limit"].actions == {"confirm": "hold", "amend": "hold", "release": "hold", "deliver": "warn"}
    assert rules["oldest_item"].actions == {"confirm": "hold"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  rules: {overlimit: {confirm: hold}}", "did you mean `over_limit`?"),
        ("  rules: {over_limit: {confirm: stop}}", "write one of warn, hold, refuse"),
        ("  rules: {over_limit: {picking: hold}}", "has no field `picking`"),
        ("  rules: {oldest_item: {confirm: hold}}", "oldest_item has no `days`; add a line `days: 60`"),
        ("  rules: {overdue: {percent: 130, confirm: hold}}", "not a percentage from 0 to 100"),
        ("  rules: {dunning_level: {level: 0, confirm: hold}}", "not a whole number from 1 to 99"),
        ("  rules: {document_value: {amount: 500, confirm: hold}}", "is not an amount; write it like 1234.50 EUR"),
        ("  horizon: soon", "not a whole number"),
        ("  credits: perhaps", "write one of deducted, not-deducted"),
        ("  score: {weights: {days_late: 50, trend: 20}}", "the weights sum to 70; let them sum to 100"),
        ("  cases: [{name: A, given: {limit: 1.00 EUR, order: 1.00 USD}, expect: pass}]", "EUR and USD"),
        ("  cases: [{name: A, given: {limitt: 1.00 EUR}, expect: pass}]", "did you mean `limit`?"),
        ("  cases: [{name: A, given: {limit: 1.00 EUR}}]", "has no `expect`"),
        ("  cases: [{name: A, expect: pass}]", "has no `given`"),
    ],
)
def test_a_fault_is_named_with_its_place(story: CreditStory, text: str, said: str) -> None:
    story.rules(text + "\n")
    with pytest.raises(BooksBroken) as broken:
        policy(story)
    assert len(broken.value.faults) == 1
    assert said in str(broken.value)
    assert "master/policies.yaml:" in str(broken.value)


def test_cases_are_run_and_a_wrong_one_is_found_at_its_line(story: CreditStory) -> None:
    story.rules(
        "  cases:\n"
        "    - {name: Fits, given: {limit: 10.00 EUR, exposure: 9.00 EUR, order: 1.00 EUR}, expect: pass}\n"
        "    - {name: Held, given: {limit: 10.00 EUR, exposure: 9.00 EUR, order: 1.01 EUR}, expect: hold,\n"
        "       because: [over_limit]}\n"
        "    - {name: Wrong, given: {limit: 10.00 EUR, exposure: 9.00 EUR, order: 1.01 EUR}, expect: refuse}\n"
        "    - {name: Other, given: {order: 1.00 EUR, blocked: yes}, expect: hold, because: [overdue]}\n"
    )
    code, out, _ = story.run("check", "policies", "--json")
    findings = json.loads(out)["checks"][0]["findings"]
    file = (story.root / "master" / "policies.yaml").read_text("utf-8").splitlines()
    assert code == 1
    assert [file[finding["line"] - 1].split("name: ")[1][:5] for finding in findings] == ["Wrong", "Other"]
    assert "at confirm the rules say hold, not refuse (over_limit: exposure 9.00 EUR" in findings[0]["message"]
    assert "hold as expected, but not because of overdue (blocked: customer is blocked)" in findings[1]["message"]


def test_a_changed_rule_is_found_by_the_case_that_guards_it(story: CreditStory) -> None:
    case = "  cases: [{name: Old debts, given: {order: 1.00 EUR, oldest_days: 61}, expect: hold}]\n"
    story.rules("  rules: {oldest_item: {days: 60, confirm: hold}}\n" + case)
    assert story.json("check", "policies")["ok"]
    story.change("policies", "days: 60", "days: 61")
    code, out, _ = story.run("check", "policies")
    assert (code, "the rules say pass, not hold" in out) == (1, True)


def test_a_rule_in_another_currency_than_the_books_is_found(story: CreditStory) -> None:
    story.rules("  rules: {document_value: {amount: 500.00 USD, confirm: hold}}\n")
    code, out, _ = story.run("check", "policies")
    assert (code, "document_value: the amount is in USD; write it in EUR" in out) == (1, True)
    assert "write the amount in EUR" in story.refused("order", "confirm", story.draft("FREE 1 1.00"))


def test_every_case_of_the_books_that_ship_comes_out_as_it_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    from o2c import checks
    from o2c.starting import start_demo

    root = tmp_path_factory.mktemp("demo") / "books"
    start_demo(root)
    result = checks.run(checks.gather(root), ["policies"])[0]
    assert result.ok, result.findings
    assert result.covers == "9 cases of the credit rules"
