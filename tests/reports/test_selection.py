"""Whom and what reports look at: refusals, credit groups, and days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.errors import NotFound
from o2c.errors import WrongUsage
from o2c.reports import aging
from o2c.reports import days_to_pay
from o2c.reports import dso
from o2c.reports.selection import reason_text
from o2c.reports.selection import select
from o2c.reports.span import Span
from o2c.reports.span import span
from o2c.reports.span import year_to

if TYPE_CHECKING:
    from o2c.books import Books
    from tests.reports.entries import Make

DAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def demo() -> Books:
    return door.load(Path(__file__).parents[2] / "ledger")


def test_a_group_is_its_members_and_nobody_else(demo: Books) -> None:
    members = {code for code, one in demo.master.customers.items() if one.credit_group == "RIVE-CLAIRE"}
    chosen = select(demo, group="RIVE-CLAIRE")
    assert chosen.members == members
    assert len(members) == 3
    rows = aging.report(demo, DAY).rows
    assert aging.report(demo, DAY, group="RIVE-CLAIRE").rows == tuple(row for row in rows if row["customer"] in members)
    paid = days_to_pay.report(demo, DAY).rows
    of_group = days_to_pay.report(demo, DAY, group="RIVE-CLAIRE").rows
    assert of_group == tuple(row for row in paid if row["customer"] in members)
    assert of_group
    each = [dso.report(demo, DAY, customer=code).rows for code in sorted(members)]
    (whole,) = dso.report(demo, DAY, group="RIVE-CLAIRE").rows
    assert whole["sales"] == sum(row["sales"] for rows in each for row in rows if row["currency"] == "EUR")
    assert whole["receivables"] == sum(row["receivables"] for rows in each for row in rows)


def test_an_unknown_group_is_refused_with_those_there_are(demo: Books) -> None:
    with pytest.raises(NotFound, match="'NORTH'; known are RIVE-CLAIRE"):
        select(demo, group="NORTH")


def test_customer_and_group_at_once_mean_nothing(demo: Books) -> None:
    with pytest.raises(WrongUsage, match="--customer and --group"):
        select(demo, "C0008", group="RIVE-CLAIRE")


def test_a_reason_is_said_in_the_words_of_the_policies_or_not_at_all(demo: Books, books: Make) -> None:
    assert reason_text(demo, "return") == "Goods returned"
    assert reason_text(demo, "unheard-of") == ""
    assert reason_text(books(""), "return") == ""


def test_the_usual_period_is_ninety_days_with_both_ends() -> None:
    assert span(DAY) == Span(date(2026, 1, 1), DAY)
    assert span(DAY).days == 90
    assert span(DAY, days=1) == Span(DAY, DAY)
    assert span(DAY, None, date(2026, 2, 28), 28) == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert span(DAY, date(2026, 3, 1)) == Span(date(2026, 3, 1), DAY)
    assert year_to(DAY) == year_to(date(2026, 12, 31), None, DAY) == Span(date(2026, 1, 1), DAY)


def test_a_period_does_not_reach_back_behind_the_calendar() -> None:
    assert span(date(1, 1, 5), days=90) == Span(date.min, date(1, 1, 5))
    assert Span(date.min, DAY).before == date.min
