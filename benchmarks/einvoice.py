"""How many e-invoices a second one core makes and verifies: CII and UBL of the invoices of the demonstration books.

    python benchmarks/einvoice.py [ROUNDS]

Made: documents read already, semantic invoice and both XML texts. Verified by our own arithmetic alone, and by schema,
Schematron and arithmetic (with the extra `einvoice`), after the rules are compiled. Seconds are of the processor, those
of the Schematron process included.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from o2c.books import load
from o2c.model import names
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.making import of_posted
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.verifying import verify_all
from o2c.starting import start_demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as name:
        start_demo(Path(name) / "books")
        books = load(Path(name) / "books")
        assert books.master.files, "read while the folder is there"
    numbers = [doc.doc_id for doc in books.facts.documents(names.INVOICE, names.CREDIT_NOTE)]
    files = made(books, numbers)
    measured("made, CII and UBL", len(numbers) * rounds, lambda: [made(books, numbers) for _ in range(rounds)])
    without = official.missing
    official.missing = lambda: "left out"
    measured("verified, arithmetic", len(files) * rounds, lambda: [verify_all(files) for _ in range(rounds)])
    official.missing = without
    if sentence := official.missing():
        print(sentence)
        return
    started = time.perf_counter()
    with Schematron() as process:
        verify_all(files[:2], process)
        print(f"{'first two verified, rules compiled':<36} {time.perf_counter() - started:8.2f} s")
        before = time.perf_counter()
        verify_all(files, process)
        passed = time.perf_counter() - before
        print(f"{'verified, all rules':<36} {len(files) / passed:8.0f} a second")


def made(books: Books, numbers: list[str]) -> list[tuple[str, bytes]]:
    """Make all e-invoices in both syntaxes."""
    invoices = [of_posted(books, number) for number in numbers]
    return [(one.number, write(one)) for one in invoices for write in (cii.write, ubl.write)]


def measured(what: str, count: int, work: Callable[[], object]) -> None:
    """Run and print how many a second of this processor."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:<36} {count / spent:8.0f} a second")


if __name__ == "__main__":
    main()
