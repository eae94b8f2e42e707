"""Memory: the garbage collector pauses while many objects are made and none is freed."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = Event()


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


def keep_for_good() -> None:
    """Take all objects that live now out of the sight of the garbage collector, instead of those taken out before."""
    gc.unfreeze()
    gc.freeze()
    _KEPT.set()


def _make_old() -> None:
    """Move all objects to the oldest generation without looking at them; what is kept for good stays out of sight.

    A flag tells that something is kept: to ask the collector would take a walk through all of it.
    """
    if not _KEPT.is_set():
        gc.freeze()
        gc.unfreeze()
