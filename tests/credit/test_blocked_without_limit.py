"""Who is blocked is said so first, whether or not he has a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory


@pytest.fixture
def blocked(story: CreditStory) -> CreditStory:
    """A customer without a limit who was blocked."""
    story("credit", "hold", "HOME", "--reason", "insolvency was filed for")
    return story


def test_a_block_without_a_limit_comes_first_with_since_when_by_whom_and_why(blocked: CreditStory) -> None:
    first, *others = blocked.on("2026-03-20").json("credit", "show", "HOME")["rows"]
    assert (first["of"], first["term"], first["amount"]) == ("HOME", "blocked", None)
    assert first["what"] == "every order is held since 2026-03-02, by anna: insolvency was filed for"
    assert first["place"].startswith("journal/2026-03.beancount:")
    assert [row["term"] for row in others] == ["exposure", "available"]
    assert others[-1]["what"] == "blocked: nothing may be sold; no limit is set"


def test_the_block_is_printed_above_everything_else_of_the_customer(blocked: CreditStory) -> None:
    lines = blocked("credit", "show", "HOME").splitlines()
    assert lines[lines.index("HOME, in EUR") + 1].startswith("blocked     every order is held since 2026-03-02, by")


def test_a_block_over_a_limit_is_said_once_and_beside_what_is_left(blocked: CreditStory) -> None:
    blocked.limit("HOME", "100.00 EUR")
    rows = blocked.json("credit", "show", "HOME")["rows"]
    assert [row["term"] for row in rows] == ["blocked", "exposure", "limit", "available"]
    assert rows[-1]["what"].startswith("blocked: nothing may be sold, whatever is left; limit 100.00")


def test_two_blocks_in_force_are_both_said_and_one_that_ended_is_not(blocked: CreditStory) -> None:
    (blocked.root / "manual" / "block.beancount").write_text(
        '2026-03-01 custom "o2c-limit" "HOME" 0.00 EUR\n  kind: "blocked"\n  until: 2026-03-10\n'
    )
    rows = blocked.on("2026-03-10").json("credit", "show", "HOME")["rows"]
    said = [row["what"] for row in rows if row["term"] == "blocked"]
    assert said[0] == "every order is held since 2026-03-01 until 2026-03-10, by hand: no reason given"
    assert len(said) == 2
    rows = blocked.on("2026-03-11").json("credit", "show", "HOME")["rows"]
    assert [row["term"] for row in rows].count("blocked") == 1


def test_after_the_release_no_block_is_said(blocked: CreditStory) -> None:
    blocked.on("2026-03-03")("credit", "release", "HOME", "--reason", "plan confirmed")
    rows = blocked.json("credit", "show", "HOME")["rows"]
    assert "blocked" not in {row["term"] for row in rows}
    assert rows[-1]["what"] == "no limit is set: nothing is held because of an amount"


def test_a_block_of_the_group_is_said_for_the_group(story: CreditStory) -> None:
    story("credit", "hold", "STORES", "--reason", "the group is in trouble")
    rows = [row for row in story.json("credit", "show", "NORTH")["rows"] if row["of"] == "STORES"]
    assert rows[0]["what"] == "every order is held since 2026-03-02, by anna: the group is in trouble"
