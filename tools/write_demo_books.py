"""Writes the demonstration books anew, by the tool's own commands.

    python tools/write_demo_books.py            writes them aside and says whether ledger/ is the same
    python tools/write_demo_books.py TARGET     writes them into a new folder
    python tools/write_demo_books.py --renew    writes them aside and puts the result into ledger/

What it writes: the journal, the proposals, and the leaves of the seal (closes/). The story is in tools/demo_books:
buyers.py (the everyday trade), story.txt (everything else). The same story gives the same bytes, on every day and
machine. Where it changes, ledger/manual may have to follow: what stands there by hand names an invoice and the balances
of the bank. January is sealed, with accounts.beancount and manual/: whoever changes these renews the books.
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
WRITTEN = ("journal", "proposals", "closes")
START = "0000-start.beancount"  # keeps the include of the journal good while there is no month yet
PRICES = "prices.beancount"  # rates are there from the first day on; what else is in manual/ comes by the story


def write(target: Path) -> None:
    """Write the books into a new or empty folder; raises Refused where something is in it."""
    start_demo(target)
    for file in (*written(target).values(), *target.glob("manual/*.beancount")):
        if file.name not in {START, PRICES}:
            file.unlink()
    tell(Office(target), LEDGER / "manual")


def written(books: Path) -> dict[str, Path]:
    """List what the story writes, by the path from the folder of the books."""
    files = (file for folder in WRITTEN for file in sorted((books / folder).glob("[!.]*")))
    return {str(file.relative_to(books)): file for file in files}


def content(books: Path) -> dict[str, bytes]:
    """Read what the story writes, file by file."""
    return {name: file.read_bytes() for name, file in written(books).items()}


def renew(made: Path) -> None:
    """Put what was written aside into the checkout, in place of what is there."""
    for file in written(LEDGER).values():
        file.unlink()
    for name, file in written(made).items():
        (LEDGER / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(file, LEDGER / name)


def main(arguments: list[str]) -> str:
    """Do what the arguments ask for, and say what was done."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-") and arguments[0] != "--renew"):
        raise SystemExit(__doc__)
    if arguments and arguments[0] != "--renew":
        return _into(Path(arguments[0]))
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "books")
        same = content(Path(folder) / "books") == content(LEDGER)
        if same or not arguments:
            return "ledger/ is what the story says" if same else "ledger/ differs; --renew replaces it"
        renew(Path(folder) / "books")
        return "ledger/ is written anew; read the difference before you commit it"


def _into(target: Path) -> str:
    """Write into a folder; one that was written before is left as it is if the story still says the same."""
    if not target.exists() or not any(target.iterdir()):
        write(target)
        return f"the books are in {target}"
    with tempfile.TemporaryDirectory() as folder:
        if (target / "journal").is_dir():
            write(Path(folder) / "books")
            if content(Path(folder) / "books") == content(target):
                return f"{target} holds exactly these books already"
    raise SystemExit(f"{target}: there is something else in it; name a new folder")


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
