"""How long it takes to invoice an order file, in whole processes: in three commands, and in one.

Three: `order import FILE`, `order confirm --all`, `invoice run`. One: `order import FILE --invoice`.
Run it with how many orders, 10,000 without: `python benchmarks/invoices_from_order_file.py 1000 10000`.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from make_books import fill_in_company
from measuring import Cost
from measuring import o2c
from measuring import run

from o2c.books import load
from o2c.model import names
from o2c.starting import start_empty

CUSTOMERS = 100
PRODUCTS = 60
LINES = 3
FILE = "FILE"
_TAX = ("reduced", "standard", "standard")
_CUSTOMER = """\
C{number:04d}:
  name: Customer {number:04d} Trading
  address: {{lines: [Street {number}], postcode: "20457", city: Hamburg, country: DE}}
  terms: net30
  currency: EUR
  price_list: standard
"""


def books(folder: Path) -> None:
    """Make empty books with customers, products and prices, as a company would begin with."""
    start_empty(folder)
    prices = "".join(f"    P-{n:03d}: {Decimal(n * 137 % 9000 + 95) / 100}\n" for n in range(PRODUCTS))
    master = {
        "customers": "".join(_CUSTOMER.format(number=number) for number in range(1, CUSTOMERS + 1)),
        "products": "".join(
            f"P-{n:03d}: {{name: Product {n:03d}, tax_class: {_TAX[n % 3]}}}\n" for n in range(PRODUCTS)
        ),
        "prices": f"standard:\n  currency: EUR\n  text: Trade prices\n  prices:\n{prices}",
    }
    for name, text in master.items():
        (folder / "master" / f"{name}.yaml").write_text(text, "utf-8")
    fill_in_company(folder / "master" / "company.yaml")


def order_file(file: Path, orders: int) -> None:
    """Write orders of three lines, a row per line, always the same."""
    chance = random.Random(2026)
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(("order", "customer", "reference", "invoicing", "sku", "quantity", "discount"))
        for number in range(1, orders + 1):
            head = (f"WEB-{number:06d}", f"C{chance.randint(1, CUSTOMERS):04d}", f"PO {number}", "order")
            for product in chance.sample(range(PRODUCTS), LINES):
                rows.writerow((*head, f"P-{product:03d}", chance.randint(1, 40), chance.choice(("", "", "", "5"))))


STEPS = {
    "in three commands": (("order", "import", FILE), ("order", "confirm", "--all"), ("invoice", "run")),
    "in one command": (("order", "import", FILE, "--invoice"),),
}


def measure(orders: int) -> None:
    """Measure one size and print a line per command; wrong results end the benchmark."""
    for way, commands in STEPS.items():
        with tempfile.TemporaryDirectory() as place:
            root, file = Path(place) / "books", Path(place) / "orders.csv"
            books(root)
            order_file(file, orders)
            costs = {
                " ".join(words): run(o2c(str(root), *(str(file) if word == FILE else word for word in words)))
                for words in commands
            }
            _prove(root, orders)
            size = sum(path.stat().st_size for path in (root / "journal").iterdir())
            print(f"{orders} orders of {LINES} lines, {way} ({size / 1e6:.1f} MB of journal)")
            _report(orders, costs)


def _prove(root: Path, orders: int) -> None:
    invoices = load(root).facts.documents(names.INVOICE)
    if len(invoices) != orders or any(len(invoice.lines) != LINES for invoice in invoices):
        sys.exit(f"{len(invoices)} invoices instead of {orders} with {LINES} lines each")


def _report(orders: int, costs: dict[str, Cost]) -> None:
    total = sum(cost.processor for cost in costs.values())
    for name, cost in costs.items():
        print(f"  {name:28} {cost.processor:8.2f} s processor {cost.passed:8.2f} s passed {cost.memory:7.0f} MiB")
    print(f"  {'in sum':28} {total:8.2f} s processor {orders / total:8.0f} invoices per second of processor time")


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("orders", type=int, nargs="*", default=[10_000])
    for orders in parser.parse_args().orders:
        measure(orders)


if __name__ == "__main__":
    main()
