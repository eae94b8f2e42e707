"""Sales of a month taken apart: each document with what it sold, took back, and the tax in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.taxed import rated
from o2c.reports.explaining import evidence
from o2c.reports.explaining.dso import sales_by_currency
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM
from o2c.reports.span import month

if TYPE_CHECKING:
    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.selection import Selection

HEADLINE = "sales"
_KINDS = {"invoiced": names.INVOICE, "credited": names.CREDIT_NOTE, "reversed": names.REVERSAL}
#: The customer of a split payment pays the tax to the state: it is in no figure here (EN 16931 category B).
_SPLIT = "B"


def explain(asked: Asked) -> Part:
    """Explain a sum of a month by its documents, the sales by invoices, credit notes and reversals, the net by both."""
    moves = [
        move
        for move in asked.once(sales_by_currency, asked.year).get(asked.currency, [])
        if month(move.date) == asked.cell("period")
    ]
    if asked.name in _KINDS:
        mine = [move for move in moves if move.doc_type == _KINDS[asked.name]]
        return asked.answer(SUM, evidence.of_moves(asked, mine))
    if asked.name == "documents":
        first = {move.doc_id: move for move in moves}
        parts = (evidence.of_move(asked, move, move.movement.amount) for move in first.values())
        return asked.answer(COUNT, parts)
    if asked.name == "sales":
        return asked.answer(SUM, [explain(asked.at(kind)) for kind in _KINDS], "invoiced, credited and reversed")
    if asked.name == "tax":
        return asked.answer(SUM, _taxes(asked, moves), "what the documents say of tax")
    return asked.answer(LESS, (explain(asked.at("sales")), explain(asked.at("tax"))), "sales less tax")


def _taxes(asked: Asked, moves: list[Moved]) -> list[Part]:
    numbers = dict.fromkeys(move.doc_id for move in moves)
    facts = asked.once(_of_year).books.facts
    parts = []
    for number in numbers:
        doc = facts.versions[number][0]
        taxes = [
            evidence.of_document(asked, doc, rated(doc, tax).tax, doc.currency, f"tax {tax.code} {tax.rate:f} %")
            for tax in doc.taxes
            if tax.category != _SPLIT
        ]
        if taxes:
            said = f"{doc.doc_type} of {doc.date}"
            parts.append(made(said, SUM, taxes, doc.currency, document=number, at=asked.place(doc.source)))
    return parts


def _of_year(asked: Asked) -> Selection:
    return asked.chosen.during(asked.year, doc_types=(*names.SALES_TYPES, names.REVERSAL))
