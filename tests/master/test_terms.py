"""Due dates and instalments, against vectors of other systems and against plain calendar reasoning."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.master.terms import TermPart
from o2c.master.terms import Terms
from o2c.master.terms import instalments

FIRST, LAST = date(1999, 1, 1), date(2101, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (Terms("a", ""), days("2019-01-01", "2019-01-15", "2019-01-31")),
        (Terms("b", "", end_of_month=True, extra_days=45), days("2019-03-17", "2019-03-17", "2019-03-17")),
        (Terms("c", "", net_days=31, fixed_day=15), days("2019-02-15", "2019-02-15", "2019-03-15")),
        (Terms("d", "", end_of_month=True), days("2019-01-31", "2019-01-31", "2019-01-31")),
        (Terms("e", "", end_of_month=True, extra_days=1), days("2019-02-01", "2019-02-01", "2019-02-01")),
    ],
)
def test_due_dates_are_those_of_peer_scenario_term_03(terms: Terms, due: list[date]) -> None:
    invoiced = days("2019-01-01", "2019-01-15", "2019-01-31")

    assert [terms.due_dates(day) for day in invoiced] == [((day, Decimal(100)),) for day in due]


def test_two_halves_are_those_of_peer_scenario_inv_01() -> None:
    halves = Terms("h", "", instalments=(TermPart(Decimal(50), 20), TermPart(Decimal(50), 40)))

    parts = instalments(halves, date(2026, 1, 1), Decimal("240.00"), "EUR")

    assert [(part.due, part.amount) for part in parts] == [
        (date(2026, 1, 21), Decimal("120.00")),
        (date(2026, 2, 10), Decimal("120.00")),
    ]


def test_three_parts_are_those_of_peer_scenario_ar_01() -> None:
    parts = tuple(TermPart(Decimal(percent), net) for percent, net in ((30, 30), (50, 60), (20, 90)))

    found = instalments(Terms("x", "", instalments=parts), date(2026, 1, 1), Decimal("100.00"), "EUR")

    assert [str(part.amount) for part in found] == ["30.00", "50.00", "20.00"]
    assert [part.due for part in found] == days("2026-01-31", "2026-03-02", "2026-04-01")


def test_end_of_month_is_the_day_before_the_next_first_on_every_day_of_a_century() -> None:
    end_of_month = TermPart(end_of_month=True)
    for day in EVERY_DAY:
        due = end_of_month.due(day)
        assert (due.year, due.month) == (day.year, day.month)
        assert (due + timedelta(days=1)).day == 1


@pytest.mark.parametrize("number", [1, 15, 28, 29, 30, 31])
def test_a_fixed_day_is_the_first_such_day_at_or_after_on_every_day_of_a_century(number: int) -> None:
    # Walking backwards: a day with the number, or the end of a month too short for it, is due for the days before it.
    part, due = TermPart(fixed_day=number), {}
    nearest = None
    for day, following in pairwise(reversed([*EVERY_DAY, LAST + timedelta(days=1)])):
        if following.day == number or (following.day < number and day.day == 1):
            nearest = following
        due[following] = nearest
    assert sum(expected is not None for expected in due.values()) > 37_000
    assert all(part.due(day) == expected for day, expected in due.items() if expected is not None)


@pytest.mark.parametrize(
    ("invoiced", "due"),
    [
        ("2024-01-30", "2024-02-29"),
        ("2023-01-30", "2023-03-31"),
        ("1999-12-31", "2000-01-31"),
        ("2100-01-29", "2100-02-28"),
    ],
)
def test_net_30_to_the_end_of_the_month_minds_leap_years(invoiced: str, due: str) -> None:
    assert TermPart(net_days=30, end_of_month=True).due(date.fromisoformat(invoiced)) == date.fromisoformat(due)


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
    st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_instalments_sum_to_the_total(weights: list[int], total: Decimal, currency: str) -> None:
    parts = tuple(TermPart(Decimal(weight), weight) for weight in weights)

    found = instalments(Terms("x", "", instalments=parts), date(2026, 1, 1), total, currency)

    assert sum(part.amount for part in found) == total
    assert len(found) == len(weights)
