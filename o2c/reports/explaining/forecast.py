"""A cash forecast taken apart: the open items, and what each is expected to bring in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining import expectations
from o2c.reports.forecasting.back_test import judge
from o2c.reports.forecasting.curves import Curves
from o2c.reports.forecasting.expecting import Expected
from o2c.reports.forecasting.expecting import expect
from o2c.reports.forecasting.lives import lives
from o2c.reports.forecasting.periods import periods

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part
    from o2c.reports.forecasting.calibrating import Miss
    from o2c.reports.forecasting.lives import Life

HEADLINE = "expected"
NO_PAYMENT = "no payment was seen yet that speaks for these items, so there is no band"


def explain(asked: Asked) -> Part:
    """Explain what is due or expected in a period by the open items, the band by their chances."""
    if asked.value == "":
        return asked.answer(None, formula=NO_PAYMENT if asked.row["first"] else "what comes later has no band")
    mine = [one for one in asked.once(expecting) if one.item.currency == asked.currency]
    spans = periods(asked.as_of, asked.options.get("months"), asked.options.get("weeks"))
    at = next((number for number, span in enumerate(spans) if span.first == asked.row["first"]), len(spans))
    if asked.name in {"low", "high"}:
        sign = -1 if asked.name == "low" else 1
        part = expectations.band(asked, mine, at, asked.as_of, sign, asked.once(_misses).get(asked.currency, ()))
    else:
        make = expectations.due if asked.name == "due" else expectations.expected
        part = make(asked, mine, at, asked.as_of)
    return asked.answer(part.rule, part.parts, part.how)


def expecting(asked: Asked) -> list[Expected]:
    """Spread the open debit items of those whom the report looks at over its periods."""
    known = asked.once(_lives)
    mine = (life for life in known if asked.chosen.takes(life.item.customer, life.item.currency))
    spans = periods(asked.as_of, asked.options.get("months"), asked.options.get("weeks"))
    return expect(mine, Curves(known, asked.as_of), spans)


def _misses(asked: Asked) -> Mapping[str, Sequence[Miss]]:
    by_week = asked.options.get("weeks") is not None
    return judge(asked.once(_lives), asked.chosen, asked.as_of, 0, by_week=by_week).misses


def _lives(asked: Asked) -> list[Life]:
    return lives(asked.books, asked.as_of)
