"""The books that large_books.py measures: made once, kept, and put back after every series of commands.

Nothing is loaded in this process: Linux counts the memory of the parent at the start of a child as the child's own.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from measuring import o2c

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKE = Path(__file__).with_name("make_books.py")
#: Made books end in 2025, commands are run as if in 2026: what they post can be told from what was there.
_POSTED = "2026-*.beancount"
_EDITED = "2024-06.beancount"
_BY_HAND = """
2024-06-15 * "An entry made by hand"
  Assets:Bank:Main                                    -10.00 EUR
  Equity:Opening-Balances                              10.00 EUR
"""
_EMPTY = "from pathlib import Path; import sys; from o2c.starting import start_empty; start_empty(Path(sys.argv[1]))"
_NOTE_CLEAN = """
import sys
from pathlib import Path
from o2c.books.index import cleanliness
from o2c.books.index.opening import indexed
cleanliness.note(indexed(Path(sys.argv[1])).connection)
"""


_OPEN_ITEMS = """
import json
import sys
from datetime import date
from pathlib import Path
from o2c import books
root, *codes = sys.argv[1:]
found = books.opened(Path(root))
items = [item for code in codes for item in found.open_items(date(2026, 3, 2), code, "EUR") if item.open > 0]
print(json.dumps([[item.item, item.customer, str(item.open)] for item in items]))
"""


class OpenItem(NamedTuple):
    """An item to pay: its name, its customer, and what is open, like "119.00"."""

    name: str
    customer: str
    amount: str


def made(folder: Path, size: int) -> Path:
    """Give the books of this size in a folder, made now where they are not there."""
    root = folder / f"L{size}"
    if not (root / "main.beancount").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        say(f"making {root}")
        _run([sys.executable, str(_MAKE), str(root), str(size)])
    put_back(root)
    return root


def put_back(root: Path) -> None:
    """Remove what benchmarks posted."""
    for path in (root / "journal").glob(_POSTED):
        path.unlink()


def empty(folder: Path, like: Path) -> Path:
    """Make books without entries, with the master data of others."""
    root = folder / "empty"
    shutil.rmtree(root, ignore_errors=True)
    _run([sys.executable, "-c", _EMPTY, str(root)])
    shutil.copytree(like / "master", root / "master", dirs_exist_ok=True)
    return root


def note_clean(root: Path) -> None:
    """Let the index believe that these bytes were checked whole."""
    _run([sys.executable, "-c", _NOTE_CLEAN, str(root)])


def order_file(file: Path, root: Path, orders: int, mark: str) -> Path:
    """Write an order file of three lines per order, always the same, for customers of these books."""
    chance = random.Random(2026)
    codes = list(_customers(root))
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(("order", "customer", "invoicing", "sku", "quantity", "price"))
        for number in range(1, orders + 1):
            head = (f"{mark}-{number:06d}", chance.choice(codes), "order")
            for product in chance.sample(range(1, 401), 3):
                rows.writerow((*head, f"A{product}", chance.randint(1, 40), f"{chance.randint(199, 19_999) / 100:.2f}"))
    return file


def open_items(root: Path, count: int) -> list[OpenItem]:
    """Find open items of some customers, to be paid."""
    codes = [code for _, code in zip(range(2 * count), _customers(root), strict=False)]
    found = json.loads(_run([sys.executable, "-c", _OPEN_ITEMS, str(root), *codes]))
    return random.Random(2026).sample([OpenItem(*item) for item in found], count)


def orders_to_invoice(root: Path, folder: Path, count: int) -> list[str]:
    """Post confirmed orders and give their numbers."""
    file = order_file(folder / "few.csv", root, count, "FEW")
    posted = json.loads(_run(o2c(str(root), "order", "import", str(file), "--confirm", "--json")))["posted"]
    return list(dict.fromkeys(one["doc_id"] for one in posted if one["doc_type"] == "order"))


class HandEdit:
    """An entry inserted in the middle of a month, as by an editor, and taken out again."""

    def __init__(self, root: Path) -> None:
        """Read the month as it is."""
        self._file = root / "journal" / _EDITED
        self._before = self._file.read_bytes()

    def make(self) -> None:
        """Insert the entry between two others."""
        middle = self._before.index(b"\n\n2024-06-", len(self._before) // 2) + 1
        self._file.write_bytes(self._before[:middle] + _BY_HAND.encode() + self._before[middle:])

    def undo(self) -> None:
        """Put the old bytes back."""
        self._file.write_bytes(self._before)


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)


def _customers(root: Path) -> Iterator[str]:
    with (root / "master" / "customers.yaml").open(encoding="utf-8") as lines:
        yield from (line.rstrip()[:-1] for line in lines if line[0] == "C")


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[:2000]}")
    return done.stdout
