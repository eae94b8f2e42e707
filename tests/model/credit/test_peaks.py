"""Who passes the quick look surely kept to the limit; the others are watched day by day."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.model import integrity
from o2c.model.credit import breaches as checking
from o2c.model.credit.histories import histories
from o2c.model.credit.in_force import limits_by_name
from o2c.model.credit.peaks import within
from tests.model.credit import ledger
from tests.model.credit import random_shops
from tests.model.credit.ledger import confirm
from tests.model.credit.ledger import deliver
from tests.model.credit.ledger import invoice
from tests.model.credit.ledger import limit
from tests.model.credit.ledger import line
from tests.model.credit.ledger import move
from tests.model.credit.ledger import order

if TYPE_CHECKING:
    from beancount.core.data import Directive

LIMIT = limit("2026-01-01", "1000.00 EUR")
KEPT = {"C1"}


def quiet(*texts: str) -> set[str]:
    return of(ledger.entries(*texts))


def of(entries: list[Directive]) -> set[str]:
    sheet = integrity.sheet(entries)
    return within(limits_by_name(checking.limit_events(sheet.customs)), sheet.moves, histories(sheet))


def test_the_limit_itself_passes_and_a_cent_more_does_not() -> None:
    assert quiet(LIMIT, invoice("2026-03-01", "I1", "1000.00")) == KEPT
    assert quiet(LIMIT, invoice("2026-03-01", "I1", "1000.01")) == set()


def test_only_the_end_of_a_day_counts() -> None:
    paid = move("2026-03-01", "I1", "-500.00")
    assert quiet(LIMIT, invoice("2026-03-01", "I1", "1000.00"), invoice("2026-03-01", "I2", "500.00"), paid) == KEPT
    later = move("2026-03-02", "I1", "-500.00")
    assert quiet(LIMIT, invoice("2026-03-01", "I1", "1000.00"), invoice("2026-03-01", "I2", "500.00"), later) == set()


def test_an_order_counts_from_its_confirmation_until_its_invoice_takes_its_place() -> None:
    sold = [order("2026-03-01", "SO1", line("10", "900.00")), confirm("2026-03-01", "SO1")]
    assert quiet(LIMIT, *sold, invoice("2026-03-02", "I1", "101.00")) == set()
    assert quiet(LIMIT, sold[0], invoice("2026-03-02", "I1", "101.00")) == KEPT, "an order that is not confirmed"
    handed_over = deliver("2026-03-03", "D1", "SO1", {1: "10"})
    assert quiet(LIMIT, *sold, handed_over, invoice("2026-03-04", "I1", "100.00")) == KEPT
    assert quiet(LIMIT, *sold, handed_over, invoice("2026-03-04", "I1", "100.01")) == set()
    billed = invoice("2026-03-04", "I1", "1000.00", "SO1", {1: "10"})
    assert quiet(LIMIT, *sold, handed_over, billed) == KEPT


def test_an_order_far_away_is_looked_at_by_day() -> None:
    far = [order("2026-03-01", "SO1", line("1", "2000.00", promised="2027-03-01")), confirm("2026-03-01", "SO1")]
    assert quiet(limit("2026-01-01", "1000.00 EUR", horizon="30"), *far) == set()


def test_the_strictest_day_counts_where_a_limit_changed_or_expired() -> None:
    sold = invoice("2026-03-01", "I1", "600.00")
    assert quiet(LIMIT, limit("2026-02-01", "600.00 EUR"), sold) == KEPT
    assert quiet(LIMIT, limit("2026-02-01", "599.99 EUR"), sold) == set()
    more = limit("2026-02-01", "500.00 EUR", kind='"temporary"', until="2026-02-28")
    assert quiet(limit("2026-01-01", "500.00 EUR"), more, sold) == set()


def test_credits_count_only_where_the_limit_deducts_them() -> None:
    paid, sold = move("2026-02-01", "R1", "-500.00"), invoice("2026-03-01", "I1", "1200.00")
    assert quiet(LIMIT, paid, sold) == KEPT
    assert quiet(limit("2026-01-01", "1000.00 EUR", credits='"not-deducted"'), paid, sold) == set()
    assert quiet(limit("2026-01-01", "1200.00 EUR", credits='"not-deducted"'), paid, sold) == KEPT


@pytest.mark.parametrize(
    "closer",
    [
        limit("2026-01-02", "1.00 EUR", kind='"blocked"'),
        limit("2026-01-02", "5000.00 USD"),
        invoice("2026-03-01", "I2", "1.00", currency="USD"),
        limit("2026-01-02", "5000.00 EUR", members='"C1 C2"'),
    ],
    ids=["a block", "a limit in another currency", "an invoice in another currency", "a group"],
)
def test_what_is_not_the_usual_case_is_looked_at_by_day(closer: str) -> None:
    assert quiet(LIMIT, closer) == set()


@given(st.integers(0, 2**32), st.integers(1, 3000), st.sampled_from(["", "horizon", "credits"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_quick_look_hides_no_finding(seed: int, most: int, more: str, releases: bool) -> None:
    entries = _shop(seed, most, more, releases=releases)
    found = checking.breaches(entries, integrity.sheet(entries), "EUR")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "within", lambda *_: set())
        assert found == checking.breaches(entries, integrity.sheet(entries), "EUR")


def test_the_shops_of_that_test_go_both_ways() -> None:
    passed = [len(of(_shop(seed, 1 + 23 * seed, "", releases=False))) for seed in range(60)]
    assert 10 < sum(passed) < 110


def _shop(seed: int, most: int, more: str, *, releases: bool) -> list[Directive]:
    """Make a shop in euro with two customers whose limits come in two steps."""
    random = Random(seed)
    acts = [act.text for act in random_shops.shop(random, releases=releases) if "USD" not in act.text]
    facts = {"horizon": "5"} if more == "horizon" else {"credits": '"not-deducted"'} if more == "credits" else {}
    limits = [limit("2025-12-31", f"{most}.00 EUR", name, **facts) for name in ("C1", "C2")]
    raised = limit("2026-03-06", f"{most + random.randrange(most)}.00 EUR", "C2", **facts)
    return ledger.entries(*limits, raised, *acts)
