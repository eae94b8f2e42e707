"""The code that banking apps in the euro area scan (EPC069-12, "GiroCode"): a transfer, filled in."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from o2c.rendering.payment_help.asked import Asked

_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")
_LONGEST_NAME = 70
#: White around the code, in modules: four are asked for in print (ISO/IEC 18004).
_QUIET = 4


def epc_code(payment: Asked) -> str:
    """Draw the code as SVG text; "" where the guideline knows no code: another currency, or an amount out of its range.

    A name longer than 70 letters is cut, as the guideline has no room for more; banks compare the IBAN.
    """
    number = payment.amount.number
    if payment.amount.currency != "EUR" or number is None or not _LEAST <= number <= _MOST:
        return ""
    from segno import helpers

    code = helpers.make_epc_qr(
        name=payment.creditor[:_LONGEST_NAME],
        iban=payment.iban,
        amount=number,
        reference=payment.reference or None,
        text=None if payment.reference else payment.number,
        bic=payment.bic or None,
        encoding="utf-8",
    )
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, border=_QUIET, unit="mm", scale=1, nl=False)
    return drawn.getvalue().decode()
