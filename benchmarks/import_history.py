"""How long moving in takes, in whole processes into empty books: a history, a list of open items, invoices with lines.

The real sets are read where they lie beside the checkout; else, and with `--made`, files of the same sizes are made.
Run it: `python benchmarks/import_history.py [--made]`. Aims: history 10 s; invoices with lines 90 s and 1,500 MiB.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from datetime import date
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from measuring import o2c
from measuring import run

from o2c.starting import start_empty

REAL = Path(__file__).parents[1].parent / "shared" / "data"
START = date(2012, 1, 2)


class Case(NamedTuple):
    """One import: what it is called, its arguments, and the real file below the data."""

    name: str
    arguments: tuple[str, ...]
    file: str


CASES = (
    Case(
        "history",
        ("history", "--profile", "ibm-history", "--currency", "USD"),
        "ar-histories/ibm-late-payments-391-406-770/late_payments_391_406_770.csv",
    ),
    Case(
        "open items",
        ("open-items", "--profile", "open-items"),
        "ar-histories/highradius-open-b/open_items_b.csv.gz",
    ),
    Case(
        "invoices with lines",
        ("history", "--profile", "online-retail"),
        "orders/uci-online-retail-2010-2011-first240k/online_retail_2010_12_to_2011_06.csv.gz",
    ),
)


def history_rows(chance: random.Random) -> list[tuple[str, ...]]:
    """Make 1,683 invoices of 68 customers, all settled, a fifth disputed."""
    rows: list[tuple[str, ...]] = [
        ("customerID", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount", "Disputed", "SettledDate"),
    ]
    for number in range(1683):
        day = START + timedelta(days=chance.randrange(700))
        dates = (_american(day + timedelta(days=days)) for days in (0, 30, chance.randrange(1, 60)))
        invoiced, due, settled = dates
        customer, amount = f"{chance.randrange(68):04d}-MADE", f"{chance.randrange(800, 12_800) / 100:.2f}"
        disputed = chance.choice(("Yes", "No", "No", "No", "No"))
        rows.append((customer, f"{number:010d}", invoiced, due, amount, disputed, settled))
    return rows


def open_item_rows(chance: random.Random) -> list[tuple[str, ...]]:
    """Make 9,700 open items of 664 customers in two currencies."""
    rows: list[tuple[str, ...]] = [
        ("doc_id", "cust_number", "name_customer", "posting_date", "due_date", "terms", "amount", "currency"),
    ]
    for number in range(9_700):
        customer, day = chance.randrange(664), START + timedelta(days=chance.randrange(90))
        amount, currency = f"{chance.randrange(1_000, 9_000_000) / 100:.2f}", "CAD" if customer % 13 == 0 else "USD"
        due = str(day + timedelta(days=15))
        rows.append(
            (
                str(1_930_000_000 + number),
                f"{customer:010d}",
                f"MADE {customer}",
                str(day),
                due,
                "NAA8",
                amount,
                currency,
            )
        )
    return rows


def retail_rows(chance: random.Random) -> list[tuple[str, ...]]:
    """Make 12,468 documents with 240,007 lines, every sixth document a cancellation."""
    rows: list[tuple[str, ...]] = [
        ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
    ]
    for number in range(12_468):
        day = f"{START + timedelta(days=number // 60)} 10:00:00"
        cancels = number % 6 == 5
        customer = "" if number % 4 == 0 else str(12_346 + chance.randrange(2_974))
        for _ in range(20 if number < 3_115 else 19):
            article, quantity = chance.randrange(3_000), chance.randrange(1, 48)
            written = (f"C{536_365 + number}", -quantity) if cancels else (str(536_365 + number), quantity)
            price = f"{chance.randrange(19, 1_500) / 100:.2f}"
            text = f"MADE ARTICLE NUMBER {article}"
            rows.append((written[0], str(article), text, str(written[1]), day, price, customer, "United Kingdom"))
    return rows


MADE = {"history": history_rows, "open items": open_item_rows, "invoices with lines": retail_rows}


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _file(case: Case, place: Path, *, made: bool) -> Path:
    """Give the file to import: the real one, or one that is made."""
    real = REAL / case.file
    if real.is_file() and not made:
        return real
    path = place / f"{case.name.replace(' ', '-')}.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(MADE[case.name](random.Random(2026)))
    return path


def measure(case: Case, *, made: bool) -> None:
    """Import one file into new books and print what the whole process cost, then what importing it again costs."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        file, books = _file(case, place, made=made), place / "books"
        start_empty(books)
        command, *options = case.arguments
        for times in ("", "again"):
            cost = run(o2c(str(books), "import", command, str(file), *options))
            spent = f"{cost.passed:7.1f} s, {cost.processor:7.1f} s of processor, {cost.memory:6.0f} MiB"
            print(f"{case.name:<20} {times:<6} {spent}")


def main() -> None:
    """Measure every case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--made", action="store_true", help="make the files, even where the real ones are there")
    made = parser.parse_args().made
    for case in CASES:
        measure(case, made=made)


if __name__ == "__main__":
    main()
