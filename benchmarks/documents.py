"""How fast invoices become Factur-X files: `python benchmarks/documents.py [INVOICES]` (1,000 unless said).

Makes books of that size (benchmarks/make_books.py), then issues all their invoices and credit notes as a user would,
`o2c document render --until`, with the official rules run over each and without them (`--unchecked`). Seconds are those
of the processor, of the command and all its helpers; memory is that of all of them at one moment, sampled over the run:
flat means that the last quarter needs no more than the second.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from make_books import Maker
from measuring import o2c

#: Transactions for each invoice or credit note in the books that are made.
_SHARE = 2.35
_EVERY = 0.25


class Run(NamedTuple):
    """What issuing cost: files made, processor seconds, seconds passed, memory in MiB from moment to moment."""

    files: int
    processor: float
    passed: float
    memory: list[float]


def main() -> None:
    """Make, measure, print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as place:
        books = Path(place) / "books"
        maker = Maker(int(wanted * _SHARE), 1)
        maker.make()
        maker.write(books)
        for name, options in (("with all rules", ()), ("without the rules", ("--unchecked",))):
            copy = Path(place) / name
            shutil.copytree(books, copy)
            _print(name, issued(copy, *options))


def issued(books: Path, *options: str) -> Run:
    """Issue everything and measure."""
    before, started, memory = _spent(), time.monotonic(), list[float]()
    command = o2c(str(books), "document", "render", "--until", "2025-12-31", *options)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        os.set_blocking(process.stderr.fileno(), False)  # type: ignore[union-attr] # it is a pipe
        while process.poll() is None:
            memory.append(_together(process.pid))
            process.stderr.read()  # type: ignore[union-attr] # as above
            time.sleep(_EVERY)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    files = len(list((books / "documents").glob("*.pdf")))
    return Run(files, _spent() - before, time.monotonic() - started, memory)


def _together(process: int) -> float:
    """Sum what a process and all below it hold now, in MiB; pages that they share are counted once."""
    family, known = {process}, _parents()
    while more := {child for child, parent in known.items() if parent in family} - family:
        family |= more
    lines = (line for one in family for line in _read(one, "smaps_rollup").splitlines() if line.startswith("Pss:"))
    return sum(int(line.split()[1]) for line in lines) / 1024


def _parents() -> dict[int, int]:
    """Read who started whom."""
    found = {int(path.name): _read(int(path.name), "stat") for path in Path("/proc").glob("[0-9]*")}
    return {process: int(stat.rpartition(")")[2].split()[1]) for process, stat in found.items() if stat}


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text("utf-8", "replace")
    except OSError:  # it has ended meanwhile
        return ""


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _print(name: str, run: Run) -> None:
    quarter = len(run.memory) // 4
    print(f"{name}: {run.files:,} files")
    print(f"  processor   {1000 * run.processor / run.files:8.0f} ms a file, {run.files / run.processor:.1f} a second")
    print(f"  passed      {run.passed:8.0f} s, {run.processor / run.passed:.1f} cores used, {os.cpu_count()} there")
    second, last = max(run.memory[quarter : 2 * quarter]), max(run.memory[-quarter:])
    print(f"  memory      {second:8.0f} MiB in the second quarter, {last:.0f} MiB in the last")


if __name__ == "__main__":
    main()
