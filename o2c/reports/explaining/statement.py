"""A statement taken apart: its items, or what each document changed and how the balance came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports.explaining import evidence
from o2c.reports.explaining import open_items
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import NEGATED
from o2c.reports.explaining.rules import SUM
from o2c.reports.statement import BEGIN
from o2c.reports.statement import END

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.table import Row

HEADLINE = "balance"


def explain(asked: Asked) -> Part:
    """Explain an amount by the entries of its item or document, a balance by all rows down to it."""
    if asked.options.get("since") is None:
        return _of_items(asked)
    if asked.name == "balance":
        above = _down_to(asked)
        return asked.answer(SUM, [_forward(asked), *(_change(asked, row) for row in above)], "forward and all changes")
    if not asked.value or (asked.cell("reference") in {BEGIN, END} and not asked.cell("document")):
        return asked.answer(SUM, (), "a balance, or the other side: nothing stands here")
    parts = _change(asked, asked.row).parts
    return asked.answer(SUM if asked.name == "debit" else NEGATED, parts)


def _of_items(asked: Asked) -> Part:
    if asked.name != "balance":
        return open_items.explain(asked)
    parts = [open_items.explain(asked.of(row).at("open"))._replace(what=str(row["item"])) for row in _down_to(asked)]
    return asked.answer(SUM, parts, "what is open down to this row")


def _down_to(asked: Asked) -> Sequence[Row]:
    """List the rows of the account from its first to the one asked for."""
    found = [row for row in asked.table.rows if _account(row) == _account(asked.row)]
    return found[: next(number for number, row in enumerate(found, 1) if row is asked.row)]


def _account(row: Row) -> tuple[object, object]:
    return row["customer"], row["currency"]


def _forward(asked: Asked) -> Part:
    first: date = asked.options["since"]
    before = [move for move in _moves(asked) if move.date < first]
    parts = evidence.of_moves(asked, before)
    return made(BEGIN, SUM, parts, asked.currency, formula=f"everything before {first}")


def _change(asked: Asked, row: Row) -> Part:
    """Give what the document of a row changed; by hand, it is named by its place."""
    name, first = str(row["document"]), asked.options["since"]
    if not name:
        return Part(str(row["reference"]), ZERO, asked.currency)
    mine = [move for move in _moves(asked) if move.date >= first and (move.doc_id or asked.place(move.source)) == name]
    return made(name, SUM, evidence.of_moves(asked, mine), asked.currency, document=mine[0].doc_id if mine else name)


def _moves(asked: Asked) -> list[Moved]:
    return asked.once(_by_account).get((asked.cell("customer"), asked.currency), [])


def _by_account(asked: Asked) -> dict[tuple[str, str], list[Moved]]:
    found: dict[tuple[str, str], list[Moved]] = {}
    for move in asked.chosen.moved(asked.day):
        found.setdefault((evidence.customer_of(move), move.movement.currency), []).append(move)
    return found
