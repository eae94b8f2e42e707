"""Runs a command as a whole process and measures what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEBIBYTE = 1024  # Linux counts the greatest memory of a process in KiB
#: The command as a user calls it, installed beside the interpreter that runs us.
O2C = str(Path(sys.executable).with_name("o2c"))


class Cost(NamedTuple):
    """What a process cost: processor seconds (user and system), seconds that passed, greatest memory in MiB."""

    processor: float
    passed: float
    memory: float


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end, its output thrown away; raises SystemExit with its complaints when it fails."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        complaints = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{complaints.decode()[:2000]}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / _MEBIBYTE)


def o2c(books: str, *arguments: str) -> list[str]:
    """Give the command line of `o2c` on some books, on a fixed day."""
    fixed = ["--user", "benchmark", "--today", "2026-03-02", "--now", "2026-03-02T09:00:00Z"]
    return [O2C, "--books", books, *fixed, *arguments]
