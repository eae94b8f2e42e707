"""A small shop in a temporary folder: books with some orders, and the command line inside the process or outside it.

The tests of faults, of hostile input and of posting share it.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount import loader

from o2c.cli import main
from o2c.starting import start_empty

if TYPE_CHECKING:
    from pathlib import Path

    from beancount.core.data import Directive

TODAY = "2026-03-02"
NOW = "2026-03-02T09:00:00Z"
#: The journal file that every command of these tests writes to, unless it is given another date.
JOURNAL = "journal/2026-03.beancount"

CUSTOMERS = """
C1: {name: Acme, address: {lines: [Street 1], city: Berlin, country: DE}, terms: net30, currency: EUR, price_list: eur}
C2: {name: Bolt, address: {lines: [Street 2], city: Bonn, country: DE}, terms: net30, currency: EUR, price_list: eur}
US1: {name: Cent, address: {lines: [Road 3], city: Boston, country: US}, terms: net30, currency: USD, price_list: usd}
JP1: {name: Denki, address: {lines: [Road 4], city: Osaka, country: JP}, terms: net30, currency: JPY, price_list: jpy}
B1: {name: Stop, address: {lines: [Road 5], city: Bonn, country: DE}, terms: net30, currency: EUR, status: blocked}
"""
PRODUCTS = """
P-1: {name: Lamp}
P-2: {name: Book, tax_class: reduced}
P-Z: {name: Stamp, tax_class: zero}
P-0: {name: Sample}
"""
PRICES = """
eur: {currency: EUR, text: Euro, prices: {P-1: 10.00, P-2: 5.00, P-Z: 3.00, P-0: 0}}
usd: {currency: USD, text: Dollar, prices: {P-1: 12.00}}
jpy: {currency: JPY, text: Yen, prices: {P-1: 1500}}
"""
RATES = """
2026-01-01 price USD 0.90 EUR
2026-01-01 price JPY 0.006 EUR
"""
ACCOUNTS = """
2000-01-01 open Assets:Bank:Dollar
2000-01-01 open Assets:Bank:Yen
"""


class Answer(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


class Shop:
    """The books in a folder, and commands on them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def journal(self) -> Path:
        """The journal file of the month of the tests."""
        return self.root / JOURNAL

    def arguments(self, *arguments: str) -> list[str]:
        """Say where, who and when before a command."""
        return ["--books", str(self.root), "--user", "ann", "--today", TODAY, "--now", NOW, *arguments]

    def run(self, *arguments: str) -> Answer:
        """Run a command inside this process; whatever is no orderly end goes through as an exception."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(self.arguments(*arguments))
            except SystemExit as end:
                code = int(end.code or 0)
        return Answer(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    def did(self, *arguments: str) -> str:
        """Run a command that must succeed."""
        answer = self.run(*arguments)
        assert answer.code == 0, answer
        return answer.out

    def refused(self, *arguments: str, code: int | None = None) -> str:
        """Run a command that must be refused: 1 or 2, sentences on stderr, every byte of the books as it was."""
        before = self.files()
        return self.require_refused(before, self.run(*arguments), code)

    def require_refused(self, before: dict[str, bytes], answer: Answer, code: int | None = None) -> str:
        """Prove that an answer is a refusal and that nothing was written; give the sentences."""
        assert answer.code in ({1, 2} if code is None else {code}), answer
        assert answer.out == "", "nothing may look like success"
        assert answer.err.strip(), "a refusal says why"
        assert "Traceback" not in answer.err
        assert not set(answer.err) & {chr(sign) for sign in range(32) if chr(sign) != "\n"}, "raw control characters"
        assert self.files() == before
        return answer.err

    def command(self, *arguments: str) -> list[str]:
        """Give a command as the system starts it."""
        return [sys.executable, "-c", "from o2c.cli import main; main()", *self.arguments(*arguments)]

    def process(self, *arguments: str, before: list[str] | None = None, timeout: float = 120) -> Answer:
        """Run a command as a process of its own, behind another command such as strace."""
        done = subprocess.run(
            [*(before or []), *self.command(*arguments)],
            capture_output=True, encoding="utf-8", timeout=timeout, check=False, env=environment(),
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    def order(self, content: str | bytes, *options: str, name: str = "order.yaml") -> Answer:
        """Take in orders from the content of a file, which stands beside the books."""
        file = self.root.parent / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return self.run("order", "import", str(file), *options)

    def refused_order(self, content: str | bytes, *options: str, name: str = "order.yaml") -> str:
        """Take in orders that must be refused, with the place in the file; give the sentences."""
        before = self.files()
        said = self.require_refused(before, self.order(content, *options, name=name), 1)
        assert name in said, said
        return said

    def files(self) -> dict[str, bytes]:
        """Read every file of the books, except what is no part of them: the lock."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".o2c" not in path.parts
        }

    def loaded(self) -> list[Directive]:
        """Load the books with Beancount as it is, without its cache; they must be clean."""
        loader.initialize(use_cache=False)
        entries, errors, _ = loader.load_file(str(self.root / "main.beancount"))
        assert not errors, errors
        return entries

    def numbers(self, doc_type: str) -> list[str]:
        """List the numbers of the documents of a type, sorted, one for each time it stands in the books."""
        return sorted(entry.meta["doc-id"] for entry in self.loaded() if entry.meta.get("doc-type") == doc_type)

    def copy(self, folder: Path) -> Shop:
        """Give the same books in a folder that does not exist yet."""
        shutil.copytree(self.root, folder, symlinks=True)
        return Shop(folder)


def environment() -> dict[str, str]:
    """Give processes the same Python and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("O2C_")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def new_shop(folder: Path) -> Shop:
    """Make a shop without orders."""
    start_empty(folder)
    master = folder / "master"
    (master / "customers.yaml").write_text(CUSTOMERS)
    (master / "products.yaml").write_text(PRODUCTS)
    (master / "prices.yaml").write_text(PRICES)
    _add(master / "taxes.yaml", "codes:", "  ZERO: {category: Z, rates: [{percent: 0}]}")
    _add(master / "taxes.yaml", "rules:", "  - {tax_class: zero, code: ZERO}")
    _add(master / "company.yaml", "banks:", "  USD: Assets:Bank:Dollar\n  JPY: Assets:Bank:Yen")
    _append(master / "company.yaml", "vat_id: DE345378383\n")
    _fill_in(master / "company.yaml")
    _append(folder / "manual" / "prices.beancount", RATES)
    _append(folder / "accounts.beancount", ACCOUNTS)
    return Shop(folder)


def delivered(shop: Shop, count: int = 1, customer: str = "C1") -> None:
    """Take in, confirm and deliver some equal orders: 10 lamps at 10.00 EUR, with VAT 119.00 EUR each."""
    order = f"{{customer: {customer}, lines: [{{sku: P-1, quantity: 10}}]}}"
    assert shop.order(f"[{', '.join([order] * count)}]", "--confirm").code == 0
    shop.did("deliver", "--all")


def _fill_in(company: Path) -> None:
    """Put name and address in the place of the examples, without which nothing is issued."""
    text = company.read_text("utf-8")
    for example, own in (
        ("Our Company", "Shop Ltd"),
        ("Street 1", "Lane 7"),
        ('"00000"', '"20457"'),
        ("Town", "Hamburg"),
    ):
        assert example in text, example
        text = text.replace(example, own)
    company.write_text(text, "utf-8")


def _add(file: Path, behind: str, text: str) -> None:
    file.write_text(file.read_text().replace(f"\n{behind}\n", f"\n{behind}\n{text}\n", 1))


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)
