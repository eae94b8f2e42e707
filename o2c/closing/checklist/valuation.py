"""Checks of the close over values: foreign items at the closing rate, and what is not expected to be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.closing.allowance import evidence
from o2c.closing.allowance import policy_of
from o2c.closing.allowance import provisions
from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.closing.revaluation import revalued
from o2c.model.findings import NOWHERE
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from o2c.closing.at_end import AtEnd


def revaluation(at_end: AtEnd) -> Found:
    """Compare what the open foreign items differ from the closing rate with what is posted for them, item by item."""
    items = revalued(at_end)
    wrong = [one for one in items if one.missing]
    rows = tuple(
        Seen(
            one.item or at_end.accounts.revaluation,
            f"unrealised {text(one.due, at_end.currency)}, posted {text(one.posted, at_end.currency)}",
            one.difference.item.source if one.difference else NOWHERE,
        )
        for one in items
        if one.due or one.posted
    )
    total = text(sum((one.due for one in items), ZERO), at_end.currency)
    if wrong:
        off = count(len(wrong), "item is", "items are")
        said = f"{off} not at the closing rate: `o2c close propose {at_end.month.name} revaluation`"
        return Found(said, is_red=True, seen=rows)
    foreign = count(len(items), "foreign item")
    return Found(f"{foreign}, {total} unrealised" if items else "no foreign items are open", seen=rows)


def allowance(at_end: AtEnd) -> Found:
    """Compare the bad-debt allowance that is posted with the one that the matrix gives today."""
    policy = policy_of(at_end)
    found = provisions(at_end)
    rows = tuple(Seen(f"{one.segment.name} {key}", str(said)) for one in found for key, said in evidence(at_end, one))
    due = text(sum((one.due for one in found), ZERO), at_end.currency)
    posted = text(sum((one.posted for one in found), ZERO), at_end.currency)
    if any(one.missing for one in found):
        said = f"{posted} posted, {due} is due: `o2c close propose {at_end.month.name} allowance`"
        return Found(said, is_red=True, seen=rows)
    said = "no allowance is kept, as policies.yaml says" if policy.method == "none" else f"{due} posted"
    return Found(said, seen=rows)
