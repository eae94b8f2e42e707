from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c import master
from o2c.errors import BooksBroken

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master.allowance_policy import AllowancePolicy

D = Decimal
SEGMENTS = """forward_factor: 1
  segments:
    overseas: {countries: [US, CA], forward_factor: 1.2}
    shaky: {customers: [C0003], rates: {current: 5}}
"""


def change(root: Path, old: str, new: str) -> None:
    file = root / "master" / "policies.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def policy(root: Path) -> AllowancePolicy:
    found = master.load(root).policies.allowance
    assert found is not None
    return found


def test_the_demonstration_company_keeps_an_allowance(root: Path) -> None:
    found = policy(root)
    assert (found.method, found.history_months, found.least_items, found.recoverable_vat) == ("history", 36, 10, True)
    assert found.rest.rates["d91_plus"] == D("10.6")
    assert found.segments == ()


def test_a_customer_belongs_to_the_segment_that_names_it_then_to_its_country_then_to_the_rest(root: Path) -> None:
    change(root, "forward_factor: 1\n", SEGMENTS)
    found = policy(root)
    assert [found.segment(*who).name for who in (("C0003", "US"), ("C0001", "CA"), ("C0001", "DE"))] == [
        "shaky",
        "overseas",
        "all",
    ]
    assert found.segment("C0001", "US").forward_factor == D("1.2")
    assert (found.segment("C0003", "DE").rates["current"], found.segment("C0003", "DE").rates["d1_30"]) == (5, D("1.6"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("method: history\n", "method: guess\n", "write one of history, none"),
        ("forward_factor: 1\n", "forward_factor: -1\n", "not a factor from 0 to 10"),
        ("d31_60: 3.6", "d45_60: 3.6", "write one of current, d1_30"),
        ("d31_60: 3.6", "d31_60: 103", "not a percentage"),
        ("least_items: 10", "least_items: 0", "whole number from 1"),
        ("least_items: 10", "last_items: 10", "did you mean `least_items`"),
    ],
)
def test_a_fault_is_refused_in_a_sentence(root: Path, old: str, new: str, sentence: str) -> None:
    change(root, old, new)
    with pytest.raises(BooksBroken) as broken:
        master.load(root)
    assert any("policies.yaml:" in fault and sentence in fault for fault in broken.value.faults), broken.value.faults


def test_old_books_without_the_section_go_on_loading(root: Path) -> None:
    file = root / "master" / "policies.yaml"
    text = file.read_text("utf-8")
    start = text.index("allowance:\n")
    file.write_text(text[:start] + text[text.index("# Who works here") :], "utf-8")
    assert master.load(root).policies.allowance is None
