"""Credit and dunning in the tests of other systems (docs/peer-scenarios.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdf
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.credit.conftest import CreditStory


def test_cred_02_a_limit_of_99_is_exceeded_already(story: CreditStory) -> None:
    story.order("FREE 1 100.00")
    assert story.exposure() == "100.00"
    story.on("2026-03-03").limit("HOME", "99.00 EUR")
    rows = story.json("credit", "review")["rows"]
    assert [(row["name"], row["why"]) for row in rows] == [("HOME", "over the limit by 1.00")]


@pytest.mark.parametrize(("limit", "over"), [("150.00", "50.00"), ("100.00", "100.00")])
def test_cred_02_a_second_order_is_stopped_and_a_user_with_the_right_may_go_on(
    story: CreditStory, limit: str, over: str
) -> None:
    story.limit("HOME", f"{limit} EUR")
    story.order("FREE 1 100.00")
    second = story.draft("FREE 1 100.00")
    assert f"{over} EUR over the limit" in story.held("order", "confirm", second)
    story("credit", "release", second, "--reason", "the head of sales takes it on")
    story("order", "confirm", second)
    assert story.exposure() == "200.00"


RULES = "  rules: {dunning_level: {level: 2, confirm: hold}}\n"
LEVELS = """\
dunning:
  levels: [{after: 5, name: First}, {after: 20, name: Second}, {after: 40, name: Third}]
  interval: 0
"""


def test_dun_01_levels_advance_one_step_per_run_and_stop_for_blocks_and_payment(story: CreditStory) -> None:
    """Due on day 0, 2 January; day 4 is 6 January, day 30 is 1 February, day 50 is 21 February."""
    story.rules(RULES + LEVELS)
    order = story.on("2026-01-02").draft("FREE 1 1.00")
    paid, unpaid = (story.invoice("FREE 1 100.00", terms="immediate") for _ in range(2))
    story("receipt", "HOME", "100.00 EUR", "--apply", paid)
    assert proposed(story, "2026-01-06") == {}
    assert proposed(story, "2026-01-07") == {"PR-2026-0001": "HOME: First, 100.00 EUR"}
    assert proposed(story, "2026-02-01") == {"PR-2026-0001": "HOME: First, 100.00 EUR"}
    assert standing(story, unpaid) == (0, 1, "its reminder waits in PR-2026-0001")
    story("dun", "post", "PR-2026-0001", "--accept-all")
    assert [note(row) for row in story.json("dun", "list")["rows"]] == [(unpaid, "2026-02-01", 1)]
    story("dun", "block", unpaid, "--reason", "they asked for a copy")
    assert proposed(story, "2026-02-01") == {}
    assert standing(story, unpaid) == (1, 2, f"{unpaid} is blocked: they asked for a copy")
    story("dun", "unblock", unpaid, "--reason", "the copy was sent")
    assert proposed(story, "2026-02-01") == {"PR-2026-0002": "HOME: Second, 100.00 EUR"}
    assert story.json("credit", "check", order)["rows"][-1]["what"] == "pass"
    story("dun", "post", "PR-2026-0002", "--accept-all")
    assert standing(story, unpaid)[:2] == (2, 3)
    story.held("order", "confirm", order)
    story("receipt", "HOME", "100.00 EUR", "--apply", unpaid)
    assert story.json("dun", "list")["rows"] == []
    assert proposed(story, "2026-02-21") == {}
    story("credit", "release", order, "--reason", "paid")
    assert story.json("credit", "check", order)["rows"][-1]["what"] == "pass"


def proposed(story: CreditStory, day: str) -> dict[str, str]:
    """Run on a day; gives the proposals in which reminders wait, each with its only line."""
    found = story.on(day).json("dun", "propose")["proposed"]
    assert all(len(one["lines"]) == 1 for one in found)
    return {one["proposal"]: one["lines"][0]["summary"] for one in found}


def standing(story: CreditStory, item: str) -> tuple[int, int, str]:
    """Give the level that an item reached, the next one, and why that does not follow yet."""
    (row,) = (row for row in story.json("dun", "list")["rows"] if row["item"] == item)
    return row["level"], row["next_level"], row["why"]


def note(row: dict[str, object]) -> tuple[object, object, object]:
    return row["item"], row["last_reminder"], row["level"]


def test_dun_05_a_reminder_without_fee_and_interest_asks_for_what_is_open(story: CreditStory, tmp_path: Path) -> None:
    """20 days overdue: outstanding 100.00, in total 100.00; nothing is posted, and nothing is added."""
    story.rules(RULES + LEVELS)
    item = story.on("2026-01-02").invoice("FREE 1 100.00", terms="immediate")
    before, file = story.bytes(), tmp_path / "reminder.pdf"
    story.on("2026-01-22")("document", "reminder", "HOME", "--level", "1", "-o", str(file))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert item in text
    amounts = set(re.findall(r"\d+[.,]\d\d\b", text))
    assert amounts in ({"100.00"}, {"100,00"})
    assert story.exposure() == "100.00"
    assert story.bytes() == before
    assert proposed(story, "2026-01-22") == {"PR-2026-0001": "HOME: First, 100.00 EUR"}
    story("dun", "post", "PR-2026-0001", "--accept-all")
    assert story.open() == {item: "100.00"}
