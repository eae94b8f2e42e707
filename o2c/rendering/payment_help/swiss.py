"""The payment part of a Swiss QR-bill: for francs and euros, to an account in Switzerland or Liechtenstein."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from o2c.master.address import Address
    from o2c.rendering.payment_help.asked import Asked

_CURRENCIES = frozenset({"CHF", "EUR"})
_COUNTRIES = ("CH", "LI")
_LANGUAGES = frozenset({"de", "fr", "it", "en"})
_LONGEST_NAME, _LONGEST_LINE = 70, 70


def swiss_bill(payment: Asked, seller: Address, buyer: tuple[str, Address] | None, language: str) -> str:
    """Draw receipt and payment part (210 x 105 mm) as SVG text; "" where the rules know no QR-bill.

    `buyer` is name and address of who pays. Words stand in German, French, Italian or English. Raises nothing for long
    names: they are cut to the 70 letters that fit.
    """
    if payment.amount.currency not in _CURRENCIES or not payment.iban.startswith(_COUNTRIES):
        return ""
    from qrbill import QRBill

    bill = QRBill(
        account=payment.iban,
        creditor=_party(payment.creditor, seller),
        amount=f"{payment.amount.number:.2f}",
        currency=payment.amount.currency,
        debtor=_party(*buyer) if buyer else None,
        reference_number=payment.reference or None,
        additional_information="" if payment.reference else payment.number,
        language=language if language in _LANGUAGES else "en",
    )
    drawn = io.StringIO()
    bill.as_svg(drawn)
    return drawn.getvalue()


def _party(name: str, address: Address) -> dict[str, Any]:
    return {
        "name": name[:_LONGEST_NAME],
        "street": ", ".join(address.lines)[:_LONGEST_LINE],
        "pcode": address.postcode,
        "city": address.city,
        "country": address.country,
    }
