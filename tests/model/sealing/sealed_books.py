"""Small books with every type of entry, January and February sealed, and the three doors that prove them."""

from __future__ import annotations

import importlib.util
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader

from o2c import books
from o2c.closing import seal
from o2c.model.documents import Act
from o2c.model.periods import period
from o2c.model.sealing import proving
from o2c.model.writing import write

if TYPE_CHECKING:
    from types import ModuleType

    from o2c.model.findings import Finding

ROOT = Path(__file__).parents[3]
MAIN = """option "title" "Sealed books"
option "operating_currency" "EUR"
plugin "beancount_o2c.document_integrity"
plugin "beancount_o2c.period_close"
include "accounts.beancount"
include "journal/*.beancount"
"""
ACCOUNTS = """2026-01-01 open Assets:Bank EUR,USD
2026-01-01 open Assets:Stock "STRICT"
2026-01-01 open Assets:Old
2026-01-01 open Assets:AR:C1
2026-01-01 open Income:Sales
2026-01-01 open Equity:Opening
2026-01-20 close Assets:Old
2026-01-01 commodity EUR
  name: "Euro"
2026-01-01 pad Assets:Bank Equity:Opening
2026-01-02 balance Assets:Bank  1000.00 ~ 0.01 EUR
"""
JANUARY = """; January
2026-01-05 note Assets:AR:C1 "called" #remark ^INV-2026-0001
  subject: "C1"

2026-01-06 event "location" "Bremen"

2026-01-07 query "banks" "SELECT account"

2026-01-08 price USD 0.92 EUR

2026-01-09 document Assets:Bank "../statements/2026-01.pdf" #scan ^ST-1

2026-01-10 custom "card-limit" "C1" 500.00 EUR
  customer: "C1"

2026-01-10 custom "mixed" "C1" Assets:Bank 3 TRUE 2026-01-03 5.00 EUR

2026-01-12 * "Acme" "Invoice" #invoice ^INV-2026-0001 ^SO-1
  doc-type: "invoice"
  doc-id: "INV-2026-0001"
  customer: "C1"
  due: 2026-02-11
  count: 3
  gross: 119.00 EUR
  paid: FALSE
  note-later: "may change"
  Assets:AR:C1   119.00 EUR
    item: "INV-2026-0001"
    note-posting: "may change"
  Income:Sales  -100.00 EUR
    tax-code: "19"
  ! Income:Sales  -19.00 EUR

2026-01-15 * "Shares"
  Assets:Stock   10 ACME {50.00 EUR, 2026-01-14, "lot"} @ 51.00 EUR
  Assets:Bank  -500.00 EUR

2026-01-16 * "Twin"
  Assets:Bank    5.00 EUR
  Income:Sales

2026-01-16 * "Twin"
  Assets:Bank    5.00 EUR
  Income:Sales
"""
FEBRUARY = """2026-02-10 * "Acme" "Receipt" #receipt
  doc-type: "receipt"
  doc-id: "RC-2026-0001"
  customer: "C1"
  Assets:Bank    119.00 EUR
  Assets:AR:C1  -119.00 EUR
    item: "INV-2026-0001"
"""
MARCH = """2026-03-02 * "Rent"
  Assets:Bank    -30.00 EUR
  Income:Sales    30.00 EUR
"""
FILES = {
    "main.beancount": MAIN,
    "statements/2026-01.pdf": "January",
    "statements/2026-02.pdf": "February",
    "accounts.beancount": ACCOUNTS,
    "journal/2026-01.beancount": JANUARY,
    "journal/2026-02.beancount": FEBRUARY,
    "journal/2026-03.beancount": MARCH,
}
DAY = date(2026, 3, 5)


def _outside() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_seal", ROOT / "docs" / "verify_seal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OUTSIDE = _outside()


class Sealed:
    """The books in a folder; every file can be read, changed and proved."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.main = root / "main.beancount"

    def copy(self, root: Path) -> Sealed:
        shutil.copytree(self.root, root)
        return Sealed(root)

    def change(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_bytes().decode()
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_bytes(text.replace(old, new, 1).encode())

    def append(self, file: str, text: str) -> None:
        with (self.root / file).open("a") as open_file:
            open_file.write(text)

    def findings(self) -> tuple[Finding, ...]:
        """Prove every entry, as `o2c close verify` does."""
        loaded = books.load(self.root)
        return proving.prove(loaded.booked, loaded.options, quick=False).findings

    def verify(self) -> list[str]:
        return [finding.message for finding in self.findings()]

    def plugin(self) -> list[Any]:
        """Give the errors of the plugin as bean-check runs it."""
        _, errors, _ = loader._load([(str(self.main), True)], None, None, None)
        return [error for error in errors if type(error).__name__ == "PeriodCloseError"]

    def outside(self, *expected: str) -> list[str]:
        """Give the findings of docs/verify_seal.py."""
        found: list[str] = OUTSIDE.Verifier(str(self.main)).run(list(expected))
        return found

    def verdicts(self) -> tuple[bool, bool, bool]:
        """Tell for verify, plugin and outside verifier whether all is as it was sealed."""
        return not self.findings(), not self.plugin(), not self.outside()

    def seal(self, month: str, day: date = DAY) -> str:
        """Seal a month without asking the checklist, and give the seal."""
        loaded = books.load(self.root)
        assert not loaded.errors, loaded.errors
        made = seal.sealed(loaded, Act("meral", why="closed"), day, period(month))
        seal.place(self.root, made)
        self.append("journal/2026-03.beancount", write(made.entries))
        return made.seal


def make(root: Path) -> Sealed:
    """Make the books and seal January, then February."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    sealed = Sealed(root)
    sealed.seal("2026-01")
    sealed.seal("2026-02")
    return sealed
