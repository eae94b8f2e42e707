"""The own history of the receivables: how much of what reached a bucket was lost in the end, by segment."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.items import items
from o2c.model.losses import Life
from o2c.model.losses import Step
from o2c.model.losses import roll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.closing.at_end import AtEnd
    from o2c.master.allowance_policy import AllowancePolicy
    from o2c.master.allowance_policy import Segment
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.model.items import ItemKey
    from o2c.model.losses import Reached


def segment_of(at_end: AtEnd, policy: AllowancePolicy, customer: str) -> Segment:
    """Find the segment of a customer by what master data say today."""
    known = at_end.books.master.customers.get(customer)
    return policy.segment(customer, known.address.country if known else "")


def history(at_end: AtEnd, policy: AllowancePolicy) -> dict[str, dict[str, Reached]]:
    """Roll the items of the past through the buckets, by segment and bucket.

    Only items whose end is known count: settled ones, and those so long past due that the policy takes them as lost.
    Amounts are weighed in the currency of the books at the rate of the last day.
    """
    lives: dict[str, list[Life]] = {}
    segments: dict[str, str] = {}
    for item, moves in _past(at_end, policy):
        if item.customer not in segments:
            segments[item.customer] = segment_of(at_end, policy, item.customer).name
        life = _life(at_end, policy, item, moves)
        if life is not None:
            lives.setdefault(segments[item.customer], []).append(life)
    return {segment: roll(found) for segment, found in lives.items()}


def _months_before(day: Date, count: int) -> Date:
    months = max(day.year * 12 + day.month - 1 - count, 12)
    return Date(months // 12, months % 12 + 1, 1)


def _past(at_end: AtEnd, policy: AllowancePolicy) -> Iterator[tuple[Item, list[Moved]]]:
    last, first = at_end.month.last, _months_before(at_end.month.last, policy.history_months)
    groups: dict[ItemKey, list[Moved]] = {}
    for move in at_end.facts.moved:
        if move.date <= last:
            groups.setdefault((move.movement.account, move.movement.item, move.movement.currency), []).append(move)
    for key, item in items(at_end.facts.moved, last).items():
        if item.original > 0 and item.date >= first:
            yield item, groups[key]


def _life(at_end: AtEnd, policy: AllowancePolicy, item: Item, moves: list[Moved]) -> Life | None:
    gone = item.due + timedelta(days=policy.lost_after_days)
    is_given_up = bool(policy.lost_after_days) and gone <= at_end.month.last
    if item.open and not is_given_up:
        return None
    weight = at_end.rate(item.currency)
    steps = [
        Step(move.date, -move.movement.amount * weight, _is_loss(at_end, policy, move))
        for move in moves
        if move.source != item.source
    ]
    if item.open:
        steps.append(Step(gone, item.open * weight, is_lost=True))
    return Life(item.due, item.original * weight, tuple(steps))


def _is_loss(at_end: AtEnd, policy: AllowancePolicy, move: Moved) -> bool:
    """Tell whether a movement is a write-off for a reason that is a loss, or takes one back."""
    if move.doc_type not in {names.WRITE_OFF, names.REVERSAL}:
        return False
    doc = at_end.facts.versions[move.doc_id][-1]
    if move.doc_type == names.REVERSAL:
        undone = at_end.facts.versions.get(doc.refers)
        if not undone or undone[-1].doc_type != names.WRITE_OFF:
            return False
        doc = undone[-1]
    return doc.reason in policy.loss_reasons
