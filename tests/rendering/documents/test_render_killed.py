"""`o2c document render`, killed anywhere: the file comes first, the note is the commit, a second try finishes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c.master.lock import writer_lock
from o2c.rendering.press import FEW
from tests.faults import tracing
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import environment
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

pytest.importorskip("weasyprint")

INVOICE = "INV-2026-0001"
STORED = f"documents/{INVOICE}.pdf"
MONTH = ("document", "render", "--until", "2026-03-31", "--unchecked")
#: Seconds that no machine needs; who waits so long has found a fault.
LONG = 300
RENDER = ("document", "render", INVOICE, "--unchecked")  # the rules change no file, and take long


@pytest.fixture(scope="module")
def _invoiced(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = new_shop(tmp_path_factory.mktemp("invoiced") / "books")
    delivered(made, 1)
    made.did("invoice", "run")
    return made


@pytest.fixture
def shop(_invoiced: Shop, tmp_path: Path) -> Shop:
    """One invoice that is not issued yet."""
    return _invoiced.copy(tmp_path / "books")


@pytest.fixture(scope="module")
def _month(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = new_shop(tmp_path_factory.mktemp("month") / "books")
    delivered(made, FEW)
    made.did("invoice", "run")
    return made


@pytest.fixture
def month(_month: Shop, tmp_path: Path) -> Shop:
    """As many invoices as it takes to start workers."""
    if not Path("/proc/self/task").is_dir():
        pytest.skip("processes are listed in /proc on Linux only")
    return _month.copy(tmp_path / "books")


class Traced(NamedTuple):
    """An undisturbed run: its calls that may change a file of the books, and the files it leaves."""

    calls: list[tracing.Call]
    new: dict[str, bytes]


@pytest.fixture(scope="module")
def traced(_invoiced: Shop, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """The command as it runs when nobody stops it."""
    tracing.require_strace()
    folder = tmp_path_factory.mktemp("traced")
    done = _invoiced.copy(folder / "done")
    answer, calls = tracing.calls(done, RENDER, folder / "calls.log")
    assert answer.code == 0, answer
    ours = [call for call in calls if call.changes and "/.o2c/" not in call.arguments and str(folder) in call.arguments]
    return Traced(ours, done.files())


def test_the_file_is_safe_before_the_note_is_written(traced: Traced) -> None:
    renames = [call.arguments for call in traced.calls if call.kind.startswith("rename")]
    assert [STORED in arguments for arguments in renames] == [True, False]
    kinds = [call.kind for call in traced.calls]
    first, second = (at for at, kind in enumerate(kinds) if kind.startswith("rename"))
    assert kinds[:first].count("fsync") == 1
    assert kinds[first:second].count("fsync") == 2, "the folder of the file, then the new text of the journal"


def _sweep(shop: Shop, tmp_path: Path, traced: Traced, *kinds: str) -> set[str]:
    """Kill at every call of these kinds, run again, and tell which states the kill left."""
    calls, new = traced
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


def test_killed_between_file_and_note_the_same_command_finishes(shop: Shop, tmp_path: Path, traced: Traced) -> None:
    assert _sweep(shop, tmp_path, traced, "rename") == {"old", "file without note"}


@pytest.mark.deep
@pytest.mark.parametrize("kinds", [("rename", "fsync"), ()])
def test_killed_at_every_call_the_same_command_finishes(
    shop: Shop, tmp_path: Path, traced: Traced, kinds: tuple[str, ...]
) -> None:
    assert _sweep(shop, tmp_path, traced, *kinds) >= {"old", "file without note", *(() if kinds else ("new",))}


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
        time.sleep(0.02)
    return bool(found)


def _workers(process: int) -> list[int]:
    """List the processes that draw for a command."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in _read(f"/proc/{one}/cmdline")]


def _is_set_up(worker: int) -> bool:
    """Tell whether a worker has come so far that it ends with its command: that waits in a thread of its own."""
    return len(list(Path(f"/proc/{worker}/task").iterdir())) > 1


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:  # a process that ended a moment ago
        return b""


def _runs(process: int) -> bool:
    return b"zombie" not in (_read(f"/proc/{process}/status") or b"zombie")


@contextlib.contextmanager
def _issuing(month: Shop) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """Start the month as from a terminal, and come back when it draws; it cannot finish before this ends.

    Its last step needs the lock of the documents, which we hold: so no machine is too slow or too fast. A shell hands
    an ignored SIGINT down to its background jobs; where a process handles it, the program it starts has the default.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with writer_lock(month.root, name="documents-lock"):
        try:
            command = subprocess.Popen(
                month.command(*MONTH), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        finally:
            signal.signal(signal.SIGINT, before)
        with command:
            cores = os.cpu_count() or 1  # all are started: the pool of Python waits for ever for one that comes later
            assert _until(lambda: len(_workers(command.pid)) == cores, LONG), "workers were started"
            workers = _workers(command.pid)
            assert _until(lambda: all(map(_is_set_up, workers)), LONG), "a killed one says nothing of its own start"
            yield command, workers


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_a_command_that_is_stopped_and_the_next_run_finishes(month: Shop, how: signal.Signals) -> None:
    before = month.files()
    with _issuing(month) as (command, workers):
        os.kill(command.pid, how) if how == signal.SIGKILL else os.killpg(command.pid, how)
        out, said = command.communicate(timeout=LONG)
    assert command.returncode == (-9 if how == signal.SIGKILL else 130), said
    assert out == b""
    assert b"Traceback" not in said
    assert _until(lambda: not any(map(_runs, workers)), LONG), "no worker is left behind"
    assert month.files() == before, "the lock was ours, so nothing is stored yet"
    if how == signal.SIGKILL:
        assert month.did(*MONTH).count("  issued  ") == FEW
        assert month.did("check", "issued")


def test_a_worker_that_is_killed_is_said_and_nothing_is_stored(month: Shop) -> None:
    before = month.files()
    with _issuing(month) as (command, workers):
        os.kill(workers[0], signal.SIGKILL)
        _, said = command.communicate(timeout=LONG)
    assert command.returncode == 4, said
    assert b"a process that draws was stopped from outside" in said
    assert b"Traceback" not in said
    assert month.files() == before
