from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import master
from o2c.errors import BooksBroken
from o2c.master.dunning_policy import DunningPolicy
from o2c.master.dunning_policy import Level

if TYPE_CHECKING:
    from pathlib import Path

SECOND = "- {after: 24, name: Second reminder}"


def change(root: Path, old: str, new: str) -> None:
    file = root / "master" / "policies.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def section(root: Path) -> str:
    """Give the section of the demonstration company, without its comments."""
    text = (root / "master" / "policies.yaml").read_text("utf-8")
    start = text.index("\ndunning:\n") + 1
    return text[start : text.index("\n\n", start) + 1]


def test_the_demonstration_company_reminds_three_times(root: Path) -> None:
    found = master.load(root).policies.dunning
    assert found == DunningPolicy(
        (Level(10, "First reminder"), Level(24, "Second reminder"), Level(38, "Final reminder")),
        interval=14,
        minimum={"EUR": Decimal("5.00")},
    )


def test_without_a_section_nobody_is_reminded(root: Path) -> None:
    change(root, section(root), "")
    assert master.load(root).policies.dunning.levels == ()


def test_without_an_interval_a_week_lies_between_two_reminders(root: Path) -> None:
    change(root, "  interval: 14\n", "")
    assert master.load(root).policies.dunning.interval == 7


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (SECOND, "- {after: 10, name: Second reminder}", "10 days are not more than the 10 of the level before"),
        (SECOND, "- {after: 0, name: Second reminder}", "not a whole number from 1 to 3660"),
        (SECOND, "- {name: Second reminder}", "add a line `after: 10`"),
        (SECOND, "- {after: 24}", "add a line `name: First reminder`"),
        (SECOND, "- {after: 24, name: 'The \"second\"'}", "holds a quote or backslash"),
        (SECOND, "- {after: 24, name: Second reminder, fee: 5.00 EUR}", "`fee` is not there yet"),
        (SECOND, "- {after: 24, name: Second reminder, tone: firm}", "no field `tone`"),
        ("  interval: 14\n", "  interval: 14\n  interest: 9\n", "`interest` is not there yet"),
        ("  interval: 14\n", "  interval: weekly\n", "not a whole number"),
        ("  interval: 14\n", "  intervall: 14\n", "did you mean `interval`?"),
        ("{EUR: 5.00}", "{EUR: -5.00}", "no least sum in EUR"),
        ("{EUR: 5.00}", "{EUR: 5.00 USD}", "no least sum in EUR"),
        ("{EUR: 5.00}", "{EUR: 5.005}", "more decimals"),
    ],
)
def test_a_fault_is_named_with_its_line(root: Path, old: str, new: str, sentence: str) -> None:
    change(root, old, new)
    with pytest.raises(BooksBroken) as caught:
        master.load(root)
    message = str(caught.value)
    assert sentence in message
    assert "policies.yaml:" in message


def test_a_section_without_levels_says_what_to_write(root: Path) -> None:
    change(root, section(root), "dunning:\n  interval: 14\n")
    with pytest.raises(BooksBroken, match="has no `levels`; add a line `levels: "):
        master.load(root)
