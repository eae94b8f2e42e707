"""Payments taken apart: each application of money to an item, with the days from the invoice to the money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import PRODUCT
from o2c.reports.explaining.rules import SUM
from o2c.reports.payments import Payment
from o2c.reports.payments import payments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.reports.explaining.asked import Asked


def of_currency(asked: Asked) -> list[Payment]:
    """List the payments of the period in the currency of the row; of its customer, where it names one."""
    customer = asked.cell("customer")
    found = asked.once(_payments)
    return [one for one in found if one.currency == asked.currency and customer in {"", one.customer}]


def amount(asked: Asked, found: Iterable[Payment], said: str = "paid") -> Part:
    """Give the sum that was applied, less what was taken back."""
    return made(said, SUM, (_part(asked, one) for one in found), asked.currency)


def money_days(asked: Asked, found: Iterable[Payment]) -> Part:
    """Give the sum of payment x days from the invoice to the money."""
    parts = (_weighed(asked, one, one.days_to_pay, "days from the invoice to the money") for one in found)
    return made("payments x days", SUM, parts)


def terms_days(asked: Asked, found: Iterable[Payment]) -> Part:
    """Give the sum of payment x days from the invoice to its due date."""
    parts = (_weighed(asked, one, one.terms, "days from the invoice to its due date") for one in found)
    return made("payments x terms", SUM, parts)


def late_days(asked: Asked, found: Iterable[Payment]) -> Part:
    """Give the sum of payment x days after the due date; early ones are below zero."""
    parts = (_weighed(asked, one, one.days_to_pay - one.terms, "days after the due date") for one in found)
    return made("payments x days late", SUM, parts)


def _weighed(asked: Asked, one: Payment, days: int, said: str) -> Part:
    paid = _part(asked, one)
    return made(paid.what, PRODUCT, (paid, Part(said, Decimal(days))), document=paid.document, at=paid.place)


def _part(asked: Asked, one: Payment) -> Part:
    said = f"{one.item}, invoiced {one.invoiced}, due {one.due}, paid {one.paid}"
    return Part(said, one.amount, one.currency, document=one.doc_id, place=asked.place(one.source))


def _payments(asked: Asked) -> list[Payment]:
    return payments(asked.chosen, asked.span)
