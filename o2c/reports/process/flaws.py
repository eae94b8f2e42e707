"""What went wrong or needed a hand in a case: the kinds of rework, and what touchless means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.process import activities

if TYPE_CHECKING:
    from o2c.reports.process.cases import Case

#: Kind of rework -> what it means.
KINDS = {
    "amended": "the order was changed after it was taken in",
    "held": "the order was held",
    "cancelled": "the order was cancelled",
    "returned": "goods came back",
    "reversed": "a document was reversed",
    "credited": "an invoice was credited",
    "rebilled": "invoiced again after a credit note or the reversal of an invoice",
    "reallocated": "an allocation was taken back",
    "disputed": "the customer disputed an invoice",
    "written-off": "something was given up",
}
BY_HAND = "by-hand-"
_TEXTS = {
    **KINDS,
    "touchless-to-invoice": "invoiced without a step by hand and without rework, of those invoiced",
    "touchless": "settled without a step by hand and without rework, of those settled",
    "no-rework": "settled without rework, of those settled",
}
_OF_STEP = {
    activities.AMENDED: "amended",
    "order-held": "held",
    "order-cancelled": "cancelled",
    "returned": "returned",
    "credited": "credited",
    activities.UNALLOCATED: "reallocated",
    "dispute-opened": "disputed",
    "written-off": "written-off",
}
_BILLED = frozenset({"invoiced", "deposit-invoiced"})
_TAKEN_BACK = frozenset({"credited", "invoice-reversed"})


def text(kind: str) -> str:
    """Say what a row of the report is about."""
    return _TEXTS.get(kind) or f"steps by hand: {kind.removeprefix(BY_HAND)}"


def flaws(case: Case) -> list[str]:
    """Name the rework of a case, each kind as often as it happened, in its order."""
    found = [kind for step in case.steps if (kind := _kind(step.activity))]
    return [*found, *["rebilled"] * _rebilled(case)]


def _kind(activity: str) -> str:
    return "reversed" if activity.endswith(activities.REVERSED) else _OF_STEP.get(activity, "")


def _rebilled(case: Case) -> int:
    """Count the invoices behind a credit note or the reversal of an invoice."""
    times, is_taken_back = 0, False
    for step in case.steps:
        if step.activity == "invoiced" and is_taken_back:
            times, is_taken_back = times + 1, False
        is_taken_back = is_taken_back or step.activity in _TAKEN_BACK
    return times


def by_hand(case: Case) -> list[str]:
    """Name the steps that a person made by itself, each as often as it happened."""
    return [step.activity for step in case.steps if step.by_hand]


def is_touchless(case: Case) -> bool:
    """Tell whether nobody laid a hand on a case so far, and nothing was repeated."""
    return not by_hand(case) and not flaws(case)


def is_touchless_to_invoice(case: Case) -> bool:
    """Tell the same of its steps up to and with its last invoice."""
    last = max(at for at, step in enumerate(case.steps) if step.activity in _BILLED)
    up_to = case.steps[: last + 1]
    return not any(step.by_hand or _kind(step.activity) for step in up_to)
