"""The books that Fava's pages ask give the same answers as books that are loaded and looked through."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from o2c import reports
from o2c.books import load
from o2c.model import names
from o2c.model.chain import chain
from o2c.reports import credit_score
from o2c.reports import credit_standing
from o2c.reports import listings

if TYPE_CHECKING:
    from fava_o2c.ledger_books import LedgerBooks
    from o2c.books import Books
    from tests.fava.fava_pages import Site

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in (-20, 0, 8, 17, 30, 41, 58, 66, 75, 89, 200)]
CUSTOMERS = ("", "C0001", "C0004", "C0014", "C0019")

#: Reports over some days, which look at what is dated in them.
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
)


@pytest.fixture(scope="module")
def plain(demo: Site) -> Books:
    return load(demo.root)


@pytest.fixture(scope="module")
def fast(demo: Site) -> LedgerBooks:
    return demo.books


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("name", ["aging", "open-items", "dso", "exposure", "measures", "days-to-pay"])
def test_reports_are_equal_on_every_day(plain: Books, fast: LedgerBooks, name: str, customer: str, day: date) -> None:
    assert reports.run(name, fast, day, customer=customer) == reports.run(name, plain, day, customer=customer)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("only", ["", "open", "held", "incomplete"])
def test_orders_are_equal_on_every_day(plain: Books, fast: LedgerBooks, only: str, day: date) -> None:
    for customer in CUSTOMERS:
        mine = listings.orders(fast, day, only=only, customer=customer)
        assert mine == listings.orders(plain, day, only=only, customer=customer)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("only", ["", "open", "overdue"])
@pytest.mark.parametrize("kind", [names.INVOICE, names.CREDIT_NOTE])
def test_documents_are_equal_on_every_day(plain: Books, fast: LedgerBooks, kind: str, only: str, day: date) -> None:
    for customer in CUSTOMERS:
        mine = listings.sales_documents(fast, day, kind, only=only, customer=customer)
        assert mine == listings.sales_documents(plain, day, kind, only=only, customer=customer)


@pytest.mark.parametrize("day", DAYS)
def test_the_measures_of_a_period_need_only_the_items_that_moved_in_it(
    plain: Books, fast: LedgerBooks, day: date
) -> None:
    for name in ("measures", "days-to-pay"):
        part = fast.moving(day - timedelta(days=90), day)
        assert reports.run(name, part, day) == reports.run(name, plain, day)


@pytest.mark.parametrize("name", ["audit-trail", "approvals"])
@pytest.mark.parametrize("month", [1, 2, 3])
def test_the_audit_trail_of_a_month_needs_only_what_was_touched_in_it(
    plain: Books, fast: LedgerBooks, name: str, month: int
) -> None:
    first, last = date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1)
    mine = reports.run(name, fast.touched(first, last), last, since=first, until=last)
    assert mine == reports.run(name, plain, last, since=first, until=last)


def test_credit_and_chains_are_equal(plain: Books, fast: LedgerBooks) -> None:
    for customer in CUSTOMERS[1:]:
        for report in (credit_standing.report, credit_score.report):
            assert report(fast, DAYS[-2], customer) == report(plain, DAYS[-2], customer)
    for number in list(plain.facts.versions)[::7]:
        assert chain(fast.about(number).facts, number) == chain(plain.facts, number)


def test_what_is_kept_is_bounded(fast: LedgerBooks) -> None:
    for number in range(1000):
        assert fast.kept(("number", number), lambda number=number: number) == number
    assert len(fast._kept) <= 128


@pytest.mark.parametrize("whom", [{}, {"customer": "C0004"}, {"group": "RIVE-CLAIRE"}], ids=str)
@pytest.mark.parametrize("name", OVER_DAYS)
def test_reports_over_some_days_are_equal(plain: Books, fast: LedgerBooks, name: str, whom: dict[str, str]) -> None:
    for first, last in ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 10), date(2026, 3, 20))):
        mine = reports.run(name, fast, last, since=first, until=last, **whom)
        assert mine == reports.run(name, plain, last, since=first, until=last, **whom)


@pytest.mark.parametrize("day", DAYS[2::3])
def test_what_is_asked_of_one_day_is_equal(plain: Books, fast: LedgerBooks, day: date) -> None:
    assert fast.sales_by_day(day) == plain.sales_by_day(day)
    assert fast.posted("Assets:Bank:Hamburg", day) == plain.posted("Assets:Bank:Hamburg", day)
    assert list(fast.numbered(day)) == list(plain.numbered(day))
    assert reports.run("subsequent-receipts", fast, day) == reports.run("subsequent-receipts", plain, day)
