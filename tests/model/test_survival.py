"""The product limit: textbook figures, competing ends, late entry, and what holds for every sample."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.model.survival import ONE
from o2c.model.survival import ZERO
from o2c.model.survival import Curve
from o2c.model.survival import Tally

#: Freireich et al. (1963), the sample of every textbook: weeks in remission with 6-MP; a plus sign is censored.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
SURVIVAL = {6: "0.857", 7: "0.807", 10: "0.753", 13: "0.690", 16: "0.627", 22: "0.538", 23: "0.448"}


def seen(sample: str) -> Tally:
    tally = Tally()
    for word in sample.split():
        tally.watch(0, int(word.strip("+")), ONE, is_paid=not word.endswith("+"))
    return tally


def near(found: Decimal, wanted: Decimal | str, places: str = "0.001") -> bool:
    return abs(found - Decimal(wanted)) < Decimal(places)


def test_the_sample_of_the_textbooks_gives_its_published_survival() -> None:
    curve = Curve(seen(REMISSION))
    assert [step.day for step in curve.steps] == list(SURVIVAL)
    for day, share in SURVIVAL.items():
        assert near(curve.survival(day), share, "0.0006"), day
    assert curve.survival(5) == 1


def test_the_variance_of_the_textbooks_is_greenwoods() -> None:
    chances = Curve(seen(REMISSION)).chances(-1, [6, 10])
    assert near(chances.variance[0].sqrt(), "0.0764", "0.0001")  # standard error at week 6
    both = Curve(seen(REMISSION)).chances(-1, [10])
    assert near(both.variance[0].sqrt(), "0.0963", "0.0001")  # at week 10


def test_what_has_lasted_is_judged_by_what_lasted_as_long() -> None:
    curve = Curve(seen("1 2 3 4"))
    assert curve.chances(0, [1, 4]).paid == (Decimal("0.25"), Decimal("0.75"))
    assert [round(share, 20) for share in curve.chances(2, [3, 4]).paid] == [Decimal("0.5"), Decimal("0.5")]
    assert curve.chances(4, [9]).paid == (ZERO,)
    assert [curve.seen_after(age) for age in (3, 4)] == [ONE, ZERO]


def test_what_ends_otherwise_is_never_paid_and_leaves_the_others_their_chances() -> None:
    tally = Tally()
    for day in (1, 2):
        tally.watch(0, day, ONE, is_paid=True)
        tally.watch(0, day, ONE, is_over=True)
    assert Curve(tally).chances(0, [1, 2]).paid == (Decimal("0.25"), Decimal("0.25"))
    assert Curve(tally).survival(2) == 0


def test_who_comes_late_is_at_risk_from_then_on() -> None:
    tally = seen("1 3")
    tally.watch(2, 3, ONE)
    assert [(step.day, step.at_risk) for step in Curve(tally).steps] == [(1, Decimal(2)), (3, Decimal(2))]


def test_parts_of_an_item_weigh_as_parts() -> None:
    tally = Tally()
    tally.watch(0, 1, Decimal("0.4"), is_paid=True)
    tally.watch(0, 5, Decimal("0.6"))
    assert Curve(tally).chances(0, [1, 5]).paid == (Decimal("0.4"), ZERO)


def test_even_chances_are_reached_on_the_median_day_or_never() -> None:
    curve = Curve(seen("2 4 6 9+"))
    assert (curve.even_after(0), curve.even_after(2), curve.even_after(6)) == (4, 4, None)


def test_added_tallies_are_the_tally_of_all() -> None:
    one, other = seen("1 2+ 5"), seen("2 5 7+")
    one.add(other)
    assert Curve(one).steps == Curve(seen("1 2+ 5 2 5 7+")).steps


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.sampled_from("pox")), max_size=25),
    st.integers(0, 15),
)
def test_every_sample_gives_the_product_of_its_days_in_fractions(sample: list[tuple[int, int, str]], age: int) -> None:
    """An independent computation: day by day, in fractions, from the sample itself."""
    tally = Tally()
    for start, days, end in sample:
        tally.watch(start, start + days, ONE, is_paid=end == "p", is_over=end == "o")
    lasting, paid = Fraction(1), Fraction(0)
    for day in range(age + 1, 27):
        at_risk = [one for one in sample if one[0] <= day <= one[0] + one[1]]
        ended = [end for start, days, end in sample if start + days == day]
        if at_risk:
            paid += lasting * Fraction(ended.count("p"), len(at_risk))
            lasting *= 1 - Fraction(ended.count("p") + ended.count("o"), len(at_risk))
    parts = Curve(tally).chances(age, [age + 3, age + 9, 30]).paid
    assert all(0 <= part <= 1 for part in parts)
    assert near(sum(parts, Decimal(0)), Decimal(paid.numerator) / paid.denominator, "1e-20")


def test_a_certainty_is_never_more_than_one() -> None:
    for number in range(2, 60):
        curve = Curve(seen(" ".join(str(day) for day in range(1, number))))
        assert Decimal("0.999999") < curve.chances(0, [number]).paid[0] <= 1
