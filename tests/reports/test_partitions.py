"""What holds for every book: parts sum to the whole, and later entries change nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import reports
from o2c.reports import measures
from o2c.reports import sales
from o2c.reports.payments import payments
from o2c.reports.payments import weighed
from o2c.reports.selection import select
from o2c.reports.sold import by_day
from o2c.reports.span import Span
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.reports.selection import Selection
    from tests.reports.entries import Make

START = date(2026, 1, 1)
END = START + timedelta(days=149)
PERIODIC = ("dso", "measures", "days-to-pay", "sales", "cash-application", "credit-note-reasons", "dispute-reasons")


class Case(NamedTuple):
    """An invoice and what happened to it, in days after the start."""

    day: int
    cents: int
    customer: str
    terms: int
    paid: int
    on_account: bool
    back: int
    credited: int
    lost: int
    disputed: bool

    def text(self, number: int, before: int) -> str:
        """Write what is dated before a day."""
        return "".join(text for day, text in self._dated(number) if day < before)

    def _dated(self, number: int) -> list[tuple[int, str]]:
        item, whole = f"INV-{number}", Decimal(self.cents).scaleb(-2)
        quarter = str((whole / 4).quantize(Decimal("0.01")) or Decimal("0.01"))
        when = lambda day: str(START + timedelta(days=day))  # noqa: E731 - said six times below
        made = [
            (
                self.day,
                entries.sold(item, when(self.day), str(whole), due=when(self.day + self.terms), customer=self.customer),
            )
        ]
        money = self.day + self.paid
        if self.on_account:
            made.append((money, entries.paid(f"RC-{number}", when(money), quarter, customer=self.customer)))
            use = entries.allocated(f"AL-{number}", when(money + 5), quarter, f"RC-{number}", item, self.customer)
            made.append((money + 5, use))
        else:
            made.append((money, entries.paid(f"RC-{number}", when(money), quarter, item, customer=self.customer)))
            if self.back and self.customer == "C1":
                back = entries.bounced(f"RV-{number}", when(money + self.back), quarter, f"RC-{number}", item)
                made.append((money + self.back, back))
        if self.credited:
            day = self.day + self.credited
            made.append(
                (day, entries.credited(f"CN-{number}", when(day), quarter, item, reason="x", customer=self.customer))
            )
        if self.lost and self.customer == "C1":
            made.append(
                (self.day + self.lost, entries.written_off(f"WO-{number}", when(self.day + self.lost), quarter, item))
            )
        if self.disputed:
            made.append((self.day + 3, entries.noted("dispute-opened", when(self.day + 3), item, self.customer)))
        return made


CASES = st.lists(
    st.builds(
        Case,
        st.integers(0, 120),
        st.integers(100, 10**6),
        st.sampled_from(["C1", "C2", "C3"]),
        st.integers(0, 40),
        st.integers(0, 60),
        st.booleans(),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 30),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
FEW = settings(max_examples=25)


def ledger(cases: list[Case], before: int = 10_000) -> str:
    return "".join(case.text(number, before) for number, case in enumerate(cases))


def thirds() -> list[Span]:
    return [Span(START + timedelta(days=50 * n), START + timedelta(days=50 * n + 49)) for n in range(3)]


def sums_of(chosen: Selection, period: Span) -> tuple[Decimal, ...]:
    paid = weighed(payments(chosen, period))
    one = measures.inputs(chosen, period).get("EUR", measures.Inputs())
    return (paid.amount, paid.money_days, paid.terms_days, paid.late, one.sales, one.lost)


@FEW
@given(CASES)
def test_the_sums_of_the_parts_of_a_period_are_those_of_the_whole(books: Make, cases: list[Case]) -> None:
    chosen = select(books(ledger(cases)))
    parts = [sums_of(chosen, part) for part in thirds()]
    assert tuple(map(sum, zip(*parts, strict=True))) == sums_of(chosen, Span(START, END))


@FEW
@given(CASES)
def test_the_sums_of_the_customers_are_those_of_all(books: Make, cases: list[Case]) -> None:
    made, period = books(ledger(cases)), Span(START, END)
    parts = [sums_of(select(made, code), period) for code in sorted({case.customer for case in cases})]
    assert tuple(map(sum, zip(*parts, strict=True))) == sums_of(select(made), period)


@FEW
@given(CASES, st.integers(0, 150))
def test_what_is_dated_later_changes_no_report(books: Make, cases: list[Case], offset: int) -> None:
    day = START + timedelta(days=offset)
    before, after = books(ledger(cases, offset + 1)), books(ledger(cases))
    for name in (*PERIODIC, "aging", "statement"):
        assert reports.run(name, after, day) == reports.run(name, before, day), name
    assert reports.run("dso", after, day, method="countback") == reports.run("dso", before, day, method="countback")


@FEW
@given(CASES, st.integers(0, 149), st.integers(0, 149))
def test_sales_by_day_and_by_month_are_the_sales(books: Make, cases: list[Case], one: int, other: int) -> None:
    first, last = START + timedelta(days=min(one, other)), START + timedelta(days=max(one, other))
    chosen = select(books(ledger(cases)))
    truth = chosen.sales(first - timedelta(days=1), last).get("EUR", Decimal(0))
    days = by_day(chosen, last).get("EUR", {})
    assert sum(amount for day, amount in days.items() if day >= first) == truth
    months = sales.report(chosen.books, last, since=first)
    assert sum(Decimal(str(row["sales"])) for row in months.rows) == truth


@FEW
@given(CASES, st.integers(0, 150))
def test_the_last_balance_of_a_statement_is_the_total_of_the_aging(books: Make, cases: list[Case], offset: int) -> None:
    made, day = books(ledger(cases)), START + timedelta(days=offset)
    owed = {row["customer"]: row["total"] for row in reports.run("aging", made, day).rows}
    for options in ({}, {"since": START + timedelta(days=offset // 2)}):
        last: dict[object, object] = defaultdict(Decimal)
        for row in reports.run("statement", made, day, **options).rows:
            last[row["customer"]] = row["balance"]
        assert {code: balance for code, balance in last.items() if balance} == {
            code: total for code, total in owed.items() if total
        }
