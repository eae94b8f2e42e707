"""`o2c document render`, killed anywhere: the file comes first, the note is the commit, a second try finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import environment
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("weasyprint")

INVOICE = "INV-2026-0001"
STORED = f"documents/{INVOICE}.pdf"
RENDER = ("document", "render", INVOICE, "--unchecked")  # the rules change no file, and take long


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = new_shop(tmp_path / "books")
    delivered(made, 1)
    made.did("invoice", "run")
    return made


def _calls(shop: Shop, folder: Path) -> tuple[list[tracing.Call], dict[str, bytes]]:
    tracing.require_strace()
    done = shop.copy(folder / "done")
    answer, calls = tracing.calls(done, RENDER, folder / "calls.log")
    assert answer.code == 0, answer
    ours = [call for call in calls if call.changes and "/.o2c/" not in call.arguments and str(folder) in call.arguments]
    return ours, done.files()


def test_the_file_is_safe_before_the_note_is_written(shop: Shop, tmp_path: Path) -> None:
    calls, _ = _calls(shop, tmp_path)
    renames = [call.arguments for call in calls if call.kind.startswith("rename")]
    assert [STORED in arguments for arguments in renames] == [True, False]
    kinds = [call.kind for call in calls]
    first, second = (at for at, kind in enumerate(kinds) if kind.startswith("rename"))
    assert kinds[:first].count("fsync") == 1
    assert kinds[first:second].count("fsync") == 2, "the folder of the file, then the new text of the journal"


def _sweep(shop: Shop, tmp_path: Path, *kinds: str) -> set[str]:
    """Kill at every call of these kinds, run again, and tell which states the kill left."""
    calls, new = _calls(shop, tmp_path)
    old, left, missed = shop.files(), list[str](), list[tracing.Call]()
    for call in calls:
        if kinds and call.kind not in kinds:
            continue
        broken = shop.copy(tmp_path / f"{call.kind}-{call.number}")
        log = tmp_path / f"{call.kind}-{call.number}.log"
        answer = tracing.disturbed(broken, RENDER, log, call.kind, call.number, "signal=KILL")
        assert answer.code in {-9, 0}, answer
        if answer.code == 0:  # fonts and modules are not opened the same number of times in every run
            assert broken.files() == new
            missed.append(call)
            continue
        files = {name: content for name, content in broken.files().items() if ".o2c-new-" not in name}
        known = {"old": old, "file without note": {**old, STORED: new[STORED]}, "new": new}
        left.append(next((name for name, state in known.items() if state == files), "torn"))
        again = broken.run(*RENDER)
        assert again.code == 0, again
        assert broken.files() == new, (call, "finished, and nothing lies about")
    assert len(missed) <= len(left), "most were hit"
    assert "torn" not in left, left
    if kinds:  # these are called equally often in every run, so their order is that of time
        assert left == sorted(left, key=["old", "file without note", "new"].index), left
    return set(left)


def test_killed_between_file_and_note_the_same_command_finishes(shop: Shop, tmp_path: Path) -> None:
    assert _sweep(shop, tmp_path, "rename", "fsync") >= {"old", "file without note"}


@pytest.mark.deep
def test_killed_at_every_call_the_same_command_finishes(shop: Shop, tmp_path: Path) -> None:
    assert _sweep(shop, tmp_path) == {"old", "file without note", "new"}


def test_a_full_disk_says_so_and_leaves_no_note(shop: Shop, tmp_path: Path) -> None:
    tracing.require_strace()
    answer = tracing.disturbed(shop, RENDER, tmp_path / "fault.log", "rename", "1", "error=ENOSPC")
    assert answer.code == 4, answer
    assert "documents/" in answer.err
    assert STORED not in shop.files()
    assert shop.did("document", "verify").startswith("0 issued")


def _until(true: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(found)


def _workers(process: int) -> list[int]:
    """List the processes that draw for a command."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _runs(process: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_a_command_that_is_stopped_and_the_next_run_finishes(
    tmp_path: Path, how: signal.Signals
) -> None:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("processes are listed in /proc on Linux only")
    shop = new_shop(tmp_path / "books")
    delivered(shop, 12)
    shop.did("invoice", "run")
    month = ("document", "render", "--until", "2026-03-31", "--unchecked")
    with subprocess.Popen(
        shop.command(*month), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as command:
        assert _until(lambda: _workers(command.pid), 60), "workers were started"
        workers = _workers(command.pid)
        os.kill(command.pid, how) if how == signal.SIGKILL else os.killpg(command.pid, how)
        _, said = command.communicate(timeout=60)
    assert command.returncode != 0
    assert how == signal.SIGKILL or b"Traceback" not in said, said
    assert _until(lambda: not any(map(_runs, workers)), 20), "no worker is left behind"
    assert shop.did(*month).count("  issued  ") == 12
    assert shop.did("document", "verify").startswith("12 issued documents, 0 findings")


def test_a_worker_that_is_killed_is_said_and_the_next_run_finishes(tmp_path: Path) -> None:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("processes are listed in /proc on Linux only")
    shop = new_shop(tmp_path / "books")
    delivered(shop, 12)
    shop.did("invoice", "run")
    month = ("document", "render", "--until", "2026-03-31", "--unchecked")
    with subprocess.Popen(
        shop.command(*month), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert _until(lambda: _workers(command.pid), 60)
        os.kill(_workers(command.pid)[0], signal.SIGKILL)
        _, said = command.communicate(timeout=60)
    assert command.returncode == 4, said
    assert b"a process that draws was stopped from outside" in said
    assert b"Traceback" not in said
    assert shop.did(*month).count("  issued  ") == 12
