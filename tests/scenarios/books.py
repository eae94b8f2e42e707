"""Books in a folder and the commands run on them, day by day, through the real command line in this process."""

from __future__ import annotations

import contextlib
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from o2c import books
from o2c.cli import main
from o2c.model import items
from o2c.model import names
from o2c.starting import start_empty

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.model.documents import Document

COMPANY = """\
name: Scenario Trading GmbH
address: {lines: [Kai 1], postcode: "20457", city: Hamburg, country: DE}
vat_id: DE345378383
country: DE
currency: EUR
timezone: Europe/Berlin
fiscal_year_start: 1
books_start: 2010-01-01
banks:
  EUR: Assets:Bank:Main
  USD: Assets:Bank:Main
"""
CUSTOMERS = """\
HOME:
  name: Home Stores
  address: {lines: [Main Street 1], postcode: "10115", city: Berlin, country: DE}
  terms: net30
  currency: EUR
  price_list: standard
BRANCH:
  name: Home Stores, branch office
  address: {lines: [Side Street 2], postcode: "10117", city: Berlin, country: DE}
  payer: HOME
  terms: net30
  currency: EUR
  price_list: standard
DOLLAR:
  name: Dollar Depot Inc.
  address: {lines: [1 Dock Road], postcode: "10001", city: New York, country: US}
  terms: net30
  currency: USD
"""
PRODUCTS = """\
LAMP: {name: Lamp}
TEA: {name: Tea, tax_class: reduced}
TEN: {name: Article taxed at ten percent, tax_class: ten}
FREE: {name: Article without tax, tax_class: free}
TWENTY: {name: Article taxed at twenty percent, tax_class: twenty}
WORK: {name: Fitting by the hour, unit: HUR, kind: service}
"""
PRICES = """\
standard:
  currency: EUR
  text: Trade prices
  prices: {LAMP: 39.90, TEA: 11.90, WORK: 78.00}
"""
TERMS = """\
immediate: {text: At once, net_days: 0}
net30: {text: Within 30 days, net_days: 30}
halves:
  text: Half after 20 days, the rest after 40 days
  instalments: [{percent: 50, net_days: 20}, {percent: 50, net_days: 40}]
thirds:
  text: 30 % after 30 days, 50 % after 60 days, 20 % after 90 days
  instalments: [{percent: 30, net_days: 30}, {percent: 50, net_days: 60}, {percent: 20, net_days: 90}]
eom45: {text: 45 days after the end of the month, end_of_month: yes, extra_days: 45}
fifteenth: {text: "At least 31 days, then the 15th", net_days: 31, fixed_day: 15}
eom: {text: The last day of the month, end_of_month: yes}
first: {text: The first day of the next month, end_of_month: yes, extra_days: 1}
"""
TAXES = """\
codes:
  STANDARD: {category: S, account: "Liabilities:Tax:VAT", rates: [{percent: 19}]}
  REDUCED: {category: S, account: "Liabilities:Tax:VAT", rates: [{percent: 7}]}
  TEN: {category: S, account: "Liabilities:Tax:VAT", rates: [{percent: 10}]}
  TWENTY: {category: S, account: "Liabilities:Tax:VAT", rates: [{percent: 20}]}
  FREE: {category: Z, rates: [{percent: 0}]}
  EXPORT: {category: G, rates: [{percent: 0}], text: Tax-free export}
  OUTSIDE: {category: O, rates: [{percent: 0}], text: Place of supply abroad}
rules:
  - {region: export, kind: service, code: OUTSIDE}
  - {region: export, code: EXPORT}
  - {tax_class: standard, code: STANDARD}
  - {tax_class: reduced, code: REDUCED}
  - {tax_class: ten, code: TEN}
  - {tax_class: twenty, code: TWENTY}
  - {tax_class: free, code: FREE}
"""
POLICIES = """\
invoicing: delivery
price_tolerance: 1
over_delivery_percent: 0
reasons:
  return: {text: Goods returned, kind: credit-note, account: "Income:Sales:Returns"}
  price: {text: Wrong price invoiced, kind: credit-note}
  bad-debt: {text: Cannot be collected, kind: write-off, account: "Expenses:Bad-Debt", vat: correct}
  small-difference: {text: Small difference, kind: write-off, account: "Expenses:Small-Differences", vat: keep}
"""
RATES = """\
2010-01-01 price USD  0.90 EUR
2026-03-01 price USD  0.9333 EUR
"""
_MASTER = {
    "company": COMPANY,
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "prices": PRICES,
    "terms": TERMS,
    "taxes": TAXES,
    "policies": POLICIES,
}


