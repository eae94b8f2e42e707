"""A bridge taken apart: where a measure stood, and the entries in each part of the way from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports import bridge
from o2c.reports import places
from o2c.reports.bridging import days as of_days
from o2c.reports.explaining import dso
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import NEGATED
from o2c.reports.explaining.rules import PRODUCT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from datetime import date

    from o2c.reports.bridging.changes import Change
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.span import Span

HEADLINE = "amount"


def explain(asked: Asked) -> Part:
    """Explain a part by its entries, the end by the beginning and all parts, days by the quotient they come from."""
    if asked.name == "documents":
        return asked.answer(COUNT if asked.value != "" else None, _entries(asked))
    if asked.name == "days":
        return _days(asked) if asked.value != "" else asked.answer(None, formula="there are no sales on both days")
    if asked.cell("part") == bridge.BEGIN:
        begin = _standing(asked, _period(asked).before)
        return asked.answer(begin.rule, begin.parts, begin.how)
    if asked.cell("part") == bridge.END:
        way = [row for row in asked.table.rows if _is_on_the_way(asked, row["measure"], row["currency"], row["part"])]
        parts = [explain(asked.of(row))._replace(what=str(row["part"])) for row in way if row["effect"] != bridge.SALES]
        return asked.answer(SUM, parts, "begin and all parts")
    return asked.answer(SUM, _entries(asked))


def _is_on_the_way(asked: Asked, measure: object, currency: object, part: object) -> bool:
    return (measure, currency) == (asked.row["measure"], asked.row["currency"]) and part != bridge.END


def _period(asked: Asked) -> Span:
    return places.days(asked.as_of, asked.options.get("since"), asked.options.get("until"))


def _standing(asked: Asked, day: date) -> Part:
    """Give where the measure stood at the end of a day, by item."""
    if asked.cell("measure") == bridge.OVERDUE:
        return dso.overdue(asked, day, asked.currency)
    if asked.cell("measure") == bridge.DSO:
        return evidence.receivables(asked, day, asked.currency)
    parts = evidence.of_items(asked, day, lambda item: item.currency == asked.currency and item.open < 0)
    return made(f"unapplied at the end of {day}", SUM, parts, asked.currency, formula="credits not used yet")


def _entries(asked: Asked) -> list[Part]:
    found = asked.once(_changes).get((asked.cell("measure"), asked.currency, asked.cell("part")), [])
    return [_entry(asked, one) for one in found]


def _entry(asked: Asked, one: Change) -> Part:
    about = f" on {one.item}" if one.item and one.item != one.doc_id else ""
    said = f"{one.doc_type}{about}, {one.date}"
    return Part(said, one.amount, one.currency, document=one.doc_id, place=asked.place(one.source))


def _changes(asked: Asked) -> dict[tuple[str, str, str], list[Change]]:
    found: dict[tuple[str, str, str], list[Change]] = {}
    for one in bridge.bridges(asked.chosen, _period(asked), asked.options.get("days")):
        for change in one.changes:
            found.setdefault((one.measure, one.currency, change.part), []).append(change)
    return found


def _days(asked: Asked) -> Part:
    """Explain days of sales: at both ends receivables / sales x days, and between them what each part changed of it."""
    first, last = of_days.windows(_period(asked), asked.options.get("days"))
    if asked.cell("part") in {bridge.BEGIN, bridge.END}:
        window = first if asked.cell("part") == bridge.BEGIN else last
        parts = (_standing(asked, window.last), dso.sales(asked, window, asked.currency), dso.days(window))
        return asked.answer(quotient(), parts, "receivables / sales x days")
    sold = dso.sales(asked, first, asked.currency)
    if asked.cell("effect") == bridge.RECEIVABLES:
        moved = made("change of the receivables", SUM, _entries(asked), asked.currency)
        return asked.answer(quotient(), (moved, sold, dso.days(last)), "change / sales at the beginning x days")
    fewer = made("change of the sales", NEGATED, _entries(asked), asked.currency)
    owed = _standing(asked, last.last)
    dividend = made("change of the sales x receivables at the end", PRODUCT, (fewer, owed))
    divisor = made("sales at the beginning x at the end", PRODUCT, (sold, dso.sales(asked, last, asked.currency)))
    return asked.answer(quotient(), (dividend, divisor, dso.days(last)), "more sales mean fewer days")
