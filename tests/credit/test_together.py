"""Ten processes confirm ten orders against one limit at the same time: exactly those that fit go through."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory


def test_ten_processes_confirm_exactly_the_orders_that_fit(story: CreditStory) -> None:
    story.limit("HOME", "700.00 EUR")
    numbers = [story.draft("FREE 1 100.00") for _ in range(10)]
    environment = {**os.environ, "O2C_BOOKS": str(story.root), "O2C_USER": "anna"}
    o2c = [sys.executable, "-c", "from o2c.cli import main; main()", "--today", story.day]
    running = [
        subprocess.Popen(
            [*o2c, "order", "confirm", number],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in numbers
    ]  # fmt: skip
    ends = [(process.communicate(timeout=240), process.returncode) for process in running]
    assert sorted(code for _, code in ends) == [0] * 7 + [1] * 3, ends
    assert all("is held: over_limit" in err for (_, err), code in ends if code)
    states = [row["state"] for row in story.json("order", "list")["rows"]]
    assert sorted(states) == ["confirmed"] * 7 + ["held"] * 3
    assert story.exposure() == "700.00"
    assert story.json("check", "loads", "plugins", "numbering")["ok"]
