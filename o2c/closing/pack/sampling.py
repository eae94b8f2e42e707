"""Monetary-unit sampling: every cent of a population has the same chance, so large items are drawn more often.

Systematic selection with one start: the population, in a fixed order, is a line of cents; it is cut into as many equal
intervals as the sample has hits, and the same place in each interval is hit. An item as large as an interval is always
drawn. The start comes from SHA-256 of the seed, so that anybody can draw the same sample again.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence


class Drawn(NamedTuple):
    """An item of the sample: its position in the population, its cents on the line, and which of them were hit."""

    position: int
    first: int
    last: int
    hits: tuple[int, ...]


def start_of(seed: str, total: int) -> int:
    """Give the start, from 0 to `total` - 1.

    >>> start_of("2026-03", 1000)
    79
    """
    return int(hashlib.sha256(seed.encode()).hexdigest(), 16) % total


def draw(cents: Sequence[int], size: int, seed: str) -> list[Drawn]:
    """Draw a sample of `size` hits from items of so many cents each, all above zero; fewer items where some are large.

    Hit k (from 0) is cent (start + k x total) / size, rounded down; cents are counted from 0. Raises Refused for items
    of zero cents or less.

    >>> [(one.position, one.hits) for one in draw([100, 700, 50, 150], 4, "any")]
    [(0, (55,)), (1, (305, 555)), (2, (805,))]
    """
    if any(number <= 0 for number in cents):
        raise Refused("a sample by amount needs amounts above zero")
    ends = list(accumulate(cents))
    if not ends or size < 1:
        return []
    total = ends[-1]
    start = start_of(seed, total)
    hits = [(start + turn * total) // size for turn in range(size)]
    return [
        Drawn(position, end - cents[position], end - 1, own)
        for position, end in enumerate(ends)
        if (own := tuple(hits[bisect_left(hits, end - cents[position]) : bisect_left(hits, end)]))
    ]
