"""All rules, and what they find together, the most money first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.noticing import lying
from o2c.reports.noticing import owing
from o2c.reports.noticing import paying
from o2c.reports.noticing import selling
from o2c.reports.noticing.view import View

if TYPE_CHECKING:
    from datetime import date

    from o2c.reports.noticing.insight import Insight
    from o2c.reports.selection import Selection

#: A rule looks at a view and gives its insights, none where nothing is to be said; the name stands in the report.
RULES = {
    "late-payers": paying.late_payers,
    "slower": paying.slower,
    "paid-twice": paying.paid_twice,
    "unapplied": lying.unapplied,
    "unused-credits": lying.unused_credits,
    "small-rests": lying.small_rests,
    "concentration": owing.concentration,
    "old-disputes": owing.old_disputes,
    "broken-promises": owing.broken_promises,
    "forgotten": owing.forgotten,
    "over-limit": owing.over_limit,
    "not-invoiced": selling.not_invoiced,
    "more-credit-notes": selling.more_credit_notes,
    "late-discounts": selling.late_discounts,
}


def insights(chosen: Selection, day: date) -> list[Insight]:
    """Ask every rule; sorted by currency, then by money, the most first."""
    view = View(chosen, day)
    found = [insight for rule in RULES.values() for insight in rule(view) if insight.money > 0]
    return sorted(found, key=lambda one: (one.currency, -one.money, one.rule))
