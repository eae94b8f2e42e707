"""Measures our pages of large books in Fava, in the process and over HTTP: `python benchmarks/pages.py FOLDER [DAY]`.

Prints a Markdown table: processor seconds and seconds passed of the first request of a month, of the second one,
seconds passed over HTTP, and the size of the answer. Of several months the least counts, so that others who use the
machine disturb little. Pages are asked for as Fava asks after a click (`partial`).
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import time
import urllib.request
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple
from urllib.parse import urlencode

from fava.application import create_app
from werkzeug.serving import make_server

from o2c import reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from flask import Flask

LINE = '\n2026-01-01 custom "fava-extension" "fava_o2c"\n'
#: So many months are asked for; each is new to the pages.
MONTHS = 3
LIMIT_SECONDS, LIMIT_BYTES = 0.5, 300_000


class Cost(NamedTuple):
    """The least cost of a request: processor seconds, seconds passed, bytes."""

    processor: float
    passed: float
    size: int


class Row(NamedTuple):
    """What a page cost: asked for the first time, again, and again over HTTP."""

    name: str
    first: Cost
    again: Cost
    http: Cost


def main() -> None:
    """Load the books once, as Fava does, and ask for every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("day", nargs="?", type=date.fromisoformat, default=date(2025, 12, 30))
    asked = parser.parse_args()
    page = asked.folder / "main.beancount"
    if "fava-extension" not in page.read_text("utf-8"):
        sys.exit(f"{page}: add the line {LINE.strip()}")
    started = time.process_time()
    app = create_app([page], load=True)
    print(f"loaded and prepared: {time.process_time() - started:.1f} s of processor time\n")
    rows = list(_measured(app, asked.day))
    print("| page | first: CPU s | wall s | again: CPU s | wall s | HTTP wall s | kB |\n|---|---|---|---|---|---|---|")
    for row in rows:
        figures = (row.first.processor, row.first.passed, row.again.processor, row.again.passed, row.http.passed)
        print(f"| {row.name} | {' | '.join(f'{one:.2f}' for one in figures)} | {row.first.size / 1000:.0f} |")
    slow = [row.name for row in rows if row.first.processor > LIMIT_SECONDS or row.first.size > LIMIT_BYTES]
    print(f"\nbeyond {LIMIT_SECONDS} s or {LIMIT_BYTES // 1000} kB: {', '.join(slow) or 'none'}")


def _measured(app: Flask, last: date) -> Iterator[Row]:
    ledgers = app.config["LEDGERS"]
    slug, client = ledgers.first_slug(), app.test_client()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    books = ledgers.ledgers[0].extensions.get_extension("O2CReceivables").shelf.books(ledgers.ledgers[0])
    for name, page, given in _pages(*_examples(books)):
        addresses = [
            f"/{slug}/extension/{page}/?{urlencode({'partial': 'true', 'time': month, **given})}"
            for month in _months(last)
        ]
        ask = lambda address: client.get(address).data  # noqa: E731 - said twice below
        fetch = lambda address: _fetched(f"http://127.0.0.1:{server.server_port}{address}")  # noqa: E731 - as above
        yield Row(name, _least(ask, addresses), _least(ask, addresses), _least(fetch, addresses))
    server.shutdown()


def _pages(customer: str, document: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give every page, with the customer and document that have most to show, and every report."""
    yield "Receivables", "O2CReceivables", {}
    yield "Customers", "O2CCustomers", {}
    yield "Customers: one", "O2CCustomers", {"code": customer}
    yield "Documents: open", "O2CDocuments", {}
    yield "Documents: all", "O2CDocuments", {"only": "all"}
    yield "Documents: one", "O2CDocuments", {"number": document}
    for only in ("open", "held", "incomplete"):
        yield f"Orders: {only}", "O2COrders", {"only": only}
    for page in ("Cash", "Credit", "Close", "Trail", "Measures", "Reports"):
        yield page, f"O2C{page}", {}
    for report in sorted(reports.REPORTS):
        yield f"Reports: {report}", "O2CReports", {"report": report}


def _examples(books: object) -> tuple[str, str]:
    slices = books.slices  # type: ignore[attr-defined]  # the books of our pages
    customer = max(slices.customers, key=lambda code: len(slices.moved(code)))
    number = next(move.doc_id for move in reversed(slices.moved(customer)) if move.doc_type == "invoice")
    return customer, number


def _months(last: date) -> list[str]:
    months = [last.year * 12 + last.month - 1 - back for back in range(MONTHS)]
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]


def _least(ask: Callable[[str], bytes], addresses: list[str]) -> Cost:
    costs = []
    for address in addresses:
        cpu, wall = time.process_time(), time.perf_counter()
        content = ask(address)
        costs.append(Cost(time.process_time() - cpu, time.perf_counter() - wall, len(content)))
    return Cost(min(one.processor for one in costs), min(one.passed for one in costs), max(one.size for one in costs))


def _fetched(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        content: bytes = answer.read()
    return content


if __name__ == "__main__":
    main()
