"""How fast invoices become Factur-X files: `python benchmarks/documents.py [INVOICES]` (1,000 unless said, 0 for none).

First one worker, without starting anything: the same pages of the demonstration books as WeasyPrint alone draws them
(plain PDF, nothing inside; as its manual calls it, and with fonts and style sheet kept as we keep them), as our
Factur-X from the posted entry on, and as that with all rules. One after the other and round by round, so that each
meets the same machine; processor seconds, with those of Saxon's process.

Then a whole run. Makes books of that size (benchmarks/make_books.py), then issues all their invoices and credit notes
as a user would, `o2c document render --until`, with the official rules run over each and without them (`--unchecked`).
Seconds are those of the processor, of the command and all its helpers, and of each of them as last seen: workers that
share the drawing show about the same, however little of the machine they got. Memory is that of all of them at one
moment, sampled over the run: flat means that the last quarter needs no more than the second.
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
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import weasyprint
from make_books import Maker
from measuring import o2c

from o2c import books as door
from o2c.rendering.drawing import drawing
from o2c.rendering.einvoice import making
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.verifying import verify_all
from o2c.rendering.pdf import pdf
from o2c.shipped import DEMO_LEDGER
from o2c.shipped import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable

#: Transactions for each invoice or credit note in the books that are made.
_SHARE = 2.35
_EVERY = 0.25
_PAGES, _ROUNDS = 20, 7
_KEPT = "WeasyPrint alone, fonts and style sheet kept"
_SHEET = "document/document.css"


class Run(NamedTuple):
    """What issuing cost: files, processor seconds (and those of each), seconds passed, memory in MiB over the run."""

    files: int
    processor: float
    passed: float
    memory: list[float]
    each: list[float]


def main() -> None:
    """Make, measure, print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    compare()
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as place:
        books = Path(place) / "books"
        maker = Maker(int(wanted * _SHARE), 1)
        maker.make()
        maker.write(books)
        for name, options in (("with all rules", ()), ("without the rules", ("--unchecked",))):
            copy = Path(place) / name
            shutil.copytree(books, copy)
            _print(name, issued(copy, *options))


def compare() -> None:
    """Draw the same pages in four ways, interleaved, and print the best round of each.

    The best, as other work on the machine only ever adds to the time of a processor that it shares.
    """
    with Schematron() as rules:
        ways, costs = _ways(rules), dict[str, list[float]]()
        for way in ways.values():  # warm: fonts, style sheets, rules
            way()
        for _ in range(_ROUNDS):
            for name, way in ways.items():
                before = _worked(rules)
                way()
                costs.setdefault(name, []).append((_worked(rules) - before) / _PAGES)
    best = {name: min(found) for name, found in costs.items()}
    kept = best[_KEPT]
    print(f"one worker, {_PAGES} invoices of one page, the best of {_ROUNDS} rounds, processor time:")
    for name, seconds in best.items():
        print(f"  {name:46}{1000 * seconds:6.0f} ms, {1 / seconds:4.1f} a second, {kept / seconds:.2f} of that speed")


def _ways(rules: Schematron) -> dict[str, Callable[[], object]]:
    """Name the ways to draw the pages; each call draws all of them."""
    books = door.load(DEMO_LEDGER)
    numbers = [doc.doc_id for doc in books.facts.documents(*making.KINDS) if doc.lines and doc.taxes][:_PAGES]
    pages = [drawing(DEMO_LEDGER, books, number).html for number in numbers]
    fonts, base = weasyprint.text.fonts.FontConfiguration(), f"{TEMPLATES}/"
    sheet = weasyprint.CSS(filename=TEMPLATES / _SHEET, font_config=fonts)
    kept: dict[str, Any] = {"stylesheets": [sheet], "font_config": fonts}
    bare = [page.replace(f'<link rel="stylesheet" href="{_SHEET}">', "") for page in pages]

    def ours(*, proved: bool) -> None:
        for number in numbers:
            one = drawing(DEMO_LEDGER, books, number)
            assert one.attached is not None, "an invoice has its e-invoice"
            assert not proved or verify_all([(number, one.attached.xml)], rules) == [[]]
            pdf(DEMO_LEDGER, one.html, number, one.attached)

    return {
        "WeasyPrint alone, as in its manual": lambda: [
            weasyprint.HTML(string=page, base_url=base).write_pdf() for page in pages
        ],
        _KEPT: lambda: [weasyprint.HTML(string=page, base_url=base).write_pdf(**kept) for page in bare],
        "our Factur-X without the rules": lambda: ours(proved=False),
        "our Factur-X with all rules": lambda: ours(proved=True),
    }


def _worked(rules: Schematron) -> float:
    """Read the processor seconds of this process and of the one that runs the rules."""
    return time.process_time() + _seconds(rules.process_id)


def issued(books: Path, *options: str) -> Run:
    """Issue everything and measure."""
    before, started, memory, each = _spent(), time.monotonic(), list[float](), dict[int, float]()
    command = o2c(str(books), "document", "render", "--until", "2025-12-31", *options)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        os.set_blocking(process.stderr.fileno(), False)  # type: ignore[union-attr] # it is a pipe
        while process.poll() is None:
            family = _family(process.pid)
            memory.append(_together(family))
            each |= {one: seconds for one in family if (seconds := _seconds(one))}
            process.stderr.read()  # type: ignore[union-attr] # as above
            time.sleep(_EVERY)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    files = len(list((books / "documents").glob("*.pdf")))
    return Run(files, _spent() - before, time.monotonic() - started, memory, sorted(each.values(), reverse=True))


def _family(process: int) -> set[int]:
    """List a process and all below it."""
    family, known = {process}, _parents()
    while more := {child for child, parent in known.items() if parent in family} - family:
        family |= more
    return family


def _seconds(process: int) -> float:
    """Read how long a process has worked, in itself and in the kernel."""
    fields = _read(process, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _together(family: set[int]) -> float:
    """Sum what processes hold now, in MiB; pages that they share are counted once."""
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
    print(f"  each        {', '.join(f'{seconds:.1f}' for seconds in run.each if seconds > 1)} s")
    second, last = max(run.memory[quarter : 2 * quarter]), max(run.memory[-quarter:])
    print(f"  memory      {second:8.0f} MiB in the second quarter, {last:.0f} MiB in the last")


if __name__ == "__main__":
    main()
