"""Credit notes by reason taken apart: each credit note and what was reversed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.reports.explaining import dso
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked

HEADLINE = "amount"


def explain(asked: Asked) -> Part:
    """Explain an amount by the credit notes, a share by what it is a share of."""
    found = asked.once(_moves)
    mine = found.get((asked.cell("reason"), asked.currency), [])
    if asked.name == "credit_notes":
        first = {move.doc_id: move for move in mine if move.doc_type == names.CREDIT_NOTE}
        return asked.answer(COUNT, [evidence.of_move(asked, move, -move.movement.amount) for move in first.values()])
    amount = _sum(asked, mine, "credited for this reason")
    if asked.name == "amount":
        return asked.answer(SUM, amount.parts, "credit notes less reversals of them")
    everything = [move for (_, code), moves in found.items() if code == asked.currency for move in moves]
    whole = _sum(asked, everything, "all credit notes")
    if asked.name == "of_sales":
        whole = dso.sales(asked, asked.year, asked.currency)
    return asked.answer(quotient(), (amount, whole, Part("percent", 100)), f"{amount.what} / {whole.what} x 100")


def _sum(asked: Asked, moves: list[Moved], said: str) -> Part:
    return made(said, SUM, evidence.of_moves(asked, moves, sign=-1), asked.currency)


def _moves(asked: Asked) -> dict[tuple[str, str], list[Moved]]:
    """Sort what credit notes and their reversals moved by reason and currency."""
    period = asked.year
    chosen = asked.chosen.during(period, doc_types=(names.CREDIT_NOTE, names.REVERSAL))
    facts = chosen.books.facts
    found: dict[tuple[str, str], list[Moved]] = {}
    for move in evidence.within(chosen.moved(period.last), period.first, period.last):
        if move.doc_type in {names.CREDIT_NOTE, names.REVERSAL}:
            own = facts.versions[move.doc_id][0]
            meant = facts.versions.get(own.refers, ()) if move.doc_type == names.REVERSAL else (own,)
            for note in [doc for doc in meant if doc.doc_type == names.CREDIT_NOTE][:1]:
                found.setdefault((note.reason, move.movement.currency), []).append(move)
    return found
