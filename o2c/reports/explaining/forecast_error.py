"""A back-tested forecast taken apart: what was foreseen of each item the day before, and the money that came for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.reports.explaining import expectations
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import Rule
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import number
from o2c.reports.forecast_error import USUAL
from o2c.reports.forecasting.back_test import judge
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import Expected
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import counted
from o2c.reports.payments import Payment
from o2c.reports.payments import payments
from o2c.reports.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.forecasting.calibrating import Miss
    from o2c.reports.forecasting.lives import Life

HEADLINE = "error"
DISTANCE = Rule("how far the first is from the second", lambda values: abs(number(LESS.compute(values))))


def explain(asked: Asked) -> Part:
    """Explain what was foreseen and what came by the items that were open the day before the period."""
    period = Span(_day(asked, "first"), _day(asked, "last"))
    if asked.name in {"error", "due_error"}:
        foreseen = explain(asked.at("due" if asked.name == "due_error" else "expected"))
        return asked.answer(DISTANCE, (foreseen, explain(asked.at("came"))), f"from {foreseen.what} to came")
    if asked.name == "came":
        return asked.answer(SUM, _came(asked, period), "money for items that were open the day before")
    mine = [one for one in asked.once(_foreseen, period) if one.item.currency == asked.currency]
    if asked.name in {"low", "high"}:
        sign = -1 if asked.name == "low" else 1
        part = expectations.band(asked, mine, 0, period.before, sign, asked.once(_misses)[period, asked.currency])
    else:
        make = expectations.due if asked.name == "due" else expectations.expected
        part = make(asked, mine, 0, period.before)
    return asked.answer(part.rule, part.parts, part.how)


def _day(asked: Asked, name: str) -> date:
    day = asked.row[name]
    assert isinstance(day, date)
    return day


def _came(asked: Asked, period: Span) -> list[Part]:
    open_then = {(one.item.customer, one.item.item, one.item.currency) for one in asked.once(_foreseen, period)}
    return [
        made(one.item, SUM, [_payment(asked, one)], one.currency, document=one.doc_id)
        for one in asked.once(_payments)
        if (one.customer, one.item, one.currency) in open_then
        and one.currency == asked.currency
        and one.applied > period.before
        and period.holds(one.paid)
    ]


def _payment(asked: Asked, one: Payment) -> Part:
    said = f"paid {one.paid}, applied {one.applied}"
    return Part(said, one.amount, one.currency, document=one.doc_id, place=asked.place(one.source))


def _payments(asked: Asked) -> list[Payment]:
    return payments(asked.chosen, Span(date.min, asked.as_of))


def _lives(asked: Asked) -> list[Life]:
    return lives(asked.books, asked.as_of)


def _foreseen(asked: Asked, period: Span) -> list[Expected]:
    """Foresee a period on the day before it, with what was known then."""
    known = asked.once(_lives)
    mine = [life for life in known if asked.chosen.takes(life.item.customer, life.item.currency)]
    return expect(mine, Curves(known, period.before), [period])


def _misses(asked: Asked) -> dict[tuple[Span, str], Sequence[Miss]]:
    months, weeks = asked.options.get("months"), asked.options.get("weeks")
    count = counted(months, weeks, USUAL)
    judged = judge(asked.once(_lives), asked.chosen, asked.as_of, count, by_week=weeks is not None)
    return {(one.period, one.currency): one.band.misses for one in judged.tried}
