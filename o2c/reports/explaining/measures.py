"""Measures taken apart: what is divided by what, and the items, documents and payments in both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.reports.explaining import dso
from o2c.reports.explaining import evidence
from o2c.reports.explaining import paid
from o2c.reports.explaining.claims import of_claims
from o2c.reports.explaining.losses import losses
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import PRODUCT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient
from o2c.reports.measures import HUNDRED
from o2c.reports.measures import YEAR

if TYPE_CHECKING:
    from o2c.model.items import Item
    from o2c.reports.explaining.asked import Asked

HEADLINE = "value"
#: Makes a dividend or divisor.
Make = Callable[["Asked"], Part]


def explain(asked: Asked) -> Part:
    """Explain a measure as dividend / divisor x times, and each of these by what it is made of."""
    of, by, times = (make(asked) for make in _MADE[asked.cell("measure")])
    if asked.name == "value":
        formula = f"{of.what} / {by.what}" + (f" x {times.what}" if times.value != 1 else "")
        return asked.answer(quotient(), (of, by, times), formula)
    part = {"dividend": of, "divisor": by, "times": times}[asked.name]
    return asked.answer(part.rule, part.parts, part.how)


def _begin(asked: Asked) -> Part:
    return evidence.receivables(asked, asked.span.before, asked.currency, "receivables before the first day")


def _end(asked: Asked) -> Part:
    return evidence.receivables(asked, asked.span.last, asked.currency, "receivables at the end")


def _sales(asked: Asked) -> Part:
    return dso.sales(asked, asked.span, asked.currency)._replace(what="sales")


def _late(asked: Asked) -> Part:
    return dso.overdue(asked, asked.span.last, asked.currency)._replace(what="overdue")


def _current(asked: Asked) -> Part:
    return made("receivables not past due", LESS, (_end(asked), _late(asked)), asked.currency)


def _owed(asked: Asked) -> Part:
    parts = evidence.of_items(asked, asked.day, lambda item: item.currency == asked.currency and item.open > 0)
    return made("open debit items", SUM, parts, asked.currency)


def _undisputed(asked: Asked) -> Part:
    parts = (_owed(asked), _disputed(asked, lambda _item: True))
    return made("open debit items not disputed", LESS, parts, asked.currency)


def _late_undisputed(asked: Asked) -> Part:
    parts = (_late(asked), _disputed(asked, lambda item: item.due < asked.day))
    return made("overdue and not disputed", LESS, parts, asked.currency)


def _disputed(asked: Asked, wanted: Callable[[Item], bool]) -> Part:
    events = asked.books.events(OPENED, RESOLVED)
    items = [item for item in asked.once(evidence.open_items, asked.day) if item.currency == asked.currency]
    parts = (of_claims(asked, item, events) for item in items if item.open > 0 and wanted(item))
    return made("disputed", SUM, (part for part in parts if part.value), asked.currency)


def _collectable(asked: Asked) -> Part:
    return made("receivables before + sales", SUM, (_begin(asked), _sales(asked)), asked.currency)


def _collected(asked: Asked) -> Part:
    return made("collected", LESS, (_collectable(asked), _end(asked)), asked.currency)


def _could_be(asked: Asked) -> Part:
    return made("what could be collected", LESS, (_collectable(asked), _current(asked)), asked.currency)


def _mean(asked: Asked) -> Part:
    return dso.mean(asked, asked.span, asked.currency)


def _mean_days(asked: Asked) -> Part:
    return made("mean receivables x days", PRODUCT, (_mean(asked), _days(asked)))


def _sales_of_year(asked: Asked) -> Part:
    return made("sales x 365", PRODUCT, (_sales(asked), Part("days of a year", YEAR)))


def _money_days(asked: Asked) -> Part:
    return paid.money_days(asked, paid.of_currency(asked))


def _terms_days(asked: Asked) -> Part:
    return paid.terms_days(asked, paid.of_currency(asked))


def _late_days(asked: Asked) -> Part:
    return paid.late_days(asked, paid.of_currency(asked))


def _paid(asked: Asked) -> Part:
    return paid.amount(asked, paid.of_currency(asked))


def _lost(asked: Asked) -> Part:
    return losses(asked)


def _days(asked: Asked) -> Part:
    return dso.days(asked.span)


def _one(_asked: Asked) -> Part:
    return Part("1", 1)


def _percent(_asked: Asked) -> Part:
    return Part("100", HUNDRED)


_MADE: dict[str, tuple[Make, Make, Make]] = {
    "dso": (_end, _sales, _days),
    "best-possible-dso": (_current, _sales, _days),
    "add": (_late, _sales, _days),
    "days-to-pay": (_money_days, _paid, _one),
    "terms": (_terms_days, _paid, _one),
    "adl": (_late_days, _paid, _one),
    "cei": (_collected, _could_be, _percent),
    "turnover": (_sales_of_year, _mean_days, _one),
    "turnover-days": (_mean, _sales, _days),
    "overdue": (_late, _owed, _percent),
    "overdue-undisputed": (_late_undisputed, _undisputed, _percent),
    "bad-debt": (_lost, _sales, _percent),
}
