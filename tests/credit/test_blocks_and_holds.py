"""No way round a block or a hold: a shorter block, an act of one person, a release dated before the hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.model import progress

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory

_LIMITS_NEED_TWO = "users: {petra: [approvals]}\napprovals: {kinds: {limit: {over: 1000.00 EUR}}}\nreasons:"


def _blocked(story: CreditStory, day: str) -> bool:
    """Tell whether an order of one cent would be held for a block on a day."""
    code, out, _ = story.run("credit", "check", "SO-2026-0001", "--as-of", day)
    return code == 1 and "is blocked" in out


@pytest.fixture
def blocked(story: CreditStory) -> CreditStory:
    """A customer with a draft and a block without an end."""
    story.draft("FREE 1 0.01")
    story("credit", "hold", "HOME", "--reason", "insolvency was filed for")
    return story


def test_a_shorter_block_does_not_end_the_one_without_an_end(blocked: CreditStory) -> None:
    said = blocked.refused("credit", "hold", "HOME", "--reason", "x", "--until", "2026-03-05")
    assert "blocked without an end" in said
    hand = blocked.root / "manual" / "block.beancount"
    hand.write_text('2026-03-03 custom "o2c-limit" "HOME" 0.00 EUR\n  kind: "blocked"\n  until: 2026-03-04\n')
    assert _blocked(blocked, "2026-03-20")


def test_a_longer_block_goes_on_top_of_the_one_in_force(story: CreditStory) -> None:
    story.draft("FREE 1 0.01")
    story("credit", "hold", "HOME", "--reason", "x", "--until", "2026-03-05")
    assert not _blocked(story, "2026-03-06")
    story("credit", "hold", "HOME", "--reason", "it got worse")
    assert _blocked(story, "2026-03-06")


def test_one_release_ends_every_block(blocked: CreditStory) -> None:
    (blocked.root / "manual" / "block.beancount").write_text(
        '2026-03-02 custom "o2c-limit" "HOME" 0.00 EUR\n  kind: "blocked"\n  until: 2026-04-30\n'
    )
    blocked("credit", "release", "HOME", "--reason", "plan confirmed", "--date", "2026-03-03")
    assert _blocked(blocked, "2026-03-02")
    assert not _blocked(blocked, "2026-03-03")


def test_ending_a_block_needs_a_second_person_where_limits_need_one(blocked: CreditStory) -> None:
    blocked.change("policies", "reasons:", _LIMITS_NEED_TWO)
    code, _, said = blocked.run("credit", "release", "HOME", "--reason", "a friend of mine")
    assert code == 1
    assert "unblock for HOME needs approval by approvals: PR-2026-0001 written" in said
    assert _blocked(blocked, "2026-03-02")
    blocked("--user", "petra", "proposal", "approve", "PR-2026-0001")
    blocked("proposal", "post", "PR-2026-0001")
    assert not _blocked(blocked, "2026-03-02")
    assert blocked.json("check", "approvals")["ok"]


def test_a_block_ended_by_hand_without_a_second_person_is_found(blocked: CreditStory) -> None:
    blocked.change("policies", "reasons:", _LIMITS_NEED_TWO)
    hand = blocked.root / "manual" / "unblock.beancount"
    hand.write_text('2026-03-02 custom "o2c-limit" "HOME" 0.00 EUR\n  kind: "unblocked"\n')
    code, out, _ = blocked.run("check", "approvals")
    assert code != 0
    assert "unblock.beancount:1" in out


def test_a_role_of_its_own_may_end_blocks(blocked: CreditStory) -> None:
    two = "users: {petra: [owner]}\napprovals: {kinds: {unblock: {role: owner}}}\nreasons:"
    blocked.change("policies", "reasons:", two)
    blocked("credit", "limit", "HOME", "5000000.00 EUR", "--reason", "limits are free here")
    code, _, said = blocked.run("credit", "release", "HOME", "--reason", "x")
    assert (code, "needs approval by owner" in said) == (1, True)


def test_a_release_dated_before_its_hold_is_refused(story: CreditStory) -> None:
    number = story.draft("FREE 1 1.00")
    story("credit", "hold", number, "--reason", "x", "--date", "2026-03-05")
    said = story.refused("credit", "release", number, "--reason", "y")
    assert f"{number} is held from 2026-03-05 on" in said
    story("credit", "release", number, "--reason", "y", "--date", "2026-03-05")
    assert story.state(number) == "draft"


@pytest.mark.parametrize(("day", "found"), [("2026-03-01", True), ("2026-03-02", False), ("2026-03-03", False)])
def test_a_release_by_hand_dated_before_its_hold_is_a_finding(story: CreditStory, day: str, found: bool) -> None:
    number = story.draft("FREE 1 1.00")
    story("credit", "hold", number, "--reason", "x")
    note = f'{day} note Assets:AR:HOME "Released" #order-released\n  subject: "{number}"\n  version: 1\n'
    (story.root / "manual" / "release.beancount").write_text(note)
    messages = [error.message for error in books.load(story.root).errors]
    assert [f"the release of {number} is dated" in message for message in messages] == [True] * found


def test_the_amount_of_a_release_may_go_without_its_currency(story: CreditStory) -> None:
    story.limit("DOLLAR", "10.00 EUR")
    number = story.draft("FREE 1 100.00", customer="DOLLAR")
    story.held("order", "confirm", number)
    out = story("credit", "release", number, "--reason", "half is paid", "--amount", "95.00", "--dry-run")
    assert "amount: 95.00 EUR" in out
    said = story.refused("credit", "release", number, "--reason", "half is paid", "--amount", "95.00 USD")
    assert "in USD, the limit of DOLLAR in EUR" in said


def test_an_order_for_a_later_day_is_held_from_that_day_on_and_released_for_it(story: CreditStory) -> None:
    story.limit("HOME", "10.00 EUR")
    file = story.order_file("FREE 1 100.00", date="2026-05-04")
    story.held("order", "import", str(file), "--confirm")
    said = story.refused("credit", "release", "SO-2026-0001", "--reason", "advance payment agreed")
    assert "--date 2026-05-04" in said
    story("credit", "release", "SO-2026-0001", "--reason", "advance payment agreed", "--date", "2026-05-04")
    facts = books.load(story.root).facts
    assert progress.state(facts.document("SO-2026-0001"), facts.events["SO-2026-0001"]) == progress.DRAFT


def test_the_terms_of_a_release_belong_to_orders(blocked: CreditStory) -> None:
    for terms in (("--until", "2026-05-01"), ("--amount", "5.00")):
        said = blocked.refused("credit", "release", "HOME", "--reason", "ok", *terms, code=2)
        assert "HOME is no order, and --amount and --until are for orders" in said
    assert "no order 'NOBODY'" in blocked.refused("credit", "release", "NOBODY", "--reason", "ok", "--amount", "5.00")


def test_a_customer_is_blocked_on_the_day_on_which_he_ordered(story: CreditStory) -> None:
    number = story.order("FREE 1 100.00")
    story("credit", "hold", "HOME", "--reason", "insolvency was filed for")
    story("check")
    assert story.state(number) == "confirmed"
    later = story.draft("FREE 1 0.01")
    assert "is blocked" in story.held("order", "confirm", later)
    story("check")
