"""Counting back: the vectors of the definitions, and what a walk must never do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.reports.countback import Counted
from o2c.reports.countback import Period
from o2c.reports.countback import countback
from o2c.reports.ratios import rounded

SALES = (Decimal(100_000), Decimal(80_000), Decimal(70_000))


def months(*days: int) -> list[Period]:
    return [Period(*pair) for pair in zip(days, SALES, strict=True)]


@pytest.mark.parametrize(("days", "dso"), [((30, 30, 30), "73.71"), ((30, 31, 30), "74.71")])
def test_the_vectors_of_the_definitions(days: tuple[int, ...], dso: str) -> None:
    counted = countback(Decimal(212_000), months(*days))
    assert rounded(counted.days) == Decimal(dso)
    assert (counted.whole, counted.sales, counted.is_exhausted) == (sum(days), 250_000, False)


def test_what_ends_exactly_with_a_period_counts_whole_periods_only() -> None:
    assert countback(Decimal(180_000), months(30, 31, 30)) == Counted(Decimal(61), 61, Decimal(180_000), False)


@pytest.mark.parametrize("receivables", ["0", "-5"])
def test_nothing_owed_is_no_days(receivables: str) -> None:
    assert countback(Decimal(receivables), months(30, 30, 30)).days == 0


def test_a_period_with_more_credits_than_sales_counts_its_days_and_adds_them_back() -> None:
    walk = [Period(30, Decimal(100)), Period(31, Decimal(-20)), Period(30, Decimal(60))]
    counted = countback(Decimal(110), walk)  # 110 - 100 = 10; 10 + 20 = 30; 30 / 60 of 30 days
    assert (counted.days, counted.whole, counted.sales) == (76, 91, 140)


def test_a_history_that_ends_first_says_so() -> None:
    assert countback(Decimal(250_001), months(30, 31, 30)) == Counted(Decimal(91), 91, Decimal(250_000), True)
    assert countback(Decimal(1), []) == Counted(Decimal(0), 0, Decimal(0), True)


_PERIODS = st.lists(st.builds(Period, st.integers(1, 31), st.integers(-50, 100).map(Decimal)), max_size=12)


@given(st.integers(1, 500).map(Decimal), _PERIODS)
def test_the_walk_lies_within_the_periods_it_looked_at(receivables: Decimal, periods: list[Period]) -> None:
    counted = countback(receivables, periods)
    looked_at = next(n for n in range(len(periods) + 1) if sum(one.days for one in periods[:n]) == counted.whole)
    assert counted.sales == sum(one.sales for one in periods[:looked_at])
    if counted.is_exhausted:
        assert (looked_at, counted.days) == (len(periods), counted.whole)
    else:
        last = periods[looked_at - 1]
        assert counted.whole - last.days < counted.days <= counted.whole
        assert counted.sales >= receivables > counted.sales - last.sales


@given(st.integers(1, 300).map(Decimal), st.integers(1, 100).map(Decimal), _PERIODS)
def test_more_receivables_never_count_fewer_days(receivables: Decimal, more: Decimal, periods: list[Period]) -> None:
    assert countback(receivables, periods).days <= countback(receivables + more, periods).days
