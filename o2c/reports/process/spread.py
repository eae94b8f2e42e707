"""How long things took: what nine of ten stayed within."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def within(numbers: Sequence[int], percent: int) -> int | str:
    """Give the smallest of the numbers that so many percent of them do not exceed (nearest rank); "" of none.

    >>> within([1, 2, 3, 4, 5, 6, 7, 8, 9, 30], 90), within([4], 90), within([], 90)
    (9, 4, '')
    """
    return sorted(numbers)[-(-len(numbers) * percent // 100) - 1] if numbers else ""
