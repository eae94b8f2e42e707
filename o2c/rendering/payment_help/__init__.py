"""What helps a customer to pay without a typing error: a code to scan and a link, with exact amount and reference."""

from __future__ import annotations

from o2c.rendering.payment_help.asked import Asked
from o2c.rendering.payment_help.asked import asked
from o2c.rendering.payment_help.epc import epc_code
from o2c.rendering.payment_help.link import payment_link
from o2c.rendering.payment_help.swiss import swiss_bill

__all__ = ["Asked", "asked", "epc_code", "payment_link", "swiss_bill"]
