"""Credit and dunning in the tests of other systems (docs/peer-scenarios.md), as far as credit can tell."""

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


def test_dun_01_a_paid_item_holds_nothing_and_an_open_one_does_from_its_level_on(story: CreditStory) -> None:
    """The levels of a dunning run come with that run; here they are notes, as it will write them."""
    story.rules("  rules: {dunning_level: {level: 2, confirm: hold}}\n")
    number = story.draft("FREE 1 1.00")
    paid, unpaid = (story.on("2026-01-02").invoice("FREE 1 100.00", terms="immediate") for _ in range(2))
    story("receipt", "HOME", "100.00 EUR", "--apply", paid)
    remind(story, (paid, "2026-01-07", 2), (unpaid, "2026-01-07", 1))
    assert story.on("2026-01-07").json("credit", "check", number)["rows"][-1]["what"] == "pass"
    remind(story, (paid, "2026-01-07", 2), (unpaid, "2026-01-07", 1), (unpaid, "2026-02-01", 2))
    story.on("2026-03-02").held("order", "confirm", number)
    story("receipt", "HOME", "100.00 EUR", "--apply", unpaid)
    story("credit", "release", number, "--reason", "paid")
    assert story.json("credit", "check", number)["rows"][-1]["what"] == "pass"


def remind(story: CreditStory, *reminders: tuple[str, str, int]) -> None:
    """Write reminders by hand: item, day, level."""
    (story.root / "manual" / "reminders.beancount").write_text(
        "".join(
            f'{day} note Assets:AR:HOME "Reminder" #reminder\n  subject: "{item}"\n  level: {level}\n\n'
            for item, day, level in reminders
        ),
        "utf-8",
    )


def test_dun_05_a_reminder_without_fee_and_interest_asks_for_what_is_open(story: CreditStory, tmp_path: Path) -> None:
    """20 days overdue: outstanding 100.00, in total 100.00; nothing is posted, and nothing is added."""
    item = story.on("2026-01-02").invoice("FREE 1 100.00", terms="immediate")
    before, file = story.bytes(), tmp_path / "reminder.pdf"
    story.on("2026-01-22")("document", "reminder", "HOME", "--level", "1", "-o", str(file))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert item in text
    amounts = set(re.findall(r"\d+[.,]\d\d\b", text))
    assert amounts in ({"100.00"}, {"100,00"})
    assert story.exposure() == "100.00"
    assert story.bytes() == before
