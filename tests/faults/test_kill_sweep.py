"""A command killed at any system call leaves the old or the new books, and the same command again ends in the new ones.

The calls are counted in a dry run and then killed one by one, each on a fresh copy of the books (F01, F02).
"""

from __future__ import annotations

import shutil
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
NEW_MONTH = ("--today", "2026-04-01", *INVOICE, "--date", "2026-04-01")
COMMANDS = {"invoice": INVOICE, "receipt": RECEIPT, "new-month": NEW_MONTH}
OPEN_ITEMS = ("report", "open-items", "--format", "csv", "--as-of", "2026-12-31")


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
        """List the calls from the making of the temporary file through the fsync of the folder."""
        changing = self.changing()
        first = next(i for i, call in enumerate(changing) if call.kind == "openat" and ".o2c-new-" in call.arguments)
        renamed = next(i for i, call in enumerate(changing) if call.kind == "rename")
        last = next(i for i, call in enumerate(changing) if i > renamed and call.kind == "fsync")
        return changing[first : last + 1]

    def behind(self) -> list[tracing.Call]:
        """List the calls behind the commit: the index, the answer, the end."""
        changing = self.changing()
        return changing[changing.index(self.commit()[-1]) + 1 :]

    def kill(self, call: tracing.Call) -> str:
        """Kill the command at a call, prove the books, repeat it, prove them again; tell which state was left."""
        broken = self.shop.copy(self.folder / f"{call.kind}-{call.number}")
        log = self.folder / f"{call.kind}-{call.number}.log"
        answer = tracing.disturbed(broken, self.command, log, call.kind, call.number, "signal=KILL")
        if answer.code == 0 and ".o2c/index" in call.arguments:
            # SQLite writes a few pages of the index more or less from run to run (which file is too young to be
            # believed depends on the clock), so the last of these calls may not come again: nothing was killed.
            assert self.state(broken) == "new"
            return "new"
        assert answer.code == -9, f"{call}: not killed, {answer}"
        assert _alike(tracing.read_log(log)[-1], call), f"{call}: another call was killed"
        left = self.state(broken)
        broken.loaded()
        again = broken.run(*self.command)
        assert again.code == 0, f"{call}: {again}"
        assert ("already done" in again.out) == (left == "new"), f"{call}: {again}"
        assert broken.files() == self.new, f"{call}: not the new books after the second try"
        broken.loaded()
        _require_true_index(broken)
        return left

    def state(self, shop: Shop) -> str:
        """Tell whether the books are the old or the new ones, byte for byte; a temporary file may be left over."""
        files = {name: content for name, content in shop.files().items() if ".o2c-new-" not in name}
        assert files in (self.old, self.new), "the books are neither the old nor the new ones"
        return "old" if files == self.old else "new"


def _alike(one: tracing.Call, other: tracing.Call) -> bool:
    """Compare kinds and numbers; folder and temporary name differ from run to run."""
    return one[:2] == other[:2]


def _require_true_index(shop: Shop) -> None:
    """Prove that what is derived says the same as what is made anew from the text."""
    said = shop.did(*OPEN_ITEMS)
    shutil.rmtree(shop.root / ".o2c")
    assert shop.did(*OPEN_ITEMS) == said


@pytest.fixture(params=COMMANDS)
def sweep(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Sweep:
    return Sweep(shop, COMMANDS[request.param], tmp_path)


@pytest.mark.parametrize("name", ["invoice", "receipt"])
def test_a_kill_between_temporary_file_and_end_leaves_old_or_new_books(shop: Shop, tmp_path: Path, name: str) -> None:
    sweep = Sweep(shop, COMMANDS[name], tmp_path)
    commit = sweep.commit()
    kinds = [call.kind for call in commit]
    left = [sweep.kill(call) for call in [*commit, sweep.behind()[0], sweep.behind()[-1]]]
    # Everything up to and with the rename is undone, everything behind it is done: there is no third state.
    before = kinds.index("rename") + 1
    assert left == ["old"] * before + ["new"] * (len(left) - before)
    assert kinds[:before].count("fsync") == 1, "the content is safe before the name changes"


def test_one_temporary_file_and_one_rename_are_all_that_touches_the_books(sweep: Sweep) -> None:
    """What is derived (the lock and the index in .o2c) may change as it likes."""
    ours = [
        call
        for call in sweep.changing()
        if str(sweep.folder) in call.arguments and "/.o2c" not in call.arguments.replace("/.o2c-new-", "")
    ]
    assert [call.kind for call in ours if call.kind == "openat"] == ["openat"]
    assert [call.kind for call in ours if call.kind.startswith("rename")] == ["rename"]
    assert {call.kind for call in ours} <= {"openat", "write", "fchmod", "fchown", "fsync", "rename", "mkdir"}, ours
    said = next(
        i for i, call in enumerate(sweep.changing()) if call.kind == "write" and call.arguments.startswith("1<")
    )
    assert sweep.changing().index(sweep.commit()[-1]) < said, "nothing is said before the folder is safe"


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
