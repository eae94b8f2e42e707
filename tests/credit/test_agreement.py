"""Verbs and plugin agree: what the rules let pass, the plugin never refuses, and books stay clean whatever is done."""

from __future__ import annotations

import random
from datetime import date
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from o2c import books

if TYPE_CHECKING:
    from tests.credit.conftest import CreditStory

CUSTOMERS = ("NORTH", "SOUTH", "HOME")
#: How the plugin begins when it refuses what a command would write.
PLUGIN_SAYS = " takes "


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_weeks_of_trade_never_need_the_plugin_to_say_no(story: CreditStory, seed: int) -> None:
    dice = random.Random(seed)
    story.limit("STORES", "1200.00 EUR")
    for customer in CUSTOMERS:
        story.limit(customer, f"{dice.randint(4, 9)}00.00 EUR", *dice.choice([(), ("--horizon", "20")]))
    day = date(2026, 3, 3)
    said = []
    for _ in range(40):
        day += timedelta(days=dice.choice([0, 1, 1, 5]))
        story.on(str(day))
        for arguments in _act(story, dice, day):
            code, out, err = story.run(*arguments)
            assert code in {0, 1}, (arguments, out, err)
            assert PLUGIN_SAYS not in err, (arguments, err)
            said += err.splitlines()
    loaded = books.load(story.root)
    assert loaded.errors == ()
    assert any("is held: over_limit" in line for line in said)
    assert any(row["state"] == "confirmed" for row in story.json("order", "list")["rows"])


def _act(story: CreditStory, dice: random.Random, day: date) -> list[tuple[str, ...]]:
    """Choose what somebody does; on the orders that there are."""
    rows = story.json("order", "list")["rows"]
    held = [row["order"] for row in rows if row["state"] == "held"]
    confirmed = [row["order"] for row in rows if row["state"] == "confirmed"]
    what = dice.choice(["order"] * 4 + ["confirm", "deliver", "deliver", "invoice", "pay", "release", "amend"])
    if what == "order" or not rows:
        customer = dice.choice(CUSTOMERS)
        wanted = str(day + timedelta(days=dice.choice([0, 10, 30])))
        file = story.order_file(f"FREE {dice.randint(2, 6)} 100.00", customer=customer, requested_date=wanted)
        return [("order", "import", str(file), *dice.choice([(), ("--confirm",), ("--confirm",)]))]
    if what == "release" and held:
        number = dice.choice(held)
        return [("credit", "release", number, "--reason", "taken on"), ("order", "confirm", number)]
    if what == "amend" and confirmed:
        number = dice.choice(confirmed)
        customer = next(row["customer"] for row in rows if row["order"] == number)
        return [("order", "amend", number, str(story.order_file("FREE 5 100.00", customer=customer)))]
    if what == "pay":
        items = story.json("report", "open-items")["rows"]
        owed = [row for row in items if not row["open"].startswith("-")]
        return [("receipt", row["customer"], f"{row['open']} EUR", "--apply", row["item"]) for row in owed[:1]]
    if what == "deliver" and confirmed:
        return [("deliver", dice.choice(confirmed), "--line", "1=1")]
    return [("invoice", "run")] if what == "invoice" else [("order", "confirm", "--all")]
