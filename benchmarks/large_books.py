"""How long commands take on large books, beside a full load of the same books by `bean-check` in the same run.

`python benchmarks/large_books.py 10000 100000 1000000` makes books of these sizes (or takes those made before), runs
whole processes, and prints a table in Markdown for each size. Medians; the first run of each series does not count.
A full load of a million transactions takes minutes and 12 GB: leave it out with --no-full-load.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import all_memory
import standing_books
from measuring import O2C
from measuring import Cost
from measuring import o2c
from measuring import run
from standing_books import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

_BULK = 10_000
#: Up to this many transactions `o2c check` proves the books; the index of larger ones is told that they are clean.
_CHECKED = 100_000
_FULL_LOAD = "bean-check -C"


class Figure(NamedTuple):
    """What a command cost: the median of some runs."""

    name: str
    runs: int
    cost: Cost


class Benchmark:
    """One size: its books, how often a command is run, and the figures so far."""

    def __init__(self, folder: Path, size: int, runs: int) -> None:
        """Make or find the books."""
        self.size = size
        self.runs = runs
        self.folder = folder
        self.root = standing_books.made(folder, size)
        self.figures: list[Figure] = []

    def command(self, *words: str) -> list[str]:
        """Give the command line of `o2c` on these books."""
        return o2c(str(self.root), *words)

    def series(
        self, name: str, commands: Sequence[list[str]], before: Callable[[], None] | None = None, warm_ups: int = 1
    ) -> None:
        """Run commands one after the other, `before` ahead of each; the first ones only warm up."""
        costs = []
        for command in commands:
            if before:
                before()
            costs.append(run(command))
        self.note(name, costs[warm_ups:])

    def note(self, name: str, costs: Sequence[Cost]) -> None:
        """Keep the medians."""
        medians = (statistics.median(values) for values in zip(*costs, strict=True))
        self.figures.append(Figure(name, len(costs), Cost(*medians)))
        say(f"  {_row(self.figures[-1])}")

    def index(self) -> None:
        """Build the index from nothing, then let it know that the books are clean."""
        rebuild = self.command("index", "rebuild")
        self.series("`o2c index rebuild`", [rebuild] * (3 if self.size <= _CHECKED else 1), warm_ups=0)
        name, runs, cost = self.figures[-1]
        memory = all_memory.greatest(rebuild)
        self.figures[-1] = Figure(name, runs, Cost(cost.processor, cost.passed, memory))
        if self.size <= _CHECKED:
            self.series("`o2c check`, all checks", [self.command("check")], warm_ups=0)
        else:
            standing_books.note_clean(self.root)

    def points(self) -> None:
        """Measure what people do all day: commands about one document."""
        count = self.runs + 1
        orders = standing_books.orders_to_invoice(self.root, self.folder, count)
        items = standing_books.open_items(self.root, count)
        paid = [("receipt", item.customer, f"{item.amount} EUR", "--apply", item.name) for item in items]
        shown = [self.command("invoice", "show", item.name) for item in items]
        self.series("`o2c invoice create`", [self.command("invoice", "create", order) for order in orders])
        self.series("`o2c receipt --dry-run`", [self.command(*words, "--dry-run") for words in paid])
        self.series("`o2c receipt --apply ITEM`", [self.command(*words) for words in paid])
        self.series("`o2c invoice show`", shown)
        self.wholes(items[0].customer, count)
        self.after_hand_edit(shown)

    def wholes(self, customer: str, count: int) -> None:
        """Measure reports over all customers, and lists."""
        for words in (
            ("report", "aging"),
            ("report", "open-items"),
            ("report", "dso"),
            ("order", "list", "--open"),
            ("receipt", "list", "--unapplied"),
        ):
            self.series(f"`o2c {' '.join(words)}`", [self.command(*words)] * count)
        for what in ("order", "invoice", "receipt"):
            words = (what, "list", "--customer", customer)
            self.series(f"`o2c {what} list --customer C`", [self.command(*words)] * count)

    def after_hand_edit(self, commands: Sequence[list[str]]) -> None:
        """Measure the first command after an entry was inserted in the middle of a month."""
        edit = standing_books.HandEdit(self.root)

        def once_more() -> None:
            edit.undo()
            run(commands[0])
            edit.make()

        try:
            self.series("`o2c invoice show`, first after a hand edit of a month", commands, once_more)
        finally:
            edit.undo()
            standing_books.put_back(self.root)

    def bulk(self) -> None:
        """Invoice many orders at once: on these books, and on books without entries."""
        file = standing_books.order_file(self.folder / "many.csv", self.root, _BULK, "MANY")
        words = ("order", "import", str(file), "--invoice")
        standing_books.note_clean(self.root)
        self.series(f"{_BULK:,} orders imported and invoiced", [self.command(*words)], warm_ups=0)
        standing_books.put_back(self.root)
        standing_books.note_clean(self.root)
        empty = standing_books.empty(self.folder, self.root)
        self.series("the same on books without entries", [o2c(str(empty), *words)], warm_ups=0)

    def full_load(self) -> None:
        """Load the books with Beancount, without its cache."""
        command = [str(Path(O2C).with_name("bean-check")), "-C", str(self.root / "main.beancount")]
        self.series(_FULL_LOAD, [command] * (self.runs if self.size < _CHECKED else 1), warm_ups=0)

    def table(self) -> str:
        """Write the figures as Markdown, with how often the full load's processor time contains the command's."""
        loads = [figure.cost.processor for figure in self.figures if figure.name == _FULL_LOAD]
        lines = [
            "| | runs | processor, s | passed, s | memory, MiB | full load / command |",
            "|---|---|---|---|---|---|",
        ]
        for figure in self.figures:
            ratio = f"{loads[0] / figure.cost.processor:.1f}" if loads else ""
            lines.append(f"{_row(figure)} {ratio} |")
        return "\n".join(lines)


def _row(figure: Figure) -> str:
    name, runs, cost = figure
    return f"| {name} | {runs} | {cost.processor:.2f} | {cost.passed:.2f} | {cost.memory:.0f} |"


def _load() -> str:
    one, five, _ = os.getloadavg()
    return f"{one:.1f} ({five:.1f} over five minutes)"


def _measure(benchmark: Benchmark, *, bulk: bool, full_load: bool) -> None:
    """Measure one size and print its table."""
    say(f"{benchmark.size:,} transactions in {benchmark.root}")
    before = _load()
    benchmark.index()
    benchmark.points()
    if bulk:
        benchmark.bulk()
    if full_load:
        benchmark.full_load()
    size = sum(path.stat().st_size for path in (benchmark.root / "journal").iterdir())
    print(f"\n{benchmark.size:,} transactions, {size / 1e6:.0f} MB of journal\n\n{benchmark.table()}\n")
    if benchmark.size > _CHECKED:
        print("`o2c check` was not run on these books: their index was told that they are clean.")
    print(f"Load average {before} before, {_load()} after; {os.cpu_count()} cores, Python {platform.python_version()}.")


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000], help="transactions [10000]")
    place = Path(tempfile.gettempdir()) / "o2c-large-books"
    parser.add_argument("--folder", type=Path, default=place, help="where the books are made and kept [%(default)s]")
    parser.add_argument("--runs", type=int, default=5, help="how many runs count in a series [%(default)s]")
    parser.add_argument("--no-bulk", action="store_true", help=f"leave out the {_BULK:,} orders")
    parser.add_argument("--no-full-load", action="store_true", help="leave bean-check out")
    wanted = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed tool is compiled once, not by every command
    for size in wanted.sizes:
        benchmark = Benchmark(wanted.folder, size, wanted.runs)
        _measure(benchmark, bulk=not wanted.no_bulk, full_load=not wanted.no_full_load)


if __name__ == "__main__":
    main()
