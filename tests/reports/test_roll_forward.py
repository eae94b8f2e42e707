"""Roll-forward: its parts make up the difference, to the cent, and its ends are what BQL says of the same books."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beanquery.query import run_query
from hypothesis import given
from hypothesis import strategies as st

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.receipts import Payment
from o2c.cash.receipts import receipt
from o2c.cash.refunds import refund
from o2c.cash.reversals import reverse
from o2c.cash.unallocations import unallocate
from o2c.cash.write_offs import write_off
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.reports import movements
from o2c.reports import roll_forward
from tests.cash.shop import Shop
from tests.cash.shop import dollar_invoice
from tests.cash.shop import invoice
from tests.cash.shop import load_master

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.master import Master
    from o2c.reports.table import Row

D = Decimal
MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}
LEDGER = (
    invoice("INV-1", "119.00")
    + invoice("INV-2", "238.00", day="2026-03-03", customer="C2")
    + dollar_invoice("INV-3", "1000.00", "900.00", day="2026-02-10")
    + dollar_invoice("INV-4", "333.33", "299.99", day="2026-03-04")
    + "".join(f"2026-03-{day:02d} price USD 0.{80 + day} EUR\n" for day in range(1, 31))
)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Master:
    return load_master(tmp_path_factory.mktemp("company"))


def only(books: Books, day: date, **options: object) -> Row:
    (row,) = roll_forward.report(books, day, **options).rows
    return row


def moved(row: Row) -> dict[str, Decimal]:
    return {part: row[part] for part in roll_forward.PARTS if row[part]}


def test_each_kind_of_document_has_its_column(company: Master) -> None:
    shop = Shop(company, LEDGER)
    shop.do(receipt, Payment("C1", D("150.00"), "EUR"), on="2026-03-05")
    shop.do(allocate, "RC-2026-0001", "INV-1", Asked(D("100.00")), on="2026-03-06")
    shop.do(refund, "RC-2026-0001", Asked(D("20.00")), on="2026-03-07")
    shop.do(write_off, "INV-1", Asked(D("19.00")), "small", on="2026-03-08")
    row = only(shop.books, date(2026, 4, 9), customer="C1", **MARCH)
    assert moved(row) == {"opening": 119, "receipts": -150, "refunds": 20, "write_offs": -19, "closing": -30}


def test_a_reversal_counts_where_its_document_does(company: Master) -> None:
    shop = Shop(company, LEDGER)
    shop.do(receipt, Payment("C1", D("50.00"), "EUR"), on="2026-02-20")
    shop.do(reverse, "RC-2026-0001", on="2026-03-02")
    row = only(shop.books, date(2026, 3, 31), customer="C1")
    assert moved(row) == {"opening": 69, "receipts": 50, "closing": 119}


def test_exchange_differences_stand_apart_in_the_currency_of_the_books(company: Master) -> None:
    """Definitions 10: USD 1000 at 0.90; 600 paid at 0.93 gain 18, 400 at 0.89 lose 4."""
    prices = "2026-03-01 price USD 0.93 EUR\n2026-03-10 price USD 0.89 EUR\n"
    shop = Shop(company, dollar_invoice("INV-1", "1000.00", "900.00") + prices)
    shop.do(receipt, Payment("US1", D("600.00"), "USD"), on="2026-03-05")
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-03-06")
    valued = only(shop.books, date(2026, 3, 7), valued=True)
    assert moved(valued) == {"opening": 900, "receipts": -558, "fx": 18, "closing": 360}
    assert (valued["item_currency"], valued["currency"]) == ("USD", "EUR")
    plain = only(shop.books, date(2026, 3, 7))
    assert moved(plain) == {"opening": 1000, "receipts": -600, "closing": 400}
    assert shop.carrying("INV-1") == D("360.00")


def test_entries_by_hand_are_other(books: Callable[[str], Books]) -> None:
    made = books("""
2026-03-02 * "By hand" "No document"
  Assets:AR:C9  10.00 EUR
    item: "X"
  Income:Sales
