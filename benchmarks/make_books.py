"""Makes large books in our format: `python benchmarks/make_books.py FOLDER TRANSACTIONS [SEED]`.

Seeded: the same numbers give the same bytes. Three years of month files, through 2025-12-30; one customer per 110
transactions. Of ten transactions about three are orders, four invoices, the rest receipts and some credit notes. 60 %
of the invoices bring a receipt later, for the oldest items: one of them, or (each ninth time) two or three at once; 6 %
pay the last one in part. So a fifth of the invoices stays open. 3 % of the invoices get a credit note.
"""

from __future__ import annotations

import argparse
import random
from datetime import date
from datetime import timedelta
from pathlib import Path

from document_texts import ADDRESS
from document_texts import PRODUCTS
from document_texts import Sold
from document_texts import credit_note
from document_texts import gross
from document_texts import invoice
from document_texts import order
from document_texts import receipt

from o2c.starting import start_empty

START = date(2023, 1, 1)
DAYS = 1095
PER_CUSTOMER = 110
_HEADER = "; Written by o2c, which only ever adds to this file. Corrections are new documents, never edits.\n"
_AT_ONCE = (1, 1, 1, 1, 1, 1, 1, 2, 3)


class Maker:
    """Makes transactions until there are enough, and keeps them by month."""

    def __init__(self, transactions: int, seed: int) -> None:
        """Plan for a number of transactions."""
        self.wanted = transactions
        self.chance = random.Random(seed)
        self.customers = [f"C{number:05d}" for number in range(1, max(3, transactions // PER_CUSTOMER) + 1)]
        self.months: dict[str, list[str]] = {}
        self.count = 0
        self._numbers: dict[tuple[str, int], int] = {}
        self._unpaid: dict[str, list[tuple[str, int]]] = {}
        self._payers: dict[date, list[str]] = {}

    def make(self) -> None:
        """Walk through the days: who has to pay on a day pays, then is sold until the day has its share."""
        for index in range(DAYS):
            day = START + timedelta(days=index)
            for customer in self._payers.pop(day, ()):
                self._pay(customer, day)
            while self.count < self.wanted * (index + 1) // DAYS:
                self._sell(self.chance.choice(self.customers), day)

    def _sell(self, customer: str, day: date) -> None:
        lines = [self._line() for _ in range(self.chance.choice((1, 2, 2)))]
        ordered = ""
        if self.chance.random() < 0.75:
            ordered = self._number("SO", day)
            self._add(day, order(ordered, customer, day, lines))
        number = self._number("INV", day)
        self._add(day, invoice(number, ordered, customer, day, lines))
        amount = gross(sum(line.net for line in lines))
        if self.chance.random() < 0.03:
            self._add(day, credit_note(self._number("CN", day), number, customer, day, lines[0]))
            amount -= gross(lines[0].price)
        if amount:
            self._unpaid.setdefault(customer, []).append((number, amount))
        if self.chance.random() < 0.6:
            self._payers.setdefault(day + timedelta(days=self.chance.randint(10, 60)), []).append(customer)

    def _line(self) -> Sold:
        sku = f"A{self.chance.randint(1, PRODUCTS)}"
        return Sold(sku, self.chance.randint(1, 12), self.chance.randint(199, 19_999))

    def _pay(self, customer: str, day: date) -> None:
        items = self._unpaid.get(customer, [])
        if not items:
            return
        count = self.chance.choice(_AT_ONCE)
        paid, self._unpaid[customer] = items[:count], items[count:]
        if self.chance.random() < 0.06 and paid[-1][1] > 200:
            item, amount = paid[-1]
            paid[-1] = (item, amount // 2)
            self._unpaid[customer].append((item, amount - amount // 2))
        self._add(day, receipt(self._number("RC", day), customer, day, paid))

    def _number(self, letters: str, day: date) -> str:
        number = self._numbers[letters, day.year] = self._numbers.get((letters, day.year), 0) + 1
        return f"{letters}-{day.year}-{number:04d}"

    def _add(self, day: date, text: str) -> None:
        self.months.setdefault(f"{day:%Y-%m}", []).append(text)
        self.count += 1

    def write(self, folder: Path) -> None:
        """Write books with these months, and master data for their customers; raises Refused if it has files."""
        start_empty(folder)
        journal = folder / "journal"
        for month, texts in self.months.items():
            (journal / f"{month}.beancount").write_text(_HEADER + "".join(texts), "utf-8")
        opens = "".join(f"\n{START} open Assets:AR:{customer}\n" for customer in self.customers)
        (journal / "0001-accounts.beancount").write_text(opens, "utf-8")
        _write_master(folder / "master", self.customers)


def _write_master(master: Path, customers: list[str]) -> None:
    street, postcode, city = ADDRESS
    address = f'{{lines: [{street}], postcode: "{postcode}", city: {city}, country: DE}}'
    people = "".join(
        f"{code}:\n  name: Customer {code}\n  address: {address}\n  terms: net30\n  currency: EUR\n"
        for code in customers
    )
    (master / "customers.yaml").write_text(people, "utf-8")
    products = "".join(f"A{number}: {{name: Article A{number}}}\n" for number in range(1, PRODUCTS + 1))
    (master / "products.yaml").write_text(products, "utf-8")
    fill_in_company(master / "company.yaml")


def fill_in_company(file: Path) -> None:
    """Put a name, an address and a VAT number into new books, without which nothing is issued."""
    text = file.read_text("utf-8")
    for example, own in zip(("Our Company", "Street 1", "00000", "Town"), ("Benchmark Ltd", *ADDRESS), strict=True):
        text = text.replace(example, own)
    file.write_text(f"{text}vat_id: DE345378383\n", "utf-8")


def main() -> None:
    """Make the books that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("transactions", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    wanted = parser.parse_args()
    maker = Maker(wanted.transactions, wanted.seed)
    maker.make()
    maker.write(wanted.folder)
    print(f"{maker.count} transactions, {len(maker.customers)} customers")


if __name__ == "__main__":
    main()
