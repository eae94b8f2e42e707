"""What the items open on a day are expected to bring, span by span, and how sure that is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import shares
from o2c.model.survival import ONE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date

    from o2c.model.items import Item
    from o2c.model.survival import Chances
    from o2c.reports.forecasting.curves import Curves
    from o2c.reports.forecasting.curves import Source
    from o2c.reports.forecasting.lives import Life
    from o2c.reports.span import Span


class Expected(NamedTuple):
    """An open item with what it is expected to bring in each span, and, last, later or never.

    `due` is where its due date falls: the number of the span; what is past due counts in the first.
    """

    item: Item
    open: Decimal
    source: Source
    amounts: tuple[Decimal, ...]
    chances: Chances
    due: int


class Sum(NamedTuple):
    """What all items of a currency bring in a span: by due dates, expected, with its variance; and all that is open."""

    due: Decimal
    expected: Decimal
    variance: Decimal
    whole: Decimal


def expect(lives: Iterable[Life], curves: Curves, spans: Sequence[Span]) -> list[Expected]:
    """Spread each open debit item over the spans; the parts of an item sum to what is open of it."""
    found = []
    for life in lives:
        open_ = life.open(curves.day)
        if open_ > 0:
            found.append(_expected(life.item, open_, curves, spans))
    return found


def _expected(item: Item, open_: Decimal, curves: Curves, spans: Sequence[Span]) -> Expected:
    source = curves.of(item)
    age, ends = (curves.day - item.due).days, [(span.last - item.due).days for span in spans]
    chances = source.curve.chances(age, ends)
    weights = [*chances.paid, max(ONE - sum(chances.paid, ZERO), ZERO)]
    return Expected(item, open_, source, tuple(shares(open_, weights, item.currency)), chances, _place(item.due, spans))


def _place(due: date, spans: Sequence[Span]) -> int:
    return next((number for number, span in enumerate(spans) if due <= span.last), len(spans))


def has_history(found: Iterable[Expected], currency: str) -> bool:
    """Tell whether any payment was ever seen that speaks for an item of a currency; else a forecast knows nothing."""
    sources = {id(one.source): one.source for one in found if one.item.currency == currency}
    return any(step.paid > 0 for source in sources.values() for step in source.curve.steps)


def summed(found: Sequence[Expected], currency: str, number: int) -> Sum:
    """Add up a span. Its variance takes items as independent of each other, and adds the doubt about each curve."""
    mine = [one for one in found if one.item.currency == currency]
    return Sum(
        due=sum((one.open for one in mine if one.due == number), ZERO),
        expected=sum((one.amounts[number] for one in mine), ZERO),
        variance=_variance(mine, number),
        whole=sum((one.open for one in mine), ZERO),
    )


def _variance(mine: Sequence[Expected], number: int) -> Decimal:
    """Add the chance of each item, and the doubt about each curve, which moves all items that follow it together."""
    chance, doubts = ZERO, dict[int, Decimal]()
    for one in mine:
        if number < len(one.chances.paid):
            paid = one.chances.paid[number]
            chance += one.open * one.open * paid * (ONE - paid)
            curve = id(one.source)
            doubts[curve] = doubts.get(curve, ZERO) + one.open * one.chances.variance[number].sqrt()
    return chance + sum((doubt * doubt for doubt in doubts.values()), ZERO)
