"""The garbage collector pauses while books are read, and a pause costs nothing however much is kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from o2c.model import memory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(memory, "_KEPT", type(memory._KEPT)())
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_the_collector_pauses_and_goes_on() -> None:
    with memory.no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_made_during_a_pause_is_old_and_still_collected() -> None:
    with memory.no_collection():
        made: list[list[int]] = [[] for _ in range(1000)]
    assert len(gc.get_objects(generation=0)) < len(made)
    assert gc.get_freeze_count() == 0


def test_what_is_kept_for_good_stays_out_of_sight_after_a_pause() -> None:
    memory.keep_for_good()
    with memory.no_collection():
        pass
    assert gc.get_freeze_count() > 0
