"""A link to a page where the customer can pay, out of a pattern in company.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from o2c.rendering.payment_help.asked import Asked


def payment_link(pattern: str, payment: Asked) -> str:
    """Fill in `https://pay.example/{number}?amount={amount}&currency={currency}&reference={reference}`; "" without one.

    Values are percent-encoded, so that none of them can change where the link leads.

    >>> from beancount.core.amount import Amount
    >>> from decimal import Decimal
    >>> from o2c.rendering.payment_help import Asked
    >>> payment = Asked(Amount(Decimal("12.50"), "EUR"), "INV-1/..", "RF71INV1", "", "", "")
    >>> payment_link("https://pay.example/{number}?amount={amount}&reference={reference}", payment)
    'https://pay.example/INV-1%2F..?amount=12.50&reference=RF71INV1'
    """
    values = {
        "number": payment.number,
        "amount": f"{payment.amount.number:.2f}",
        "currency": payment.amount.currency,
        "reference": payment.reference,
    }
    return pattern.format_map({name: quote(value, safe="") for name, value in values.items()}) if pattern else ""
