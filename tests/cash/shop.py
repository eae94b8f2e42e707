"""A small company for the tests of cash: its master data, its accounts, invoices entered by hand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from beancount.core import data
from beancount.parser import booking
from beancount.parser import parser

from beancount_o2c.document_integrity import document_integrity
from o2c import master
from o2c.books import Books
from o2c.model import names
from o2c.model import reading
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Opening
from o2c.model.findings import Source
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.model.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.master import Master
    from o2c.model.documents import Entry

ACT = Act("jonas", "2026-03-05T09:30:00Z", "asked for")

MASTER = {
    "company": """
name: Test Trading GmbH
address: {lines: [Street 1], postcode: "20457", city: Hamburg, country: DE}
country: DE
currency: EUR
timezone: Europe/Berlin
books_start: 2026-01-01
banks:
  EUR: Assets:Bank:Main
  USD: Assets:Bank:Dollar
  savings: Assets:Bank:Savings
""",
    "customers": "\n".join(
        f"""
{code}:
  name: Customer {code}
  address: {{lines: [Street 2], postcode: "20457", city: Hamburg, country: DE}}
  terms: net30
  currency: {currency}
{payer}"""
        for code, currency, payer in (
            ("C1", "EUR", ""),
            ("C2", "EUR", ""),
            ("KID", "EUR", "  payer: C1"),
            ("US1", "USD", ""),
            ("US2", "USD", "  payer: US1"),
        )
    ),
    "terms": "net30: {text: 30 days, net_days: 30}",
    "taxes": """
codes:
  DE19: {category: S, account: "Liabilities:VAT", rates: [{percent: 19}]}
rules:
  - {tax_class: "*", region: "*", kind: "*", code: DE19}
""",
    "products": "A1: {name: Lamp, unit: C62, tax_class: standard, kind: goods}",
    "prices": "standard: {currency: EUR, prices: {A1: 10.00}}",
    "policies": """
reasons:
  bad-debt: {text: Cannot be collected, kind: write-off, account: "Expenses:Bad-Debt", vat: correct}
  small: {text: Small difference, kind: both, account: "Expenses:Small", vat: keep}
  luck: {text: Not claimed, kind: write-off, account: "Income:Unclaimed", vat: keep}
  return: {text: Goods returned, kind: credit-note}
""",
}

ACCOUNTS = """
2026-01-01 open Assets:Bank:Main EUR
2026-01-01 open Assets:Bank:Dollar USD
2026-01-01 open Assets:Bank:Savings EUR
2026-01-01 open Income:Sales
2026-01-01 open Income:FX:Realised EUR
2026-01-01 open Income:Other:Overpayments EUR
2026-01-01 open Income:Unclaimed EUR
2026-01-01 open Liabilities:VAT
2026-01-01 open Liabilities:VAT-07
2026-01-01 open Liabilities:Unidentified-Receipts
2026-01-01 open Expenses:Bad-Debt
2026-01-01 open Expenses:Small
2026-01-01 open Expenses:Bank-Fees
2026-01-01 open Equity:Opening-Balances
"""


def write_master(root: Path) -> None:
    """Write the master data into the folder of the books."""
    (root / "master").mkdir()
    for name, text in MASTER.items():
        (root / "master" / f"{name}.yaml").write_text(text)


def write_books(root: Path, ledger: str) -> Path:
    """Write books whose invoices stand in a file made by hand."""
    write_master(root)
    (root / "main.beancount").write_text(
        'option "operating_currency" "EUR"\nplugin "beancount_o2c.document_integrity"\n'
        'include "manual/*.beancount"\ninclude "journal/*.beancount"\n'
    )
    for folder in ("manual", "journal"):
        (root / folder).mkdir()
    used = sorted(set(re.findall(r"Assets:AR:[A-Z0-9-]+", ledger)))
    opened = "".join(f"2026-01-01 open {account}\n" for account in used)
    (root / "manual" / "hand.beancount").write_text(ACCOUNTS + opened + ledger)
    (root / "journal" / "0000-start.beancount").write_text("; the journal\n")
    return root


def invoice(
    doc_id: str,
    gross: str,
    day: str = "2026-01-10",
    customer: str = "C1",
    *,
    net: str | None = None,
    rate: int = 19,
    instalments: tuple[tuple[str, str], ...] = (),
) -> str:
    """Write an invoice of one line; with instalments given as (due, amount)."""
    total = Decimal(gross)
    base = (total / (1 + Decimal(rate) / 100)).quantize(Decimal("0.01")) if net is None else Decimal(net)
    parts = instalments or (("", gross),)
    moves = "".join(
        f"  Assets:AR:{customer}  {amount} EUR\n"
        f'    item: "{doc_id}{f".{number}" if due else ""}"\n' + (f"    due: {due}\n" if due else "")
        for number, (due, amount) in enumerate(parts, 1)
    )
    return f"""
{day} * "Customer {customer}" "Invoice {doc_id}" #invoice ^{doc_id}
  doc-type: "invoice"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "EUR"
{"" if instalments else "  due: 2026-02-28" + chr(10)}{moves}  Income:Sales  {-base} EUR
    line: 1
    tax-code: "DE{rate}"
  Liabilities:VAT  {base - total} EUR
    tax-code: "DE{rate}"
    tax-category: "S"
    tax-base: {base} EUR
    tax-rate: {rate}
