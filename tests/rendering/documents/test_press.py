"""Workers that are killed at the worst moment are said; nobody waits for ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("weasyprint")

#: Kills the first worker before the second is started, and lets the pool notice. As a process: one that waits for ever
#: may do so at its end.
_KILLED_AT_START = """
import time
from multiprocessing.context import SpawnProcess
from pathlib import Path

from o2c.errors import NotFinished
from o2c.rendering.drawing import Drawing
from o2c.rendering.press import FEW
from o2c.rendering.press import draw_all

started, start = [], SpawnProcess.start


def kill_the_first(process):
    if started:
        time.sleep(1)
    start(process)
    if not started:
        process.kill()
    started.append(process)


if __name__ == "__main__":
    SpawnProcess.start = kill_the_first
    try:
        list(draw_all(Path(), [Drawing(f"D-{number}", "<p>x</p>") for number in range(FEW)], workers=2))
    except NotFinished as said:
        print(len(started), said)
"""


def test_a_worker_that_is_killed_while_the_next_starts_is_said() -> None:
    """A single pool of both ended with a traceback here, or waited for ever for a process that it had not ended."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_AT_START], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.startswith("2 a process that draws was stopped from outside"), done
