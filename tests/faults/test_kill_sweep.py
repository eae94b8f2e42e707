"""A command killed at any system call leaves the old or the new books, and the same command again ends in the new ones.

The calls are counted in a dry run and then killed one by one, each on a fresh copy of the books (F01, F02).
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.faults.small_shop import JOURNAL

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Shop

INVOICE = ("invoice", "create", "SO-2026-0002", "--key", "sweep")
RECEIPT = ("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-0001", "--ref", "PAID 1", "--key", "sweep")
#: The same into a month that has no file yet.
NEW_MONTH = (*INVOICE, "--date", "2026-04-01")
COMMANDS = {"invoice": INVOICE, "receipt": RECEIPT, "new-month": NEW_MONTH}


class Sweep:
    """One command on one state of the books: the old files, the new ones, and what happens in between."""

    def __init__(self, shop: Shop, command: tuple[str, ...], folder: Path) -> None:
        tracing.require_strace()
        self.shop, self.command, self.folder = shop, command, folder
        self.old = shop.files()
        done = shop.copy(folder / "done")
        answer, self.calls = tracing.calls(done, command, folder / "calls.log")
        assert answer.code == 0, answer
        self.new = done.files()
        assert self.new != self.old

    def changing(self) -> list[tracing.Call]:
        """List the calls that may change something on disk, in their order."""
        return [call for call in self.calls if call.changes]

    def commit(self) -> list[tracing.Call]:
        """List the calls from the making of the temporary file to the end of the process."""
        changing = self.changing()
        first = next(i for i, call in enumerate(changing) if call.kind == "openat" and ".o2c-new-" in call.arguments)
        return changing[first:]

    def kill(self, call: tracing.Call) -> str:
        """Kill the command at a call, prove the books, repeat it, prove them again; tell which state was left."""
        broken = self.shop.copy(self.folder / f"{call.kind}-{call.number}")
        log = self.folder / f"{call.kind}-{call.number}.log"
        answer = tracing.disturbed(broken, self.command, log, call.kind, call.number, "signal=KILL")
        assert answer.code == -9, f"{call}: not killed, {answer}"
        assert _alike(tracing.read_log(log)[-1], call), f"{call}: another call was killed"
        left = self.state(broken)
        broken.loaded()
        again = broken.run(*self.command)
        assert again.code == 0, f"{call}: {again}"
        assert ("already done" in again.out) == (left == "new"), f"{call}: {again}"
        assert broken.files() == self.new, f"{call}: not the new books after the second try"
        broken.loaded()
        return left

    def state(self, shop: Shop) -> str:
        """Tell whether the books are the old or the new ones, byte for byte; a temporary file may be left over."""
        files = {name: content for name, content in shop.files().items() if ".o2c-new-" not in name}
        assert files in (self.old, self.new), "the books are neither the old nor the new ones"
        return "old" if files == self.old else "new"


def _alike(one: tracing.Call, other: tracing.Call) -> bool:
    """Compare kinds and numbers; folder and temporary name differ from run to run."""
    return one[:2] == other[:2]


@pytest.fixture(params=COMMANDS)
def sweep(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Sweep:
    return Sweep(shop, COMMANDS[request.param], tmp_path)


def test_a_kill_between_temporary_file_and_end_leaves_old_or_new_books(sweep: Sweep) -> None:
    left = [sweep.kill(call) for call in sweep.commit()]
    commit = [call.kind for call in sweep.commit()]
    assert commit.count("rename") == 1, f"one commit point, not {commit}"
    # Everything up to and with the rename is undone, everything behind it is done: there is no third state.
    before = commit.index("rename") + 1
    assert left == ["old"] * before + ["new"] * (len(commit) - before)
    assert commit[:before].count("fsync") == 1, "the content is safe before the name changes"
    assert commit[before:].count("fsync") == 1, "the folder is safe before anything is said"


def test_nothing_but_lock_and_one_temporary_file_is_touched(sweep: Sweep) -> None:
    opened = [call.arguments for call in sweep.changing() if call.kind == "openat"]
    assert len(opened) == 2, opened
    assert ".o2c/lock" in opened[0]
    assert "journal/.o2c-new-" in opened[1]


@pytest.mark.deep
def test_a_kill_at_every_changing_call_leaves_old_or_new_books(sweep: Sweep) -> None:
    left = [sweep.kill(call) for call in sweep.changing()]
    assert left == sorted(left, reverse=True), "once new, the books stay new"
    assert set(left) == {"old", "new"}


@pytest.mark.deep
def test_a_kill_at_every_call_of_the_second_try_leaves_old_or_new_books(shop: Shop, tmp_path: Path) -> None:
    """F23: a crash of the command that cleans up after a crash."""
    first = Sweep(shop, INVOICE, tmp_path)
    rename = next(call for call in first.changing() if call.kind == "rename")
    broken = shop.copy(tmp_path / "crashed")
    assert tracing.disturbed(broken, INVOICE, tmp_path / "crash.log", "rename", rename.number, "signal=KILL").code == -9
    assert any(".o2c-new-" in name for name in broken.files())
    (tmp_path / "second").mkdir()
    second = Sweep(broken, INVOICE, tmp_path / "second")
    second.old = first.old
    assert second.new == first.new
    assert any(call.kind.startswith("unlink") for call in second.changing()), "it removes what was left over"
    assert {second.kill(call) for call in second.changing()} == {"old", "new"}


def test_bean_check_itself_finds_the_killed_books_clean(shop: Shop, tmp_path: Path) -> None:
    tracing.require_strace()
    for kind, number in (("rename", 1), ("fsync", 2)):
        broken = shop.copy(tmp_path / kind)
        assert tracing.disturbed(broken, INVOICE, tmp_path / "kill.log", kind, number, "signal=KILL").code == -9
        assert _bean_check(broken) == (0, "")
        broken.did(*INVOICE)
        assert _bean_check(broken) == (0, "")
        assert (broken.root / JOURNAL).read_text().count('doc-id: "INV-2026-0002"') == 1


def _bean_check(shop: Shop) -> tuple[int, str]:
    program = "from beancount.scripts.check import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache", str(shop.root / "main.beancount")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
