"""An amount as it was asked for: a number, and a currency only if one was said."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.model.money import whole_units

if TYPE_CHECKING:
    from decimal import Decimal


class Asked(NamedTuple):
    """A number of money; `currency` is empty where it goes without saying."""

    number: Decimal
    currency: str = ""

    def within(self, currency: str, field: str = "AMOUNT") -> Decimal:
        """Give the number in a currency.

        Raises Refused for another currency, for which no rate was agreed, and BadInput for fractions of its cents.
        """
        if self.currency not in {"", currency}:
            raise Refused(f"{field}: {self.currency} is not {currency}; amounts of two currencies are never netted")
        number = whole_units(Amount(self.number, currency), field).number
        assert number is not None, "an amount has a number"
        return number
