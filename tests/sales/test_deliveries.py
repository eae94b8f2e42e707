"""Deliveries: in part, in full, not beyond what was ordered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.books import load
from o2c.model.progress import Progress
from tests.scenarios.books import Story

if TYPE_CHECKING:
    import pytest


def delivered(story: Story, order: str, line: int = 1) -> Decimal:
    return Progress(load(story.root).facts).delivered[order, line]


def test_a_delivery_without_quantities_takes_all_that_is_open(story: Story) -> None:
    order = story.order("LAMP 3", "TEA 2")
    story("deliver", order, "--line", "1=1")
    second = story.posted("deliver", order)[0]
    assert [(line.sku, line.quantity) for line in story.document(second).lines] == [("LAMP", 2), ("TEA", 2)]
    assert "delivered in full" in story.refused("deliver", order)


def test_a_delivery_moves_no_money(story: Story) -> None:
    story("deliver", story.order("LAMP 3"))
    assert story.balances() == {}


def test_more_than_ordered_is_refused(story: Story) -> None:
    order = story.order("LAMP 3")
    assert "4 is more than the 3 still open" in story.refused("deliver", order, "--line", "1=4")
    story("deliver", order, "--line", "1=2")
    assert "2 is more than the 1 still open" in story.refused("deliver", order, "--line", "1=2")


def test_more_than_ordered_is_delivered_where_the_policy_allows_it(story: Story) -> None:
    story.change("policies", "over_delivery_percent: 0", "over_delivery_percent: 10")
    order = story.order("LAMP 20")
    story.refused("deliver", order, "--line", "1=23")
    story("deliver", order, "--line", "1=22")
    assert delivered(story, order) == 22
    assert "delivered in full" in story.refused("deliver", order)


def test_half_a_piece_can_be_delivered(story: Story) -> None:
    order = story.order("TEA 2.5")
    story("deliver", order, "--line", "1=1.25")
    assert delivered(story, order) == Decimal("1.25")


def test_services_are_not_delivered_unless_named(story: Story) -> None:
    order = story.order("LAMP 1", "WORK 2")
    first = story.posted("deliver", order)[0]
    assert [line.sku for line in story.document(first).lines] == ["LAMP"]
    story("deliver", order, "--line", "2=2")
    assert delivered(story, order, 2) == 2


def test_a_line_that_the_order_does_not_have_is_wrong_usage(story: Story) -> None:
    assert "no line 7" in story.refused("deliver", story.order("LAMP 3"), "--line", "7=1", code=2)


def test_nothing_is_delivered_before_it_was_ordered(story: Story) -> None:
    order = story.on("2026-03-05").order("LAMP 3")
    assert "before it" in story.refused("deliver", order, "--date", "2026-03-04")


def test_all_open_orders_are_delivered_at_once(story: Story) -> None:
    first, second, held = story.order("LAMP 3"), story.order("TEA 1"), story.order("TEA 2")
    story("order", "hold", held)
    assert story.posted("deliver", "--all") == ["DN-2026-0001", "DN-2026-0002"]
    assert (delivered(story, first), delivered(story, second), delivered(story, held)) == (3, 1, 0)
    assert story.posted("deliver", "--all") == []


@settings(max_examples=20)  # each is a story with several commands
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_whatever_is_tried_never_more_than_ordered_is_delivered(
    tmp_path_factory: pytest.TempPathFactory, tries: list[int]
) -> None:
    story = Story(tmp_path_factory.mktemp("story") / "books")
    order, done = story.order("LAMP 12"), 0
    for quantity in tries:
        code, _, _ = story.run("deliver", order, "--line", f"1={quantity}")
        fits = done + quantity <= 12
        assert code == (0 if fits else 1)
        done += quantity if fits else 0
    assert delivered(story, order) == done


def test_a_held_order_is_released_before_it_is_confirmed_and_delivered(story: Story) -> None:
    first, second = story.order("LAMP 3"), story.order("TEA 1", invoicing="order")
    story("order", "hold", first, "--why", "address in doubt")
    story("credit", "hold", second, "--reason", "insolvency")
    said = story.refused("deliver", first)
    assert f"release it first: `o2c order release {first} --reason ...` (held because: address in doubt)" in said
    for command in (("deliver", second), ("order", "confirm", second)):
        assert f"release it first: `o2c credit release {second} --reason ...`" in story.refused(*command)
