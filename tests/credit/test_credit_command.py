"""The words of `o2c credit`: help with an example each, completion, formats, dry runs, a second person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from o2c import books
from o2c.cli.credit import credit

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory


@pytest.mark.parametrize("name", ["", *sorted(credit.commands)])
def test_every_word_has_help_with_a_worked_example(name: str) -> None:
    said = CliRunner().invoke(credit, [*name.split(), "--help"]).output
    assert "Example" in said
    assert f"o2c credit {name}".strip() in said


def test_customers_and_orders_are_completed(story: CreditStory, monkeypatch: pytest.MonkeyPatch) -> None:
    number = story.draft("FREE 1 1.00")
    monkeypatch.setenv("_O2C_COMPLETE", "bash_complete")
    monkeypatch.setenv("O2C_BOOKS", str(story.root))
    for words, wanted in (
        ("o2c credit show HO", "HOME"),
        ("o2c credit release SO", number),
        ("o2c credit hold H", "HOME"),
    ):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", "3")
        _, out, _ = story.run()
        assert wanted in out


@pytest.mark.parametrize("word", [("show", "HOME"), ("score", "HOME"), ("review",), ("check", "SO-2026-0001")])
@pytest.mark.parametrize("fmt", ["text", "csv", "json"])
def test_every_table_comes_in_every_format(story: CreditStory, word: tuple[str, ...], fmt: str) -> None:
    story.draft("FREE 1 1.00")
    assert story("credit", *word, "--format", fmt)


def test_a_dry_run_prints_the_limit_and_writes_nothing(story: CreditStory) -> None:
    before = story.bytes()
    out = story("credit", "limit", "HOME", "10.00 EUR", "--reason", "test", "--horizon", "90", "--dry-run")
    assert '2026-03-02 custom "o2c-limit" "HOME" 10.00 EUR' in out
    assert "horizon: 90" in out
    assert story.bytes() == before


def test_what_applies_is_frozen_into_the_limit(story: CreditStory) -> None:
    story.rules("  horizon: 60\n  credits: not-deducted\n  review_days: 365\n")
    story.limit("STORES", "10.00 EUR")
    (entry,) = books.load(story.root).customs("o2c-limit")
    assert {key: str(value) for key, value in entry.extra} == {
        "credits": "not-deducted",
        "horizon": "60",
        "members": "NORTH SOUTH",
        "review": "2027-03-02",
    }
    story.change("customers", "  credit_group: STORES\nSOUTH", "SOUTH")
    rows = story.json("credit", "show", "SOUTH")["rows"]
    assert {row["of"] for row in rows} == {"SOUTH", "STORES"}
    assert {row["of"] for row in story.json("credit", "show", "NORTH")["rows"]} == {"NORTH", "STORES"}


def test_a_limit_over_the_threshold_waits_for_a_second_person(story: CreditStory) -> None:
    story.change("policies", "reasons:", "approvals: {kinds: {limit: {over: 1000.00 EUR}}}\nreasons:")
    story.limit("HOME", "1000.00 EUR")
    code, _, err = story.run("credit", "limit", "WEST", "1000.01 EUR", "--reason", "big")
    assert (code, "needs approval by approvals: PR-2026-0001 written" in err) == (1, True)
    assert story.json("credit", "review")["rows"] == []
    assert len(books.load(story.root).customs("o2c-limit")) == 1


def test_a_limit_in_another_currency_than_the_one_in_force_is_refused(story: CreditStory) -> None:
    story.limit("HOME", "10.00 EUR")
    said = story.refused("credit", "limit", "HOME", "10.00 USD", "--until", "2026-12-31", "--reason", "x")
    assert "the limit of HOME is in EUR" in said
    story.on("2026-03-03").limit("HOME", "10.00 USD")


def test_the_same_block_again_changes_nothing(story: CreditStory) -> None:
    story("credit", "hold", "HOME", "--reason", "x")
    before = story.bytes()
    assert "nothing to do" in story("credit", "hold", "HOME", "--reason", "y")
    assert story.bytes() == before


def test_a_limit_in_dollars_without_a_rate_is_refused_in_a_sentence(story: CreditStory) -> None:
    (story.root / "manual" / "prices.beancount").write_text("", "utf-8")
    number = story.draft("FREE 1 100.00", customer="DOLLAR")
    story("order", "confirm", number)
    said = story.refused("credit", "limit", "DOLLAR", "10.00 EUR", "--reason", "x")
    assert "USD" in said


def test_a_release_over_the_threshold_lets_the_order_go_on_when_a_second_person_approved_it(story: CreditStory) -> None:
    story.change(
        "policies",
        "reasons:",
        "users: {petra: [approvals]}\napprovals: {kinds: {release: {over: 100.00 EUR}}}\nreasons:",
    )
    story.limit("HOME", "10.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    code, _, err = story.run("credit", "release", number, "--reason", "owner vouches")
    assert (code, "release over 100.00 EUR" in err) == (1, True)
    assert story.state(number) == "held"
    story("--user", "petra", "proposal", "approve", "PR-2026-0001")
    story("proposal", "post", "PR-2026-0001")
    story("order", "confirm", number)
    assert story.state(number) == "confirmed"
    assert story.json("check", "loads", "policies")["ok"]


_TWO = """\
users: {petra: [approvals]}
approvals: {kinds: {release: {over: 100.00 EUR}, limit: {over: 1000.00 EUR}}}
reasons:"""


def test_a_name_of_nobody_is_refused_and_says_what_it_could_be(story: CreditStory) -> None:
    for word in ("hold", "release"):
        said = story.refused("credit", word, "SO-9", "--reason", "x")
        assert "there is no customer, credit group or order 'SO-9'" in said


def test_a_limit_split_over_two_months_waits_for_a_second_person(story: CreditStory) -> None:
    story.change("policies", "reasons:", _TWO)
    story.limit("HOME", "1000.00 EUR", "--date", "2026-03-31")
    code, out, err = story.run(
        "credit",
        "limit",
        "HOME",
        "0.01 EUR",
        "--until",
        "2026-05-31",
        "--date",
        "2026-04-01",
        "--reason",
        "x",
        "--json",
    )
    assert (code, "limit over 1000.00 EUR for HOME needs approval" in err) == (1, True)
    assert json.loads(out) == {"posted": [], "existed": [], "proposal": "PR-2026-0001"}


def test_a_dry_run_of_what_needs_approval_is_json_where_json_is_asked(story: CreditStory) -> None:
    story.change("policies", "reasons:", _TWO)
    command = ("credit", "limit", "HOME", "2000.00 EUR", "--reason", "x", "--dry-run")
    code, out, err = story.run(*command, "--json")
    answer = json.loads(out)
    assert (code, answer["dry_run"], "dry run" in err) == (1, True, True)
    assert answer["text"].strip("\n") == story.run(*command)[1].strip("\n")


def test_another_reason_under_the_same_key_is_refused(story: CreditStory) -> None:
    for command in (("limit", "HOME", "10.00 EUR"), ("hold", "WEST"), ("release", "WEST")):
        story("credit", *command, "--reason", "x", "--key", command[0])
        assert "already done" in story("credit", *command, "--reason", "x", "--key", command[0])
        assert "key" in story.refused("credit", *command, "--reason", "y", "--key", command[0])


def test_a_copy_of_an_approved_release_is_found(story: CreditStory) -> None:
    number = _held_over_the_limit(story)
    story.run("credit", "release", number, "--reason", "owner vouches")
    story("--user", "petra", "proposal", "approve", "PR-2026-0001")
    story("proposal", "post", "PR-2026-0001")
    assert story.json("check", "approvals")["ok"]
    journal = next(path for path in sorted((story.root / "journal").iterdir()) if "#order-released" in path.read_text())
    text = journal.read_text("utf-8")
    copy = text[text.rindex("\n\n", 0, text.index("#order-released")) :].split("\n\n")[1]
    journal.write_text(f"{text}\n{copy}\n", "utf-8")
    found = story.run("check", "approvals")[1]
    assert found.count("it stands in the books more often than in PR-2026-0001") == 2


_BY_HAND = """
2026-03-02 note Assets:AR:HOME "Order released" #order-released
  subject: "SO-2026-0001"
  amount: 600.00 EUR
  until: 2026-03-31
  by: "ann"
