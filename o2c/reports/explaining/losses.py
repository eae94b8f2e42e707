"""What was written off as lost, taken apart: each write-off, and what was taken back of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.model import names
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Document
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.reports.explaining.asked import Asked


def losses(asked: Asked) -> Part:
    """Give the write-offs of the period less their reversals, for the reasons that count as losses; lost is above zero.

    Source: shared definitions 2; the reasons are `allowance.loss_reasons` of the policies, all where there are none.
    """
    reasons, period = _reasons(asked), asked.span
    chosen = asked.chosen.during(period, doc_types=(names.WRITE_OFF, names.REVERSAL))
    moves = [
        move
        for move in evidence.within(chosen.moved(period.last), period.first, period.last)
        if move.movement.currency == asked.currency
        and any(not reasons or doc.reason in reasons for doc in _written_off(chosen.books.facts, move))
    ]
    return made("written off", SUM, evidence.of_moves(asked, moves, sign=-1), asked.currency)


def _reasons(asked: Asked) -> frozenset[str]:
    try:
        policy = asked.books.master.policies.allowance
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return frozenset()
    return frozenset(policy.loss_reasons) if policy else frozenset()


def _written_off(facts: Facts, move: Moved) -> Iterable[Document]:
    """Give the write-off that a movement belongs to, itself or the one that it reverses."""
    own = facts.versions.get(move.doc_id, ())
    refers = own[0].refers if own and own[0].doc_type == names.REVERSAL else ""
    meant = facts.versions.get(refers, ()) if refers else own
    return [doc for doc in meant if doc.doc_type == names.WRITE_OFF][:1]
