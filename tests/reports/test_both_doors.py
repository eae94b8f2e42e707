"""Reports through the index and over loaded books are the same, and aging is what BQL says of the accounts."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import beanquery
import pytest

from o2c import books as door
from o2c import reports
from o2c.books.index.books import IndexedBooks
from o2c.reports import aging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books

DEMO = Path(__file__).parents[2] / "ledger"
DAYS = (date(2026, 1, 31), date(2026, 2, 20), date(2026, 3, 31))
#: Reports whose rows are not those of one currency or customer, with the reason.
WHOLE = {
    "approvals": "what is approved need not be money",
    "audit-trail": "what is done need not be about money",
    "bridge-documents": "the days of a document hang on the sales of all",
    "event-log": "remarks about a customer belong to every currency",
    "waiting-times": "a median of all is no sum of medians, and some steps have no currency",
    "variants": "paths of all customers are counted together",
    "rework": "shares of all customers are counted together",
    "insights": "a rule says one sentence about all customers",
}
#: What is answered through the index without loading the books.
LIGHT = ("aging", "open-items", "exposure", "backlog", "unbilled")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doors") / "books"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns(".o2c"))
    with (folder / "manual" / "notes.beancount").open("w") as file:
        file.write(
            '2026-02-10 note Assets:AR:C0001 "x" #dispute-opened\n  subject: "INV-2026-0018"\n  reason: "price"\n'
            '2026-02-10 note Assets:AR:C0001 "x" #promise\n  subject: "INV-2026-0022"\n  promised: 2026-04-30\n'
        )
    with (folder / "main.beancount").open("a") as file:
        file.write('\ninclude "manual/notes.beancount"\n')
    return folder


@pytest.fixture(scope="module")
def loaded(root: Path) -> Books:
    books = door.load(root)
    door.note_loaded(books)
    return books


@pytest.fixture
def indexed(root: Path, loaded: Books) -> Iterator[IndexedBooks]:
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    assert loaded.root == root
    yield books
    books.connection.close()


@pytest.mark.parametrize("name", reports.REPORTS)
def test_a_report_is_the_same_through_both_doors(indexed: IndexedBooks, loaded: Books, name: str) -> None:
    options: list[dict[str, object]] = [{}, {"customer": "C0001"}, {"group": "RIVE-CLAIRE"}]
    for day in DAYS:
        for chosen in (one for one in options if one.keys() <= reports.options(name)):
            assert reports.run(name, indexed, day, **chosen) == reports.run(name, loaded, day, **chosen)
    assert name not in LIGHT or "whole" not in vars(indexed)


@pytest.mark.parametrize("method", ["simple", "average", "countback", "best-possible"])
def test_days_sales_outstanding_are_the_same_through_both_doors(
    indexed: IndexedBooks, loaded: Books, method: str
) -> None:
    for day in DAYS:
        ours, theirs = (reports.run("dso", one, day, method=method) for one in (indexed, loaded))
        assert ours == theirs
    assert method == "countback" or "whole" not in vars(indexed)


def test_the_notes_are_seen_in_the_aging(indexed: IndexedBooks) -> None:
    (total,) = [row for row in aging.report(indexed, DAYS[1]).totals if row["currency"] == "EUR"]
    assert total["disputed"]
    assert total["promised"]


@pytest.mark.parametrize("name", sorted(set(reports.REPORTS) - set(WHOLE)))
def test_the_rows_of_a_customer_or_currency_are_those_of_all(loaded: Books, name: str) -> None:
    whole = reports.run(name, loaded, DAYS[2])
    if "currency" in {column.name for column in whole.columns}:
        parts = [reports.run(name, loaded, DAYS[2], currency=currency) for currency in ("EUR", "GBP", "USD")]
        assert sorted(map(str, whole.rows)) == sorted(str(row) for part in parts for row in part.rows)
        assert whole.totals == tuple(row for part in parts for row in part.totals)
    if "customer" in {column.name for column in whole.columns}:
        only = reports.run(name, loaded, DAYS[2], customer="C0001")
        assert only.rows == tuple(row for row in whole.rows if row["customer"] == "C0001")


def test_aging_totals_are_what_bql_says_of_the_receivable_accounts_on_fifty_days(loaded: Books) -> None:
    connection = beanquery.connect("")
    connection.attach(f"beancount:{loaded.main}")
    choose = random.Random(5)  # any fifty days, the same every time
    for _ in range(50):
        day = date(2025, 12, 20) + timedelta(days=choose.randrange(110))
        query = (
            "SELECT leaf(account) AS customer, currency, sum(number) AS balance "
            f"WHERE account ~ '^(Assets:AR|Liabilities:Customer-Deposits):' AND date <= {day} "
            "GROUP BY leaf(account), currency"
        )
        theirs = {(row[0], row[1]): row[2] for row in connection.execute(query).fetchall() if row[2]}
        table = aging.report(loaded, day)
        ours = {(row["customer"], row["currency"]): row["total"] for row in table.rows if row["total"]}
        assert ours == theirs, day
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (_, currency), balance in theirs.items():
            sums[currency] += balance
        assert {row["currency"]: row["total"] for row in table.totals} == sums, day
