"""Measures the greatest memory that a command and all its children hold at one moment, while it runs.

Proportional sizes of the kernel are added, so that pages which processes share are counted once. They are read twenty
times a second, which costs the command some time: so memory is measured in a run of its own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

_EVERY_SECONDS = 0.05
_MEBIBYTE = 1024  # the kernel counts in KiB


def greatest(command: Sequence[str]) -> float:
    """Run a command to its end and give the greatest memory of it and its children together, in MiB."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, _family(process.pid))))
            time.sleep(_EVERY_SECONDS)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return most / _MEBIBYTE


def _family(process: int) -> Iterator[int]:
    yield process
    for child in _read(process, f"task/{process}/children").split():
        yield from _family(int(child))


def _held(process: int) -> int:
    found = (line for line in _read(process, "smaps_rollup").splitlines() if line.startswith("Pss:"))
    return sum(int(line.split()[1]) for line in found)


def _read(process: int, name: str) -> str:
    """Read what the kernel says of a process; nothing where it has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/{name}").read_text("ascii")
    except OSError:
        return ""
