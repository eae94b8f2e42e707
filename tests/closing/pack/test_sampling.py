"""Monetary-unit sampling: the same seed draws the same, large items are certain, every cent has the same chance."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.closing.pack.sampling import draw
from o2c.closing.pack.sampling import start_of
from o2c.errors import Refused

populations = st.lists(st.integers(1, 5_000), min_size=1, max_size=30)
sizes = st.integers(1, 40)
seeds = st.text(min_size=1, max_size=8)


@given(cents=populations, size=sizes, seed=seeds)
def test_hits_lie_in_the_items_that_are_drawn_and_there_are_as_many_as_asked(
    cents: list[int], size: int, seed: str
) -> None:
    drawn = draw(cents, size, seed)
    hits = [hit for one in drawn for hit in one.hits]
    assert len(hits) == size
    assert hits == sorted(hits)
    for one in drawn:
        assert one.first == sum(cents[: one.position])
        assert one.last == one.first + cents[one.position] - 1
        assert all(one.first <= hit <= one.last for hit in one.hits)


@given(cents=populations, size=sizes, seed=seeds)
def test_an_item_as_large_as_an_interval_is_always_drawn(cents: list[int], size: int, seed: str) -> None:
    drawn = {one.position for one in draw(cents, size, seed)}
    large = {position for position, own in enumerate(cents) if Fraction(own) >= Fraction(sum(cents), size)}
    assert large <= drawn


@given(cents=st.lists(st.integers(1, 12), min_size=1, max_size=6), size=st.integers(1, 5))
def test_over_all_starts_each_cent_is_hit_as_often_as_any_other(cents: list[int], size: int) -> None:
    total = sum(cents)
    counts = [0] * total
    for start in range(total):
        for turn in range(size):
            counts[(start + turn * total) // size] += 1
    assert set(counts) == {size}


def test_an_auditor_can_draw_the_same_sample_by_hand() -> None:
    cents, size, seed = [12_000, 3_050, 99, 40_000, 7], 5, "Meier 4711"
    start = int(hashlib.sha256(b"Meier 4711").hexdigest(), 16) % 55_156
    assert start == start_of(seed, 55_156)
    wanted = set()
    for turn in range(size):
        left = (start + turn * 55_156) // 5
        for position, own in enumerate(cents):
            if left < own:
                wanted.add(position)
                break
            left -= own
    assert {one.position for one in draw(cents, size, seed)} == wanted


def test_nothing_is_drawn_from_nothing_and_amounts_must_be_above_zero() -> None:
    assert draw([], 5, "x") == []
    assert draw([5], 0, "x") == []
    with pytest.raises(Refused, match="above zero"):
        draw([5, 0], 1, "x")
