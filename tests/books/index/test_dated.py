"""Reports over some days read these days out of the index, and show what they show of books loaded whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Transaction

from o2c import books as door
from o2c import reports
from o2c.books.index.books import IndexedBooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books

#: Reports over some days that need not load the books.
OVER_DAYS = (
    "sales",
    "tax",
    "roll-forward",
    "movements",
    "approvals",
    "audit-trail",
    "measures",
    "days-to-pay",
    "cash-application",
    "credit-note-reasons",
    "statement",
    "dispute-reasons",
    "numbering",
)
DAYS = [
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 10), date(2026, 3, 20)),
    (date(2026, 3, 31), date(2026, 3, 31)),
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2025, 1, 1), date(2025, 2, 1)),
]
WHOM: list[dict[str, str]] = [{}, {"customer": "C0019"}, {"group": "RIVE-CLAIRE"},
                              {"currency": "GBP"}]  # fmt: skip


@pytest.fixture(scope="module")
def both(indexed: Path) -> Iterator[tuple[IndexedBooks, Books]]:
    """The books through their index, and loaded."""
    books = door.opened(indexed)
    assert isinstance(books, IndexedBooks)
    yield books, door.load(indexed)
    books.connection.close()


@pytest.mark.parametrize("whom", WHOM, ids=lambda whom: " ".join(whom.values()) or "all")
@pytest.mark.parametrize("name", OVER_DAYS)
def test_a_report_over_some_days_is_that_of_loaded_books(
    both: tuple[IndexedBooks, Books], name: str, whom: dict[str, str]
) -> None:
    if not whom.keys() <= reports.options(name):
        pytest.skip("a report of all")
    for first, last in DAYS:
        ours, theirs = (reports.run(name, one, last, since=first, until=last, **whom) for one in both)
        assert ours == theirs, (first, last)
    assert "whole" not in vars(both[0])


@pytest.mark.parametrize("whom", WHOM, ids=lambda whom: " ".join(whom.values()) or "all")
@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)])
def test_countback_and_subsequent_receipts_are_those_of_loaded_books(
    both: tuple[IndexedBooks, Books], day: date, whom: dict[str, str]
) -> None:
    for name, given in (("dso", {"method": "countback"}), ("subsequent-receipts", {})):
        ours, theirs = (reports.run(name, one, day, **given, **whom) for one in both)
        assert ours == theirs, name
    assert "whole" not in vars(both[0])


def test_movements_as_carried_read_all_movements_of_their_items(both: tuple[IndexedBooks, Books]) -> None:
    for first, last in DAYS:
        ours, theirs = (reports.run("movements", one, last, since=first, valued=True) for one in both)
        assert ours == theirs


def test_what_was_posted_on_any_account_is_found_in_the_text(both: tuple[IndexedBooks, Books]) -> None:
    books, loaded = both
    accounts = {one.account for entry in loaded.booked if isinstance(entry, Transaction) for one in entry.postings}
    for account in [*sorted(accounts)[::9], "Assets:No:Such"]:
        for day in (date(2026, 2, 14), date(2026, 12, 31)):
            assert books.posted(account, day) == loaded.posted(account, day), account
    assert "whole" not in vars(books)


def test_money_that_nobody_can_name_is_in_the_cash_application(root: Path) -> None:
    account = door.load(root).master.company.accounts.unidentified
    page = root / "journal" / "2026-03.beancount"
    entry = f'\n2026-03-30 * "Bank" "who is it"\n  Assets:Bank:Hamburg  71.00 EUR\n  {account}\n'
    page.write_text(page.read_text("utf-8") + entry, "utf-8")
    books, loaded = door.opened(root), door.load(root)
    day = date(2026, 3, 31)
    ours, theirs = (reports.run("cash-application", one, day) for one in (books, loaded))
    assert ours == theirs
    assert [str(row["unidentified"]) for row in ours.rows if row["currency"] == "EUR"] == ["71.00"]


def test_an_entry_that_lacks_an_amount_beside_a_lot_loads_the_books_whole(root: Path) -> None:
    page = root / "journal" / "2026-03.beancount"
    bought = '\n2026-03-30 * "Broker" "shares"\n  Assets:Shares  3 ACME {1.00 EUR}\n  Assets:Bank:Hamburg\n'
    opened = "\n2026-01-01 open Assets:Shares\n"
    page.write_text(page.read_text("utf-8") + opened + bought, "utf-8")
    books, loaded = door.opened(root), door.load(root)
    assert books.posted("Assets:Bank:Hamburg", date.max) == loaded.posted("Assets:Bank:Hamburg", date.max)
