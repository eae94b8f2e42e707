from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from o2c.model.losses import BUCKETS
from o2c.model.losses import Life
from o2c.model.losses import Reached
from o2c.model.losses import Step
from o2c.model.losses import allowance
from o2c.model.losses import bucket
from o2c.model.losses import roll

D = Decimal
DUE = date(2026, 1, 31)


def paid(amount: str, late: int) -> Step:
    return Step(DUE + timedelta(days=late), D(amount), is_lost=False)


def lost(amount: str, late: int) -> Step:
    return Step(DUE + timedelta(days=late), D(amount), is_lost=True)


def test_loss_rates_follow_what_reached_each_bucket() -> None:
    """Vector 1 of definitions 11: 3 %, 3/80, 3/45, 3/15."""
    sales = Life(DUE, D(100), (paid("20", 0), paid("35", 20), paid("30", 45), paid("12", 120), lost("3", 200)))
    found = roll([sales])
    assert {name: (one.lost, one.reached) for name, one in found.items()} == {
        "current": (D(3), D(100)),
        "d1_30": (D(3), D(80)),
        "d31_60": (D(3), D(45)),
        "d61_90": (D(3), D(15)),
        "d91_plus": (D(3), D(15)),
    }
    rates = [found[name].rate for name in ("current", "d1_30", "d31_60", "d91_plus")]
    assert [round(rate * 100, 2) for rate in rates if rate is not None] == [D(3), D("3.75"), D("6.67"), D(20)]


def test_the_matrix_gives_the_allowance_to_the_cent() -> None:
    """Vector 2 of definitions 11 (IFRS 9, IE74-77): 580 000."""
    bases = dict(zip(BUCKETS, map(D, ("15000000", "7500000", "4000000", "2500000", "1000000")), strict=True))
    rates = dict(zip(BUCKETS, map(D, ("0.003", "0.016", "0.036", "0.066", "0.106")), strict=True))
    assert allowance(bases, rates, D(1), (), "EUR") == D("580000.00")
    assert allowance(bases, rates, D("1.1"), [D("250.005")], "EUR") == D("638250.01")


def test_the_sum_is_rounded_once_and_not_by_bucket() -> None:
    bases = {"current": D("0.50"), "d1_30": D("0.50"), "d31_60": D("0.50")}
    assert allowance(bases, dict.fromkeys(bases, D("0.01")), D(1), (), "EUR") == D("0.02")


def test_what_was_lost_early_counts_only_for_buckets_that_it_reached() -> None:
    found = roll([Life(DUE, D(100), (lost("40", 10), paid("60", 70)))])
    assert [found[name].lost for name in BUCKETS] == [D(40), D(40), D(0), D(0), D(0)]
    assert [found[name].reached for name in BUCKETS] == [D(100), D(100), D(60), D(60), D(0)]
    assert found["d91_plus"].rate is None


def test_a_write_off_taken_back_is_no_loss() -> None:
    found = roll([Life(DUE, D(100), (lost("100", 40), lost("-100", 50), paid("100", 80)))])
    assert {one.lost for one in found.values()} == {D(0)}


def test_a_bucket_begins_on_the_day_the_aging_report_says() -> None:
    assert [bucket(days) for days in (0, 1, 30, 31, 60, 61, 90, 91)] == [
        "current", "d1_30", "d1_30", "d31_60", "d31_60", "d61_90", "d61_90", "d91_plus",
    ]  # fmt: skip
    assert roll([Life(DUE, D(9), (paid("9", 1),))])["d1_30"] == Reached()
    assert roll([Life(DUE, D(9), (paid("9", 2),))])["d1_30"] == Reached(D(9), D(0), 1)


steps = st.lists(st.tuples(st.integers(-20, 200), st.booleans()), min_size=1, max_size=5)


@given(st.lists(steps, min_size=1, max_size=8))
def test_no_loss_rate_is_below_zero_or_above_one(lives: list[list[tuple[int, bool]]]) -> None:
    items = [
        Life(DUE, D(10 * len(life)), tuple(Step(DUE + timedelta(days=day), D(10), gone) for day, gone in life))
        for life in lives
    ]
    found = roll(items)
    amounts = [found[name].reached for name in BUCKETS]
    assert all(one.rate is None or 0 <= one.rate <= 1 for one in found.values())
    assert amounts == sorted(amounts, reverse=True)
