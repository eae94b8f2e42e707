"""What the plugins that guard the books cost: bean-check with and without each of them.

    .venv/bin/python benchmarks/plugins.py FOLDER [--runs 5] [--sealed 2025-12]

FOLDER holds books, such as those of make_books.py; they are copied, and every customer gets a credit limit that holds.
Every tenth customer got it in two steps, the first one small: so it has to be watched day by day.
With --sealed the books are sealed through that month; `comment` is then both plugins after a comment was added to one
of the sealed files. Printed is the processor time of whole processes, without Beancount's cache: the median of the
runs, and the least, the one that a busy machine disturbed least. The runs take turns.

Whole processes differ by a tenth from run to run on a shared machine. So the last line says what the plugins themselves
took inside the processes with both, of the time those processes took without them.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from measuring import run

from o2c import books as door
from o2c.closing import seal
from o2c.model.documents import Act
from o2c.model.periods import period
from o2c.model.writing import write

_PACKAGE = "beancount_o2c"
_ALWAYS = f'plugin "{_PACKAGE}.document_integrity"\n'
_PLUGINS = {
    "without both": (),
    "credit_limit": ("credit_limit",),
    "period_close": ("period_close",),
    "both": ("credit_limit", "period_close"),
}
_OPENED = re.compile(r"^\S+ open Assets:AR:([A-Z0-9-]+)", re.MULTILINE)
#: bean-check with a clock around each plugin: says what they took, and what the whole process took, as JSON.
_CLOCKED = """
import importlib, json, sys, time
from beancount.scripts.check import main

took = {}

def clocked(name):
    module = importlib.import_module("beancount_o2c." + name)
    plugin = getattr(module, name)
    def run(*given):
        begun = time.process_time()
        try:
            return plugin(*given)
        finally:
            took[name] = time.process_time() - begun
    setattr(module, name, run)

for name in ("credit_limit", "period_close"):
    clocked(name)
try:
    main(["-C", sys.argv[1]])
except SystemExit:
    print(json.dumps({**took, "all": time.process_time()}))
"""
_CHECK = str(Path(sys.executable).with_name("bean-check"))


def main() -> None:
    """Copy the books, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sealed", metavar="MONTH", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / "books"
        shutil.copytree(given.folder, books, ignore=shutil.ignore_patterns(".o2c", ".git"))
        customers = _limit_all(books)
        if given.sealed:
            _seal(books, given.sealed)
        mains = {name: _main(books, name, plugins) for name, plugins in _PLUGINS.items()}
        if given.sealed:
            mains["both, comment"] = _main(_commented(books), "both", _PLUGINS["both"])
        times: dict[str, list[float]] = {name: [] for name in mains}
        for _ in range(given.runs):
            for name, path in mains.items():
                times[name].append(run([_CHECK, "-C", str(path)]).processor)
        inside = [_inside(path) for name, path in mains.items() if name.startswith("both") for _ in range(given.runs)]
    print(_table(times, customers, given.runs))
    print(f"\ninside the processes with both: {', '.join(inside)}")


def _limit_all(books: Path) -> int:
    """Give every customer a limit that nobody reaches on the days of the books; every tenth one began with a cent."""
    texts = (path.read_text() for path in sorted(books.rglob("*.beancount")))
    customers = sorted({code for text in texts for code in _OPENED.findall(text)})
    lines = [f'1990-01-01 custom "o2c-limit" "{code}" 0.01 EUR\n' for code in customers[::10]]
    lines += [f'1990-01-02 custom "o2c-limit" "{code}" 1000000000.00 EUR\n' for code in customers]
    (books / "manual" / "limits-of-the-benchmark.beancount").write_text("".join(lines))
    return len(customers)


def _seal(books: Path, month: str) -> None:
    """Seal the books through a month, as `o2c close seal` does, without its checks."""
    line = f'plugin "{seal.PLUGIN}"\n'
    main = books / "main.beancount"
    if line not in main.read_text():
        main.write_text(line + main.read_text())
    made = seal.sealed(door.load(books), Act("benchmark"), date(2026, 12, 31), period(month))
    seal.place(books, made)
    (books / "manual" / "seal-of-the-benchmark.beancount").write_text(write(made.entries))


def _commented(books: Path) -> Path:
    """Copy the books, with a comment in the first of the month files."""
    copy = books.with_name("commented")
    shutil.copytree(books, copy)
    months = sorted((copy / "journal").rglob("*.beancount"))
    months[0].write_text("; a comment\n" + months[0].read_text())
    return copy


def _main(books: Path, name: str, plugins: tuple[str, ...]) -> Path:
    """Write a main file with these plugins beside the one of the books."""
    lines = (books / "main.beancount").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f'plugin "{_PACKAGE}.')]
    asked = [_ALWAYS, *(f'plugin "{_PACKAGE}.{plugin}"\n' for plugin in plugins)]
    path = books / f"{name.replace(' ', '-')}.beancount"
    path.write_text("".join([*asked, *kept]))
    return path


def _inside(main: Path) -> str:
    """Say what the plugins took, of what the same process took without them; imports are not counted as theirs."""
    said = subprocess.run([sys.executable, "-c", _CLOCKED, str(main)], capture_output=True, text=True, check=True)
    took: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    whole = took.pop("all")
    parts = " + ".join(f"{seconds:.2f}" for seconds in took.values())
    return f"{parts} s = {100 * sum(took.values()) / (whole - sum(took.values())):+.1f} %"


def _table(times: dict[str, list[float]], customers: int, runs: int) -> str:
    middle = {name: statistics.median(each) for name, each in times.items()}
    least = {name: min(each) for name, each in times.items()}
    rows = [
        f"| {name} | {middle[name]:.2f} s | {_more(middle, name)} | {least[name]:.2f} s | {_more(least, name)} |"
        for name in times
    ]
    head = ["| bean-check -C, document_integrity and | median | more | least | more |", "|---|---|---|---|---|"]
    said = f"{customers} customers, each with a limit; processor time of {runs} processes, by turns"
    return "\n".join([said, "", *head, *rows])


def _more(times: dict[str, float], name: str) -> str:
    first = next(iter(times.values()))
    return f"{100 * (times[name] - first) / first:+.1f} %"


if __name__ == "__main__":
    main()
