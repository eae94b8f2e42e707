"""How long `o2c --help` takes beside an interpreter that imports click and nothing else: medians of nine runs.

Run it with `python benchmarks/start_up.py`.
"""

from __future__ import annotations

import statistics
import sys
from typing import TYPE_CHECKING

from measuring import O2C
from measuring import run

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 9


def median(command: Sequence[str]) -> tuple[float, float]:
    """Give the medians of processor seconds and of seconds that passed; one run before them warms the disk's cache."""
    run(command)
    costs = [run(command) for _ in range(RUNS)]
    return statistics.median(cost.processor for cost in costs), statistics.median(cost.passed for cost in costs)


def main() -> None:
    """Measure and compare both."""
    bare = median([sys.executable, "-c", "import click"])
    ours = median([O2C, "--help"])
    for name, (processor, passed) in {"import click": bare, "o2c --help": ours}.items():
        print(f"{name:14} {processor:6.3f} s processor {passed:6.3f} s passed")
    print(f"{'difference':14} {ours[0] - bare[0]:6.3f} s processor {ours[1] - bare[1]:6.3f} s passed")


if __name__ == "__main__":
    main()
