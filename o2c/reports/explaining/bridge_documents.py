"""The documents of a bridge, taken apart: what an entry moved, and the days that makes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.reports import bridge
from o2c.reports import places
from o2c.reports.bridging import days as of_days
from o2c.reports.bridging import overdue
from o2c.reports.bridging.changes import lives
from o2c.reports.bridging.changes import steps
from o2c.reports.explaining import dso
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import NEGATED
from o2c.reports.explaining.rules import OWED
from o2c.reports.explaining.rules import OWING
from o2c.reports.explaining.rules import PRODUCT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import number
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part
    from o2c.reports.explaining.part import Rule

HEADLINE = "amount"


def explain(asked: Asked) -> Part:
    """Explain an amount by what the entry moved, days by the quotient that the amount changed."""
    rule, parts = _amount(asked)
    if asked.name == "amount":
        return asked.answer(rule, parts, at=asked.cell("source"))
    if asked.value == "":
        return asked.answer(None, formula="there are no sales on both days")
    period = places.days(asked.as_of, asked.options.get("since"), asked.options.get("until"))
    first, last = of_days.windows(period, asked.options.get("days"))
    amount = made("changed", rule, parts, asked.currency, at=asked.cell("source"))
    sold = dso.sales(asked, first, asked.currency)
    if asked.cell("effect") == bridge.RECEIVABLES:
        return asked.answer(quotient(), (amount, sold, dso.days(last)), "change / sales at the beginning x days")
    owed = evidence.receivables(asked, last.last, asked.currency)
    dividend = made("fewer sales x receivables", PRODUCT, (made("fewer sales", NEGATED, (amount,)), owed))
    divisor = made("sales at the beginning x at the end", PRODUCT, (sold, dso.sales(asked, last, asked.currency)))
    return asked.answer(quotient(), (dividend, divisor, dso.days(last)), "more sales mean fewer days")


def _amount(asked: Asked) -> tuple[Rule, list[Part]]:
    """Give what the entry moved; of overdue and unapplied what the item counted after it less what it did before.

    What became overdue because time went on, or because the due date changed, is everything on the item by then.
    """
    if asked.cell("measure") == bridge.DSO:
        mine = [move for move in asked.once(_by_place).get(asked.cell("source"), []) if _is_of_row(asked, move)]
        return NEGATED if asked.cell("part") == of_days.SALES_GONE else SUM, evidence.of_moves(asked, mine)
    found = [_of_item(asked, moves) for moves in asked.once(_by_item).get(_item(asked), [])]
    amount = asked.row["amount"]
    same = (one for one in found if one[0].compute([part.value for part in one[1]]) == amount)
    return next(same, found[0])


def _of_item(asked: Asked, moves: Sequence[Moved]) -> tuple[Rule, list[Part]]:
    rule = OWED if asked.cell("measure") == bridge.OVERDUE else OWING
    if asked.cell("part") == overdue.NEWLY:
        return rule, evidence.of_moves(asked, [move for move in moves if move.date <= _day(asked)])
    before, step = _parted(asked, moves)
    was = made("before", rule, evidence.of_moves(asked, before), asked.currency)
    if asked.cell("part") == overdue.DATES:
        return NEGATED if number(asked.row["amount"]) < 0 else SUM, [was]
    return LESS, [made("after", rule, evidence.of_moves(asked, [*before, *step]), asked.currency), was]


def _parted(asked: Asked, moves: Sequence[Moved]) -> tuple[list[Moved], list[Moved]]:
    """Give what moved the item before an entry, and what the entry moved."""
    before: list[Moved] = []
    for step in steps(moves):
        if step[0].date == _day(asked) and asked.place(step[0].source) == asked.cell("source"):
            return before, step
        before += step
    return before, []


def _day(asked: Asked) -> date:
    day = asked.row["date"]
    assert isinstance(day, date)
    return day


def _is_of_row(asked: Asked, move: Moved) -> bool:
    same = move.doc_id == asked.cell("document") and evidence.customer_of(move) == asked.cell("customer")
    return same and move.movement.currency == asked.currency


def _item(asked: Asked) -> tuple[str, str, str]:
    return asked.cell("customer"), asked.cell("item"), asked.currency


def _by_item(asked: Asked) -> dict[tuple[str, str, str], list[list[Moved]]]:
    """Sort the movements by customer, item and currency; of items with one name on two accounts apart."""
    found: dict[tuple[str, str, str], list[list[Moved]]] = {}
    for (account, item, currency), moves in lives(asked.chosen.moved(asked.day)).items():
        found.setdefault((names.customer_of(account), item, currency), []).append(moves)
    return found


def _by_place(asked: Asked) -> dict[str, list[Moved]]:
    found: dict[str, list[Moved]] = {}
    for move in asked.chosen.moved(asked.day):
        found.setdefault(asked.place(move.source), []).append(move)
    return found
