"""Days sales outstanding taken apart: the items that are open, and the documents that were sold."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.reports.explaining import evidence
from o2c.reports.explaining.evidence import receivables
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import COUNTBACK
from o2c.reports.explaining.rules import DAYS_BOTH
from o2c.reports.explaining.rules import HALF
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient
from o2c.reports.sold import sold_as
from o2c.reports.span import Span

if TYPE_CHECKING:
    from datetime import date

    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked

HEADLINE = "dso"


def explain(asked: Asked) -> Part:
    """Explain days of sales by the receivables, the sales and the days that they are made of."""
    is_countback = asked.cell("method") == "countback"
    if asked.name == "receivables":
        found = _receivables(asked)
        return asked.answer(found.rule, found.parts, found.how)
    walked = list(_walked(asked)) if is_countback else []
    if asked.name == "sales":
        return asked.answer(SUM, walked) if is_countback else _answer(asked, sales(asked, asked.span, asked.currency))
    if asked.name == "days":
        return asked.answer(COUNT, walked) if is_countback else _answer(asked, days(asked.span))
    if is_countback:
        return asked.answer(COUNTBACK, (_receivables(asked), *walked))
    parts = (_receivables(asked), sales(asked, asked.span, asked.currency), days(asked.span))
    return asked.answer(quotient(), parts, "receivables / sales x days")


def sales(asked: Asked, period: Span, currency: str) -> Part:
    """Give what was sold in some days, gross, by document."""
    parts = evidence.of_moves(asked, asked.once(sales_by_currency, period).get(currency, []))
    return made(f"sales of {period}", SUM, parts, currency, formula="invoices less credit notes and reversals, gross")


def sales_by_currency(asked: Asked, period: Span) -> dict[str, list[Moved]]:
    """Sort everything that counts as a sale in some days by its currency."""
    chosen = asked.chosen.during(period, doc_types=(*names.SALES_TYPES, names.REVERSAL))
    found: dict[str, list[Moved]] = {}
    for move in chosen.moved(period.last):
        if period.holds(move.date) and sold_as(chosen.books.facts, move):
            found.setdefault(move.movement.currency, []).append(move)
    return found


def days(period: Span) -> Part:
    """Give the days of a period, both ends included."""
    return made("days", DAYS_BOTH, (Part("first day", period.first), Part("last day", period.last)))


def overdue(asked: Asked, day: date, currency: str) -> Part:
    """Give what is past due at the end of a day, by item; credits never are."""
    parts = evidence.of_items(asked, day, lambda item: item.currency == currency and item.open > 0 and item.due < day)
    return made(f"overdue at the end of {day}", SUM, parts, currency, formula="open debit items past their due date")


def mean(asked: Asked, period: Span, currency: str) -> Part:
    """Give the mean of the receivables before the first and at the end of the last day."""
    both = (receivables(asked, period.before, currency), receivables(asked, period.last, currency))
    return made("mean receivables", HALF, both, currency, formula="half of both")


def _receivables(asked: Asked) -> Part:
    method, period, currency = asked.cell("method"), asked.span, asked.currency
    if method == "average":
        return mean(asked, period, currency)
    whole = receivables(asked, period.last, currency)
    if method != "best-possible":
        return whole
    late = overdue(asked, period.last, currency)
    return made("receivables not past due", LESS, (whole, late), currency, formula="receivables less what is overdue")


def _answer(asked: Asked, part: Part) -> Part:
    return asked.answer(part.rule, part.parts, part.how)


def _walked(asked: Asked) -> list[Part]:
    """Give the sales of each day that the countback looked at, the latest first."""
    count = int(str(asked.row["days"]))
    if not count:
        return []
    period = Span(asked.span.last - timedelta(days=count - 1), asked.span.last)
    by_day: dict[date, list[Moved]] = {}
    for move in asked.once(sales_by_currency, period).get(asked.currency, []):
        by_day.setdefault(move.date, []).append(move)
    walked = [asked.span.last - timedelta(days=back) for back in range(count)]
    return [
        made(f"sales of {day}", SUM, evidence.of_moves(asked, by_day.get(day, [])), asked.currency) for day in walked
    ]
