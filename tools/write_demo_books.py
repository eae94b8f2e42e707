"""Writes the demonstration books anew, by the tool's own commands.

    python tools/write_demo_books.py            writes them aside and says whether ledger/journal is the same
    python tools/write_demo_books.py TARGET     writes them into a new folder
    python tools/write_demo_books.py --renew    writes them aside and puts the result into ledger/journal

The story is in tools/demo_books: buyers.py (the everyday trade), story.txt (everything else). The same story gives the
same bytes, on every day and machine. Where it changes, ledger/manual may have to follow: what stands there by hand
names an invoice and the balances of the bank.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from o2c.starting import start_demo
from tools.demo_books.office import Office
from tools.demo_books.telling import tell

TOP = Path(__file__).resolve().parents[1]
LEDGER = TOP / "ledger"
START = "0000-start.beancount"  # keeps the include of the journal good while there is no month yet
PRICES = "prices.beancount"  # rates are there from the first day on; what else is in manual/ comes by the story


def write(target: Path) -> None:
    """Write the books into a new or empty folder; raises Refused where something is in it."""
    start_demo(target)
    for file in (*target.glob("journal/*.beancount"), *target.glob("manual/*.beancount")):
        if file.name not in {START, PRICES}:
            file.unlink()
    tell(Office(target), LEDGER / "manual")


def journal(books: Path) -> dict[str, bytes]:
    """Read the journal of some books, file by file."""
    return {file.name: file.read_bytes() for file in sorted((books / "journal").iterdir())}


def renew(written: Path) -> None:
    """Put a written journal into the checkout, in place of what is there."""
    for file in (LEDGER / "journal").iterdir():
        file.unlink()
    shutil.copytree(written / "journal", LEDGER / "journal", dirs_exist_ok=True)


def main(arguments: list[str]) -> str:
    """Do what the arguments ask for, and say what was done."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-") and arguments[0] != "--renew"):
        raise SystemExit(__doc__)
    if arguments and arguments[0] != "--renew":
        return _into(Path(arguments[0]))
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "books")
        same = journal(Path(folder) / "books") == journal(LEDGER)
        if same or not arguments:
            return "ledger/journal is what the story says" if same else "ledger/journal differs; --renew replaces it"
        renew(Path(folder) / "books")
        return "ledger/journal is written anew; read the difference before you commit it"


def _into(target: Path) -> str:
    """Write into a folder; one that was written before is left as it is if the story still says the same."""
    if not target.exists() or not any(target.iterdir()):
        write(target)
        return f"the books are in {target}"
    with tempfile.TemporaryDirectory() as folder:
        if (target / "journal").is_dir():
            write(Path(folder) / "books")
            if journal(Path(folder) / "books") == journal(target):
                return f"{target} holds exactly these books already"
    raise SystemExit(f"{target}: there is something else in it; name a new folder")


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