"""


def test_one_second_look_is_good_for_one_release_not_for_its_copy(story: CreditStory) -> None:
    assert _held_over_the_limit(story) == "SO-2026-0001"
    by_hand = story.root / "manual" / "releases.beancount"
    by_hand.write_text(_BY_HAND, "utf-8")
    assert "release SO-2026-0001 needs approval" in story.run("check", "approvals")[1]
    story("--user", "petra", "proposal", "approve", "SO-2026-0001")
    assert story.json("check", "approvals")["ok"]
    by_hand.write_text(_BY_HAND * 2, "utf-8")
    assert "release SO-2026-0001 needs approval" in story.run("check", "approvals")[1]


def test_a_warning_by_hand_that_lifts_every_limit_is_found_where_the_policies_do_not_warn(story: CreditStory) -> None:
    _held_over_the_limit(story)
    warned = _BY_HAND.replace("order-released", "credit-warned")
    warned = warned.replace("  amount: 600.00 EUR\n  until: 2026-03-31\n", "")
    (story.root / "manual" / "releases.beancount").write_text(warned, "utf-8")
    assert "lets SO-2026-0001 go beyond every limit" in story.run("check", "approvals")[1]
    story("--user", "petra", "proposal", "approve", "SO-2026-0001")
    assert story.json("check", "approvals")["ok"]


def _held_over_the_limit(story: CreditStory) -> str:
    story.change("policies", "reasons:", _TWO)
    story.limit("HOME", "10.00 EUR")
    number = story.draft("FREE 5 100.00")
    story.held("order", "confirm", number)
    return number
