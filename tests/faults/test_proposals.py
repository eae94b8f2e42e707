"""Proposals killed at any moment, or posted by two at once: written whole or not at all, posted once (F01, F06)."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.faults.small_shop import environment
from tests.faults.test_kill_sweep import Sweep
from tests.proposals.conftest import two_persons

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Shop

FIRST = "PR-2026-0001"
POST = ("proposal", "post", FIRST)
APPROVE = ("--user", "bob", "proposal", "approve", FIRST)
PROPOSE = ("write-off", "INV-2026-0001", "--reason", "bad-debt", "--key", "sweep")


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """The shop with two persons, and a proposal to write off INV-2026-0001 that nobody approved yet."""
    two_persons(shop)
    assert shop.run(*PROPOSE).code == 1
    return shop


@pytest.fixture
def approved(waiting: Shop) -> Shop:
    waiting.did(*APPROVE)
    return waiting


def test_a_kill_at_each_step_of_posting_leaves_nothing_or_everything_and_the_next_try_ends_it(
    approved: Shop, tmp_path: Path
) -> None:
    sweep = Sweep(approved, POST, tmp_path)
    commit = sweep.commit()
    kinds = [call.kind for call in commit]
    left = [sweep.kill(call) for call in [*commit, sweep.behind()[-1]]]
    before = kinds.index("rename") + 1
    assert left == ["old"] * before + ["new"] * (len(left) - before)


@pytest.mark.deep
def test_a_kill_at_every_changing_call_of_posting_leaves_nothing_or_everything(approved: Shop, tmp_path: Path) -> None:
    sweep = Sweep(approved, POST, tmp_path)
    left = [(call, sweep.kill(call)) for call in sweep.changing()]
    # SQLite syncs the index before or behind the commit, from run to run: which fdatasync is the first, nobody knows
    # beforehand. What is not derived (lock and index in .o2c are) comes in its order.
    books = [state for call, state in left if "/.o2c" not in call.arguments.replace("/.o2c-new-", "")]
    assert books == sorted(books, reverse=True), "once new, the books stay new"
    assert set(books) == {"old", "new"}


@pytest.mark.parametrize("kind", ["openat", "write", "fsync", "rename"])
def test_a_kill_while_the_proposal_is_written_leaves_no_half_of_it(shop: Shop, tmp_path: Path, kind: str) -> None:
    tracing.require_strace()
    two_persons(shop)
    done = shop.copy(tmp_path / "done")
    _, calls = tracing.calls(done, PROPOSE, tmp_path / "calls.log")
    ours = [call for call in calls if call.changes and call.kind == kind and _is_of_proposal(call)]
    assert ours, f"no {kind} of the proposal was seen"
    for call in ours:
        broken = shop.copy(tmp_path / f"{call.kind}-{call.number}")
        answer = tracing.disturbed(broken, PROPOSE, tmp_path / "kill.log", call.kind, call.number, "signal=KILL")
        assert answer.code == -9, answer
        assert "write-off" not in broken.journal.read_text()
        again = broken.run(*PROPOSE)
        assert again.code == 1
        assert "PR-2026-0001 written" in again.err
        left = sorted(path.name for path in (broken.root / "proposals").iterdir())
        assert left == [f"{FIRST}.beancount"]
        assert _text(broken) == _text(done)


def _is_of_proposal(call: tracing.Call) -> bool:
    return "/proposals" in call.arguments


def _text(shop: Shop) -> bytes:
    return (shop.root / "proposals" / f"{FIRST}.beancount").read_bytes()


@pytest.mark.parametrize("number", [1, 2])
def test_a_kill_while_it_is_approved_leaves_no_or_one_approval(waiting: Shop, tmp_path: Path, number: int) -> None:
    tracing.require_strace()
    answer = tracing.disturbed(waiting, APPROVE, tmp_path / "kill.log", "rename", number, "signal=KILL")
    assert answer.code in {-9, 0}
    waiting.did(*APPROVE)
    assert waiting.journal.read_text().count('custom "o2c-approval"') == 1
    waiting.did(*POST)


def test_a_kill_while_a_line_is_decided_leaves_the_line_as_it_was_or_decided(waiting: Shop, tmp_path: Path) -> None:
    tracing.require_strace()
    command = ("proposal", "reject", FIRST, "--reason", "no")
    before = _text(waiting)
    for kind in ("write", "fsync", "rename"):
        broken = waiting.copy(tmp_path / kind)
        tracing.disturbed(broken, command, tmp_path / "kill.log", kind, 1, "signal=KILL")
        now = _text(broken)
        assert now == before or b'1 "rejected"' in now
        broken.did(*command)
        assert b'1 "rejected"' in _text(broken)


def test_ten_processes_that_post_one_proposal_post_it_once(approved: Shop) -> None:
    running = [_start(approved, *POST) for _ in range(10)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 10, said
    assert sum("already done" in text for text in said) == 9
    assert approved.numbers("write-off") == ["WO-2026-0001"]


def test_ten_processes_that_propose_at_once_get_ten_numbers(shop: Shop) -> None:
    two_persons(shop)
    running = [_start(shop, *PROPOSE[:-1], f"key-{number}") for number in range(10)]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [1] * 10, said
    files = sorted(path.stem for path in (shop.root / "proposals").glob("*.beancount"))
    assert files == [f"PR-2026-{number:04d}" for number in range(1, 11)]


def test_approving_and_changing_at_once_never_posts_what_nobody_approved(waiting: Shop) -> None:
    """One process rejects the line while another approves; accepted again, it has another reason and another hash."""
    for number in range(3):
        changing = _start(waiting, "proposal", "reject", FIRST, "--reason", "no")
        approving = _start(waiting, *APPROVE)
        changing.communicate(timeout=120)
        approving.communicate(timeout=120)
        waiting.did("proposal", "accept", FIRST, "--line", "1", "--why", f"after all {number}")
        assert "needs approval" in waiting.refused(*POST)


def _start(shop: Shop, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        shop.command(*command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
