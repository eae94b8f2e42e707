"""`o2c close seal`, killed anywhere: the leaf file comes first, the entry is the commit, a second try finishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.closing.conftest import ClosingShop
from tests.faults import tracing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Shop

SEAL = ("close", "seal", "2026-02", "--why", "complete")
LEAVES = "closes/2026-02.leaves"


@pytest.fixture
def ready(shop: Shop) -> ClosingShop:
    """Books of which February can be sealed."""
    made = ClosingShop(shop.root)
    made.today = "2026-03-02"
    made.sign_off("2026-02")
    return made


def _calls(ready: ClosingShop, folder: Path) -> tuple[list[tracing.Call], dict[str, bytes]]:
    done = ready.copy_to(folder / "done")
    done.today = ready.today
    answer, calls = tracing.calls(done, SEAL, folder / "calls.log")
    assert answer.code == 0, answer
    ours = [call for call in calls if call.changes and "/.o2c/" not in call.arguments and str(folder) in call.arguments]
    return ours, done.files()


def test_the_leaf_file_is_safe_before_the_entry_is_written(ready: ClosingShop, tmp_path: Path) -> None:
    tracing.require_strace()
    calls, _ = _calls(ready, tmp_path)
    renames = [call.arguments for call in calls if call.kind.startswith("rename")]
    assert [LEAVES in arguments for arguments in renames] == [True, False]
    kinds = [call.kind for call in calls]
    first, second = (at for at, kind in enumerate(kinds) if kind.startswith("rename"))
    assert kinds[:first].count("fsync") == 1
    assert kinds[first:second].count("fsync") == 2, "the folder of the leaf file, then the new text of the journal"


def test_a_seal_killed_anywhere_is_finished_by_the_same_command(ready: ClosingShop, tmp_path: Path) -> None:
    tracing.require_strace()
    calls, new = _calls(ready, tmp_path)
    old = ready.files()
    left = []
    for call in calls:
        broken = ready.copy_to(tmp_path / f"{call.kind}-{call.number}")
        broken.today = ready.today
        log = tmp_path / f"{call.kind}-{call.number}.log"
        answer = tracing.disturbed(broken, SEAL, log, call.kind, call.number, "signal=KILL")
        assert answer.code == -9, answer
        files = {name: content for name, content in broken.files().items() if ".o2c-new-" not in name}
        state = "new" if files == new else "old" if {**files, LEAVES: b""} == {**old, LEAVES: b""} else "torn"
        left.append(state)
        again = broken.run(*SEAL)
        assert again.code == 0, again
        assert broken.files() == new, call
        assert broken.did("close", "verify").startswith("ok ")
    assert left == sorted(left, reverse=True), "once new, the books stay new"
    assert set(left) == {"old", "new"}