"""


def dollar_invoice(doc_id: str, dollars: str, euros: str, day: str = "2026-01-10", customer: str = "US1") -> str:
    """Write an invoice in dollars, carried in euros at the day's rate."""
    return f"""
{day} * "Customer {customer}" "Invoice {doc_id}" #invoice ^{doc_id}
  doc-type: "invoice"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "USD"
  due: 2026-02-28
  Assets:AR:{customer}  {dollars} USD {{{{{euros} EUR, "{doc_id}"}}}}
    item: "{doc_id}"
  Income:Sales  -{euros} EUR
    line: 1
    net: {dollars} USD
"""


def moved_in(doc_id: str, amount: str, currency: str = "EUR", customer: str = "C1") -> str:
    """Write an item that was moved in: no lines, no VAT, no rate."""
    return f"""
2026-01-02 * "Customer {customer}" "Opening item {doc_id}" #opening-item ^{doc_id}
  doc-type: "opening-item"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "{currency}"
  due: 2026-01-31
  Assets:AR:{customer}  {amount} {currency}
    item: "{doc_id}"
  Equity:Opening-Balances  -{amount} {currency}
"""


class Shop:
    """Books in memory: verbs post to them as to real ones, and everything is checked after each."""

    def __init__(self, known: Master, ledger: str) -> None:
        self.known = known
        opened = "".join(
            f"2026-01-01 open {account}:{code}\n"
            for account in (names.RECEIVABLES, names.DEPOSITS)
            for code in known.customers
        )
        self.text = ACCOUNTS + opened + ledger
        self.books = self._load()

    def _load(self) -> Books:
        parsed, errors, options = parser.parse_string(self.text, "shop")
        assert not errors, errors
        parsed.sort(key=data.entry_sortkey)
        booked, errors = booking.book(parsed, options)
        assert not errors, errors
        books = Books(Path("/no/such/folder"), parsed, booked, booked, (), options, {})
        _, errors = document_integrity(booked, options)
        assert not errors, [error.message for error in errors]
        books.__dict__["master"] = self.known
        return books

    def do(
        self, verb: Callable[..., list[Entry]], *args: object, on: str = "2026-03-05", **kwargs: object
    ) -> list[Document]:
        """Run a verb and keep what it made, after proving that it reads back as it was meant."""
        entries = verb(self.books, ACT, date.fromisoformat(on), *args, **kwargs)
        before = len(self.books.booked)
        self.text += write(entries)
        self.books = self._load()
        assert len(self.books.booked) == before + len(entries)
        made = [entry for entry in entries if isinstance(entry, Document)]
        read = {doc.doc_id: doc for doc in reading.documents(self.books.booked)}
        assert [read[doc.doc_id]._replace(source=Source("", 0)) for doc in made] == [
            doc._replace(source=Source("", 0)) for doc in made
        ]
        assert not any(isinstance(entry, Opening) for entry in entries)
        return made

    def open(self, name: str) -> Decimal:
        """Give what is open of an item, over its accounts."""
        return sum((item.open for item in items(self.books.facts.moved).values() if item.item == name), ZERO)

    def carrying(self, name: str) -> Decimal:
        """Give the carrying amount of an item."""
        return sum((item.carrying for item in items(self.books.facts.moved).values() if item.item == name), ZERO)

    def balances(self) -> dict[tuple[str, str], Decimal]:
        """Sum the postings of every account in units, without our reader."""
        sums: dict[tuple[str, str], Decimal] = {}
        for entry in self.books.booked:
            for posting in getattr(entry, "postings", ()):
                key = (posting.account, posting.units.currency)
                sums[key] = sums.get(key, ZERO) + posting.units.number
        return {key: number for key, number in sums.items() if number}

    def open_items(self) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
        """Give open and carrying amount of every item that is not settled."""
        known = items(self.books.facts.moved)
        return {key: (item.open, item.carrying) for key, item in known.items() if item.open or item.carrying}


def load_master(root: Path) -> Master:
    """Read the master data of the small company."""
    write_master(root)
    return master.load(root)