""")
    assert moved(only(made, date(2026, 3, 5))) == {"other": 10, "closing": 10}
    (row,) = movements.report(made, date(2026, 3, 5)).rows
    assert (row["doc_type"], row["column"], row["source"]) == ("by hand", "other", "<string>:2")


def test_a_customer_who_was_settled_before_is_left_out(company: Master) -> None:
    shop = Shop(company, LEDGER)
    shop.do(receipt, Payment("C1", D("119.00"), "EUR"), on="2026-02-20")
    shop.do(allocate, "RC-2026-0001", "INV-1", on="2026-02-20")
    customers = {row["customer"] for row in roll_forward.report(shop.books, date(2026, 3, 31)).rows}
    assert customers == {"C2", "US1"}


def test_days_turned_round_are_refused(books: Callable[[str], Books]) -> None:
    with pytest.raises(WrongUsage, match="2026-03-02"):
        roll_forward.report(books(""), date(2026, 3, 1), since=date(2026, 3, 2))


# ---- random books ----------------------------------------------------------------------------------------------------

cents = st.integers(1, 40_000).map(lambda number: D(number).scaleb(-2))
payments = st.tuples(st.sampled_from([("C1", "EUR"), ("C2", "EUR"), ("US1", "USD")]), cents)
receipts = st.integers(1, 5).map(lambda number: f"RC-2026-{number:04d}")
invoices = st.sampled_from(["INV-1", "INV-2", "INV-3", "INV-4"])
STEPS = st.one_of(
    st.tuples(st.just(receipt), payments.map(lambda one: (Payment(one[0][0], one[1], one[0][1]),))),
    st.tuples(st.just(allocate), st.tuples(receipts, invoices, st.none() | cents.map(Asked))),
    st.tuples(st.just(unallocate), st.tuples(st.sampled_from(["AL-2026-0001", "AL-2026-0002"]))),
    st.tuples(st.just(refund), st.tuples(receipts, cents.map(Asked))),
    st.tuples(st.just(write_off), st.tuples(invoices, cents.map(Asked), st.just("small"))),
    st.tuples(st.just(reverse), st.tuples(st.one_of(receipts, st.just("WO-2026-0001"), st.just("RF-2026-0001")))),
)
#: Steps with the days that pass before each.
STORIES = st.lists(st.tuples(STEPS, st.integers(0, 3)), min_size=2, max_size=8)


def told(company: Master, story: list) -> Shop:
    """Let a story happen from the fifth of March on; what cannot be done is left out."""
    shop, day = Shop(company, LEDGER), date(2026, 3, 5)
    shop.do(receipt, Payment("US1", D("700.00"), "USD"), on=str(day))
    shop.do(allocate, "RC-2026-0001", "INV-3", Asked(D("123.45")), on=str(day))
    for (verb, words), later in story:
        day += timedelta(days=later)
        try:
            shop.do(verb, *words, on=str(day))
        except Refused:
            continue
    return shop


def bql(books: Books, day: date, what: str) -> dict[tuple[str, str], Decimal]:
    """Sum the accounts of customers by another program, by customer and currency of the items."""
    query = (
        f"SELECT leaf(account) AS customer, currency, sum({what}) AS total WHERE date <= {day} AND "
        "(account ~ '^Assets:AR:' OR account ~ '^Liabilities:Customer-Deposits:') GROUP BY customer, currency"
    )
    _, rows = run_query(books.entries, books.options, query)
    return {(row[0], row[1]): row[2] for row in rows if row[2]}


def require_bql(books: Books, since: date, until: date, *, valued: bool) -> None:
    what = "number(cost(position))" if valued else "number"
    table = roll_forward.report(books, until, since=since, until=until, valued=valued)
    for row in table.rows:
        assert sum(row[part] for part in roll_forward.PARTS[:-1]) == row["closing"]
    for part, day in (("opening", since - timedelta(days=1)), ("closing", until)):
        item_currency = "item_currency" if valued else "currency"
        found = {(row["customer"], row[item_currency]): row[part] for row in table.rows if row[part]}
        assert found == bql(books, day, what)


def require_movements(books: Books, since: date, until: date, middle: date, *, valued: bool) -> None:
    """Prove that movements make up each column, and that two parts of a period make up the whole."""
    listed = movements.report(books, until, since=since, until=until, valued=valued).rows
    parts = [
        roll_forward.report(books, last, since=first, until=last, valued=valued).rows
        for first, last in ((since, middle), (middle + timedelta(days=1), until))
    ]
    for row in roll_forward.report(books, until, since=since, until=until, valued=valued).rows:
        own = (row["customer"], row["currency"])
        mine = [one for one in listed if (one["customer"], one["currency"]) == own]
        for part in roll_forward.PARTS[1:-1]:
            amounts = [one["amount"] for one in mine if one["column"] == part]
            fx = [one["fx"] for one in mine] if part == "fx" else []
            assert sum([*amounts, *fx], D(0)) == row[part]
            both = [one[part] for rows in parts for one in rows if (one["customer"], one["currency"]) == own]
            assert sum(both, D(0)) == row[part]


@given(story=STORIES, first=st.integers(0, 40), length=st.integers(1, 30))
def test_the_parts_sum_to_the_difference_and_both_ends_are_those_of_bql(
    company: Master, story: list, first: int, length: int
) -> None:
    books = told(company, story).books
    since = date(2026, 2, 25) + timedelta(days=first)
    until = since + timedelta(days=length)
    for valued in (False, True):
        require_bql(books, since, until, valued=valued)
        require_movements(books, since, until, since + timedelta(days=length // 2), valued=valued)


def test_fx_in_the_property_tests_really_happens(company: Master) -> None:
    books = told(company, []).books
    rows = roll_forward.report(books, date(2026, 3, 31), valued=True).rows
    assert any(row["fx"] for row in rows)
