"""Memory: the garbage collector pauses while many objects are made and none is freed."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause the garbage collector; among a million directives each of its walks takes a second.

    What was made and is kept counts as old afterwards: otherwise it would set off the very walk that was spared.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            _make_old()
            gc.enable()


def _make_old() -> None:
    """Move all objects to the oldest generation without looking at them; what somebody froze stays as it is."""
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
