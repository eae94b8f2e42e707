"""Makes large books in our format: `python benchmarks/make_books.py FOLDER TRANSACTIONS [SEED]`.

Seeded. Three years of month files; customers grow with the size (one per 110 transactions). Of ten transactions about
three are orders, four invoices, three receipts or credit notes: 88 % of the invoices are paid (6 % in part, 12 % of
the receipts pay two or three invoices at once), 3 % get a credit note. The text is what the writer would write; a test
proves that on a small sample.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from datetime import timedelta
from pathlib import Path

from o2c.starting import start_empty

START = date(2023, 1, 1)
DAYS = 1095
_ACT = '  by: "anna"\n  at: "{day}T09:00:00Z"\n  why: "{why}"\n'


def order(number: str, customer: str, day: date, lines: list[tuple[str, int, int]]) -> str:
    """Write an order; lines are (sku, quantity, price in cents)."""
    text = (
        f'\n{day} * "Customer {customer}" "Order {number}" #order ^{number}\n'
        f'  doc-type: "order"\n  doc-id: "{number}"\n  customer: "{customer}"\n  currency: "EUR"\n  terms: "net30"\n'
        f"  external: \"W{number}\"\n" + _ACT.format(day=day, why="order import")
    )
    for index, (sku, quantity, price) in enumerate(lines, 1):
        text += (
            f"{posting('Equity:Orders', 0)}    line: {index}\n    sku: \"{sku}\"\n    text: \"Article {sku}\"\n"
            f'    qty: {quantity}\n    unit: "C62"\n    unit-price: {cents(price)} EUR\n'
            f'    net: {cents(quantity * price)} EUR\n    tax-code: "S19"\n'
        )
    return text + (
        f'\n{day} note Assets:AR:{customer} "Order confirmed" #order-confirmed ^{number}\n  subject: "{number}"\n'
        "  version: 1\n" + _ACT.format(day=day, why="order confirm --all")
    )


def invoice(number: str, ordered: str, customer: str, day: date, lines: list[tuple[str, int, int]]) -> tuple[str, int]:
    """Write an invoice of an order (or of none); gives the text and the gross in cents."""
    net = sum(quantity * price for _, quantity, price in lines)
    tax = (net * 19 + 50) // 100
    link = f" ^{ordered}" if ordered else ""
    text = (
        f'\n{day} * "Customer {customer}" "Invoice {number}" #invoice ^{number}{link}\n'
        f'  doc-type: "invoice"\n  doc-id: "{number}"\n  customer: "{customer}"\n  currency: "EUR"\n'
        f'  due: {day + timedelta(days=30)}\n  terms: "net30"\n'
        + (f'  refers: "{ordered}"\n' if ordered else "")
        + f'  bill-to: "Customer {customer}\\nMain Street 1\\n20095 Hamburg\\nGERMANY"\n  supplied: {day}\n'
        + _ACT.format(day=day, why="invoice run")
        + posting(f"Assets:AR:{customer}", net + tax)
        + f'    item: "{number}"\n'
    )
    for index, (sku, quantity, price) in enumerate(lines, 1):
        text += (
            f"{posting('Income:Sales', -quantity * price)}    line: {index}\n    sku: \"{sku}\"\n"
            f'    text: "Article {sku}"\n    qty: {quantity}\n    unit: "C62"\n    unit-price: {cents(price)} EUR\n'
            '    tax-code: "S19"\n' + (f'    order: "{ordered}"\n    order-line: {index}\n' if ordered else "")
        )
    text += (
        f"{posting('Liabilities:Tax:VAT', -tax)}    tax-code: \"S19\"\n    tax-category: \"S\"\n"
        f"    tax-base: {cents(net)} EUR\n    tax-rate: 19\n"
    )
    return text, net + tax


def credit_note(number: str, invoice_number: str, customer: str, day: date, net: int) -> tuple[str, int]:
    """Write a credit note over a net amount of line 1; gives the text and the gross."""
    tax = (net * 19 + 50) // 100
    text = (
        f'\n{day} * "Customer {customer}" "Credit note {number} for {invoice_number}" #credit-note ^{number}'
        f' ^{invoice_number}\n  doc-type: "credit-note"\n  doc-id: "{number}"\n  customer: "{customer}"\n'
        f'  currency: "EUR"\n  refers: "{invoice_number}"\n  reason: "price"\n'
        + _ACT.format(day=day, why=f"credit-note create {invoice_number}")
        + posting(f"Assets:AR:{customer}", -net - tax)
        + f'    item: "{invoice_number}"\n{posting("Income:Sales", net)}    line: 1\n    sku: "A1"\n'
        '    text: "Article A1"\n    unit: "C62"\n    tax-code: "S19"\n    invoice-line: 1\n'
        f"{posting('Liabilities:Tax:VAT', tax)}    tax-code: \"S19\"\n    tax-category: \"S\"\n"
        f"    tax-base: {cents(net)} EUR\n    tax-rate: 19\n"
    )
    return text, net + tax


def receipt(number: str, customer: str, day: date, paid: list[tuple[str, int]]) -> str:
    """Write a receipt that pays items, given as (item, cents)."""
    links = "".join(f" ^{name}" for name in sorted([number, *(item for item, _ in paid)]))
    text = (
        f'\n{day} * "Customer {customer}" "Receipt {number}" #receipt{links}\n'
        f'  doc-type: "receipt"\n  doc-id: "{number}"\n  customer: "{customer}"\n  currency: "EUR"\n'
        f'  reference: "{number} {paid[0][0]}"\n' + _ACT.format(day=day, why="receipt")
    )
    for item, amount in paid:
        text += f'{posting(f"Assets:AR:{customer}", -amount)}    item: "{item}"\n'
    return text + posting("Assets:Bank:Main", sum(amount for _, amount in paid))


def posting(account: str, amount: int) -> str:
    """Write a posting as the writer aligns it."""
    number = cents(amount)
    return f"  {account}{' ' * max(2, 58 - len(account) - len(number))}{number} EUR\n"


def cents(amount: int) -> str:
    """Write cents as an amount with two decimals."""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


class Maker:
    """Makes transactions until there are enough, and keeps them by month."""

    def __init__(self, transactions: int, seed: int) -> None:
        """Plan for a number of transactions."""
        self.wanted = transactions
        self.random = random.Random(seed)
        self.customers = [f"C{number:05d}" for number in range(1, max(3, transactions // 110) + 1)]
        self.months: dict[str, list[tuple[date, str]]] = {}
        self.count = 0
        self.numbers: dict[tuple[str, int], int] = {}

    def make(self) -> None:
        """Walk through the days; what is sold on a day is dated that day, what is paid later."""
        per_day = self.wanted / DAYS
        unpaid: dict[str, list[tuple[str, int]]] = {}
        waiting: list[tuple[date, str]] = []
        for index in range(DAYS):
            day = START + timedelta(days=index)
            due = [customer for when, customer in waiting if when <= day]
            waiting = [entry for entry in waiting if entry[0] > day]
            target = min(self.wanted, int(per_day * (index + 1)))
            for customer in due:
                self._pay(customer, day, unpaid)
            while self.count < target:
                customer = self.random.choice(self.customers)
                self._sell(customer, day, unpaid)
                if self.random.random() < 0.88:
                    waiting.append((day + timedelta(days=self.random.randint(10, 60)), customer))

    def _sell(self, customer: str, day: date, unpaid: dict[str, list[tuple[str, int]]]) -> None:
        lines = [
            (f"A{self.random.randint(1, 400)}", self.random.randint(1, 12), self.random.randint(199, 19999))
            for _ in range(self.random.choice((1, 2, 2)))
        ]
        ordered = ""
        if self.random.random() < 0.75:
            ordered = self._number("SO", day)
            self._add(day, order(ordered, customer, day, lines))
        number = self._number("INV", day)
        text, gross = invoice(number, ordered, customer, day, lines)
        self._add(day, text)
        if self.random.random() < 0.03:
            text, credited = credit_note(self._number("CN", day), number, customer, day, lines[0][2])
            self._add(day, text)
            gross -= credited
        unpaid.setdefault(customer, []).append((number, gross))

    def _pay(self, customer: str, day: date, unpaid: dict[str, list[tuple[str, int]]]) -> None:
        items = unpaid.get(customer, [])
        if not items:
            return
        count = min(len(items), self.random.choice((1, 1, 1, 1, 1, 1, 1, 2, 3)))
        paid, unpaid[customer] = items[:count], items[count:]
        if self.random.random() < 0.06 and paid[-1][1] > 200:
            item, amount = paid[-1]
            paid[-1] = (item, amount // 2)
            unpaid[customer].append((item, amount - amount // 2))
        self._add(day, receipt(self._number("RC", day), customer, day, paid))

    def _number(self, letters: str, day: date) -> str:
        number = self.numbers[letters, day.year] = self.numbers.get((letters, day.year), 0) + 1
        return f"{letters}-{day.year}-{number:04d}"

    def _add(self, day: date, text: str) -> None:
        self.months.setdefault(f"{day:%Y-%m}", []).append((day, text))
        self.count += 1

    def write(self, folder: Path) -> None:
        """Write books with these months, and master data for their customers."""
        start_empty(folder)
        for month, entries in self.months.items():
            entries.sort(key=lambda entry: entry[0])
            head = "; Written by o2c, which only ever adds to this file. Corrections are new documents, never edits.\n"
            (folder / "journal" / f"{month}.beancount").write_text(head + "".join(text for _, text in entries), "utf-8")
        opens = "".join(f"\n{START} open Assets:AR:{customer}\n" for customer in self.customers)
        (folder / "journal" / "0001-accounts.beancount").write_text(opens, "utf-8")
        _write_master(folder / "master", self.customers)


def _write_master(master: Path, customers: list[str]) -> None:
    people = "".join(
        f"{code}:\n  name: Customer {code}\n  address: {{lines: [Main Street 1], postcode: \"20095\", city: Hamburg, country: DE}}\n"
        "  terms: net30\n  currency: EUR\n"
        for code in customers
    )
    (master / "customers.yaml").write_text(people, "utf-8")
    products = "".join(f"A{number}: {{name: Article A{number}}}\n" for number in range(1, 401))
    (master / "products.yaml").write_text(products, "utf-8")


if __name__ == "__main__":
    maker = Maker(int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    maker.make()
    maker.write(Path(sys.argv[1]))
    print(f"{maker.count} transactions, {len(maker.customers)} customers")