class Story:
    """Books and the day that it is in them; calling it runs a command on that day."""

    def __init__(self, root: Path) -> None:
        """Make the books of a small company in a new folder."""
        self.root = root
        self.day = "2026-03-02"
        start_empty(root)
        for name, text in _MASTER.items():
            self.master(name, text)
        (root / "manual" / "prices.beancount").write_text(RATES)

    def master(self, name: str, text: str) -> None:
        """Write a file of master data."""
        (self.root / "master" / f"{name}.yaml").write_text(text, "utf-8")

    def change(self, name: str, before: str, after: str) -> None:
        """Change a file of master data, as a person would with an editor."""
        file = self.root / "master" / f"{name}.yaml"
        text = file.read_text("utf-8")
        assert before in text, before
        file.write_text(text.replace(before, after), "utf-8")

    def on(self, day: str) -> Story:
        """Let it be a day."""
        self.day = day
        return self

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command; gives exit code, what it printed, and what it complained."""
        printed, err = io.BytesIO(), io.StringIO()
        out = io.TextIOWrapper(printed, "utf-8")
        fixed = ["--books", str(self.root), "--user", "anna", "--today", self.day, "--now", f"{self.day}T09:00:00Z"]
        code: object = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([*fixed, *arguments])
            except SystemExit as end:
                code = end.code
        assert isinstance(code, int)
        out.flush()
        return code, printed.getvalue().decode(), err.getvalue()

    def __call__(self, *arguments: str) -> str:
        """Run a command that succeeds; gives what it printed."""
        code, out, err = self.run(*arguments)
        assert code == 0, f"{arguments}: {code}\n{out}\n{err}"
        return out

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command answers
        """Run a command that succeeds, with --json; gives its answer."""
        return json.loads(self(*arguments, "--json"))

    def posted(self, *arguments: str) -> list[str]:
        """Run a command that posts; gives the numbers of what it posted."""
        return [row["doc_id"] for row in self.json(*arguments)["posted"]]

    def refused(self, *arguments: str, code: int = 1) -> str:
        """Run a command that is refused and leaves every byte as it was; gives its sentence."""
        before = self.bytes()
        got, out, err = self.run(*arguments)
        assert got == code, f"{arguments}: {got}\n{out}\n{err}"
        assert self.bytes() == before
        assert err
        return err

    def bytes(self) -> dict[str, bytes]:
        """Read all ledger files."""
        return {str(path): path.read_bytes() for path in sorted(self.root.rglob("*.beancount"))}

    def order(self, *lines: str, customer: str = "HOME", number: str = "", **head: str) -> str:
        """Take in and confirm an order; lines like `LAMP 3` or `LAMP 3 35.00`; gives its number."""
        file = self.order_file(*lines, customer=customer, number=number, **head)
        return self.posted("order", "import", str(file), "--confirm")[0]

    def order_file(self, *lines: str, customer: str = "HOME", number: str = "", **head: str) -> Path:
        """Write an order file."""
        fields = {"customer": customer, **({"order": number} if number else {}), **head}
        rows = [dict(zip(("sku", "quantity", "price", "discount"), line.split(), strict=False)) for line in lines]
        file = self.root.parent / "order.yaml"
        file.write_text(json.dumps([{**fields, "lines": rows}]), "utf-8")
        return file

    def invoice(self, *lines: str, customer: str = "HOME", **head: str) -> str:
        """Take in, confirm and invoice an order at once; gives the invoice's number."""
        return self.posted("invoice", "create", self.order(*lines, customer=customer, invoicing="order", **head))[0]

    def document(self, doc_id: str) -> Document:
        """Read a document out of the books, which must load clean."""
        loaded = books.load(self.root)
        assert loaded.errors == ()
        return loaded.facts.document(doc_id)

    def open(self, customer: str = "HOME", as_of: str = "") -> dict[str, str]:
        """Give what is open of each item of a customer, debit positive, on the day or another."""
        loaded = books.load(self.root)
        assert loaded.errors == ()
        found = items.open_items(loaded.facts.moved, _day(as_of or self.day))
        return {item.item: str(item.open) for item in found if item.customer == customer}

    def balances(self) -> dict[str, str]:
        """Sum each account that is not zero, in the currency of the books, everything posted so far."""
        sums: dict[str, Decimal] = {}
        loaded = books.load(self.root)
        assert loaded.errors == ()
        for doc in loaded.facts.documents():
            if doc.doc_type in names.MEMO_TYPES:
                continue
            postings: list[Any] = [*doc.movements, *doc.lines, *doc.taxes, *doc.others]
            for posting in postings:
                carrying = getattr(posting, "carrying", None) or getattr(posting, "total", None)
                value = carrying.number if carrying is not None else posting.amount
                sums[posting.account] = sums.get(posting.account, Decimal(0)) + value
        return {account: str(total) for account, total in sorted(sums.items()) if total}


def _day(text: str) -> Any:  # noqa: ANN401 - the gate's own type
    from o2c.model.text import day

    return day(text)
