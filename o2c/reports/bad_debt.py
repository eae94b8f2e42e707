"""What was written off as lost in some days, net of what was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.facts import Facts
    from o2c.model.facts import Moved
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span


_TYPES = (names.WRITE_OFF, names.REVERSAL)


def written_off(chosen: Selection, period: Span) -> dict[str, Decimal]:
    """Sum write-offs by the day of the write-off, less reversals of write-offs, by currency; positive is lost, gross.

    Only reasons count that the policies name as losses (`allowance.loss_reasons`); where they name none, all do.
    """
    losses, chosen = _loss_reasons(chosen.books), chosen.during(period, doc_types=_TYPES)
    facts = chosen.books.facts
    sums: dict[str, Decimal] = {}
    for move in chosen.moved(period.last):
        reason = _reason(facts, move) if period.holds(move.date) else None
        if reason is not None and (not losses or reason in losses):
            sums[move.movement.currency] = sums.get(move.movement.currency, ZERO) - move.movement.amount
    return sums


def _loss_reasons(books: Books) -> frozenset[str]:
    try:
        policy = books.master.policies.allowance
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return frozenset()
    return frozenset(policy.loss_reasons) if policy else frozenset()


def _reason(facts: Facts, move: Moved) -> str | None:
    """Give the reason of a write-off, or of the one that is reversed; None where it is neither."""
    if move.doc_type == names.WRITE_OFF:
        return facts.versions[move.doc_id][0].reason
    if move.doc_type == names.REVERSAL:
        for doc in facts.versions.get(facts.versions[move.doc_id][0].refers, ()):
            if doc.doc_type == names.WRITE_OFF:
                return doc.reason
    return None
