"""A kill at any call, a full disk at any state, two commands at once: never two accepted copies, never one lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.sending.test_send import INVOICE
from tests.sending.test_send import name
from tests.sending.test_send import opened
from tests.sending.test_send import state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.small_shop import Shop
    from tests.sending.conftest import Post

SEND = ("send", INVOICE)
#: The calls at which a state becomes true, or a byte leaves the house.
KINDS = ("sendto", "rename", "fsync", "connect", "recvfrom")


def _require_once(post: Post, notes: Callable[[Shop], list[str]]) -> None:
    """Go on as a person would, and find the message accepted exactly once and noted exactly once."""
    post.shop.run(*SEND)
    if state(post.shop) == "uncertain":
        arrived = bool(post.clerk.taken)
        post.shop.did("outbox", "resolve", name(post.shop), "--sent" if arrived else "--not-sent", "--reason", "asked")
        post.shop.did("outbox", "retry")
    ids = [opened(taken.content)["Message-ID"] for taken in post.clerk.taken]
    assert len(ids) == 1, ids
    assert notes(post.shop) == [INVOICE]


def _points(post: Post, tmp_path: Path, kind: str) -> int:
    """Count the calls of a kind in a run that nobody disturbs, on books that are thrown away."""
    trial = post.shop.copy(tmp_path / "trial")
    tracing.disturbed(trial, SEND, tmp_path / "trial.log", kind, 9999, "signal=KILL")
    post.clerk.taken.clear()
    return len(tracing.read_log(tmp_path / "trial.log"))


def _sweep(post: Post, tmp_path: Path, notes: Callable[[Shop], list[str]], kind: str, fault: str, step: int) -> int:
    tracing.require_strace()
    ready = post.shop.copy(tmp_path / "ready")
    points = range(1, _points(post, tmp_path, kind) + 1, step)
    for number in points:
        again = type(post)(post.clerk, ready.copy(tmp_path / f"books-{number}"))
        answer = tracing.disturbed(again.shop, SEND, tmp_path / "fault.log", kind, number, fault)
        assert "Traceback" not in answer.err, (number, answer.err[-600:])
        _require_once(again, notes)
        post.clerk.taken.clear()
    return len(points)


@pytest.mark.parametrize("kind", ["sendto", "rename"])
def test_killed_on_the_way_it_still_arrives_once(
    post: Post, tmp_path: Path, notes: Callable[[Shop], list[str]], kind: str
) -> None:
    assert _sweep(post, tmp_path, notes, kind, "signal=KILL", 3) >= 3


@pytest.mark.deep
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_every_call_it_still_arrives_once(
    post: Post, tmp_path: Path, notes: Callable[[Shop], list[str]], kind: str
) -> None:
    assert _sweep(post, tmp_path, notes, kind, "signal=KILL", 1) >= 2


@pytest.mark.deep
@pytest.mark.parametrize(("kind", "error"), [("fsync", "EIO"), ("write", "ENOSPC"), ("rename", "ENOSPC")])
def test_a_full_disk_at_any_state_never_sends_twice_and_never_loses(
    post: Post, tmp_path: Path, notes: Callable[[Shop], list[str]], kind: str, error: str
) -> None:
    assert _sweep(post, tmp_path, notes, kind, f"error={error}", 1) >= 4


def test_a_disk_that_is_full_after_the_server_took_it_leaves_a_doubt_and_no_second_copy(
    post: Post, tmp_path: Path, notes: Callable[[Shop], list[str]]
) -> None:
    tracing.require_strace()
    # The states are renamed into place one by one: put, sending, asking, and then what became of it.
    answer = tracing.disturbed(post.shop, SEND, tmp_path / "fault.log", "rename", "5+", "error=ENOSPC")
    assert answer.code == 4, answer
    assert len(post.clerk.taken) == 1
    assert post.shop.run(*SEND).code == 4
    assert state(post.shop) == "uncertain"
    _require_once(post, notes)


def test_four_commands_at_once_send_each_invoice_once(post: Post, notes: Callable[[Shop], list[str]]) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post.shop.process("send", "--until", "2026-03-31"), range(4)))
    assert [answer.code for answer in answers] == [0] * 4, answers
    ids = [opened(taken.content)["Message-ID"] for taken in post.clerk.taken]
    assert len(ids) == len(set(ids)) == 2
    assert notes(post.shop) == [INVOICE, "INV-2026-0002"]
