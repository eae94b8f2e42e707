"""The tree over the leaves of a period: one hash that changes with any of them, with their number, not their order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The root of a period without entries.
EMPTY = hashlib.sha256(b"\x03").hexdigest()


def root(leaves: Iterable[str]) -> str:
    """Give the root of a Merkle tree over leaves in hexadecimal digits, sorted, each as often as it occurs.

    A node is sha256 of 0x01 and its two children; a child without a sibling goes up as sha256 of 0x02 and itself.
    """
    level = sorted(map(bytes.fromhex, leaves))
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        if len(level) % 2:
            above.append(hashlib.sha256(b"\x02" + level[-1]).digest())
        level = above
    return level[0].hex() if level else EMPTY
