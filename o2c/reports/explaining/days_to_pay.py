"""Days to pay taken apart: each payment of a customer, weighed by its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.explaining import paid
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from o2c.reports.explaining.asked import Asked

HEADLINE = "days_to_pay"
_WEIGHED = {"days_to_pay": paid.money_days, "terms": paid.terms_days, "days_late": paid.late_days}


def explain(asked: Asked) -> Part:
    """Explain weighed days by the payments, and sums and counts of them."""
    found = paid.of_currency(asked)
    if asked.name in _WEIGHED:
        dividend = _WEIGHED[asked.name](asked, found)
        return asked.answer(quotient(), (dividend, paid.amount(asked, found)), f"{dividend.what} / paid")
    if asked.name == "payments":
        applied = [one for one in found if one.amount > 0]
        return asked.answer(COUNT, paid.amount(asked, applied).parts, "applications, without those taken back")
    late = paid.amount(asked, [one for one in found if one.is_late], "late")
    if asked.name == "late":
        return asked.answer(SUM, late.parts, "paid after the due date")
    if asked.name == "paid":
        return asked.answer(SUM, paid.amount(asked, found).parts, "applied, less what was taken back")
    parts = (late, paid.amount(asked, found), Part("percent", 100))
    return asked.answer(quotient(), parts, "late / paid x 100")
