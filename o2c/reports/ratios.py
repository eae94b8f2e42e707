"""Quotients as reports show them: exact, then rounded once, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Context
from decimal import Decimal

from o2c.model.money import ZERO

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_TWO = 2


def divided(dividend: Decimal, divisor: Decimal, factor: int | Decimal = 1, places: int = _TWO) -> Decimal | str:
    """Give dividend / divisor x factor, rounded half up to some decimals; "" where the divisor is not above zero.

    >>> divided(Decimal(350), Decimal(250), 90), divided(Decimal("0.01"), Decimal(2), 33), divided(Decimal(1), ZERO)
    (Decimal('126.00'), Decimal('0.17'), '')
    """
    if divisor <= 0:
        return ""
    return rounded(_EXACT.divide(_EXACT.multiply(dividend, Decimal(factor)), divisor), places)


def rounded(number: Decimal, places: int = _TWO) -> Decimal:
    """Round a number that is no money half up, away from zero.

    >>> rounded(Decimal("73.705")), rounded(Decimal("-0.004"))
    (Decimal('73.71'), Decimal('0.00'))
    """
    return number.quantize(Decimal(1).scaleb(-places), context=_EXACT) + ZERO
