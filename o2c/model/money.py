"""Money: exact decimals with their currency, read through one gate and rounded in one place.

Limits (rule R6): ASCII digits, at most 18 digits before the point and 6 behind it, finite. Within them
Beancount's 28-digit arithmetic is exact.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP
from decimal import Context
from decimal import Decimal

from beancount.core.amount import Amount

from o2c.errors import BadInput

#: Decimals of the currencies that do not have two (ISO 4217, list one, 2026).
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_NUMBER = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]", re.ASCII)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_RESERVED = {"TRUE", "FALSE", "NULL"}

ZERO = Decimal(0)
LIMIT = Decimal(10) ** 18


def decimals(currency: str) -> int:
    """Tell how many decimals a currency's smallest unit has.

    >>> decimals("EUR"), decimals("JPY"), decimals("KWD")
    (2, 0, 3)
    """
    return _DECIMALS.get(currency, 2)


def unit(currency: str) -> Decimal:
    """Give the smallest unit of a currency, 0.01 for EUR."""
    return Decimal(1).scaleb(-decimals(currency))


def rounded(number: Decimal, currency: str) -> Decimal:
    """Round half up, away from zero, to the smallest unit of the currency (EN 16931, BR-CO-17).

    >>> rounded(Decimal("1.005"), "EUR"), rounded(Decimal("-1.005"), "EUR"), rounded(Decimal("0.5"), "JPY")
    (Decimal('1.01'), Decimal('-1.01'), Decimal('1'))
    """
    result = number.quantize(unit(currency), rounding=ROUND_HALF_UP, context=_EXACT)
    return result if result else abs(result)


def parse_number(text: str, field: str = "number") -> Decimal:
    """Read a number written with a point and nothing else: `1234.50`, `-3`, `0.125`.

    Raises BadInput for anything else: exponents, group separators, NaN, digits of other scripts, more than
    18 digits before the point or six behind it.
    """
    if not _NUMBER.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is not a number; write it like 1234.50, with a point and no separators")
    number = Decimal(text)
    if abs(number) > LIMIT:
        raise BadInput(f"{field}: {shown(text)} is larger than {LIMIT}")
    return number if number else ZERO


def parse_currency(text: str, field: str = "currency") -> str:
    """Read a currency code as Beancount allows it, at least two characters: `EUR`."""
    if not _CURRENCY.fullmatch(text) or text in _RESERVED:
        raise BadInput(f"{field}: {shown(text)} is not a currency code; write it like EUR")
    return text


def parse_amount(text: str, field: str = "amount", currency: str | None = None) -> Amount:
    """Read `1234.50 EUR`; without a currency in the text, the given one is taken.

    Raises BadInput when the number has more decimals than the currency's smallest unit.
    """
    words = text.split(" ")
    if len(words) == 1 and currency is not None:
        words = [words[0], currency]
    if len(words) != 2:
        raise BadInput(f"{field}: {shown(text)} is not an amount; write it like 1234.50 EUR")
    amount = Amount(parse_number(words[0], field), parse_currency(words[1], field))
    return whole_units(amount, field)


def whole_units(amount: Amount, field: str = "amount") -> Amount:
    """Return the amount at the scale of its currency, or refuse fractions of the smallest unit."""
    assert amount.number is not None
    exact = rounded(amount.number, amount.currency)
    if exact != amount.number:
        raise BadInput(f"{field}: {amount} has more decimals than {amount.currency} has ({decimals(amount.currency)})")
    return Amount(exact, amount.currency)


def shares(total: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    """Split a total in proportion to weights; each part is rounded, the last takes what is left.

    The parts always sum to the total, and no part has the other sign. With all weights zero the last takes all.
    """
    parts: list[Decimal] = []
    rest_total, rest_weight = total, sum(weights, ZERO)
    for weight in weights[:-1]:
        part = rounded(rest_total * weight / rest_weight, currency) if rest_weight else ZERO
        parts.append(part)
        rest_total, rest_weight = rest_total - part, rest_weight - weight
    return [*parts, rest_total] if weights else []


def text(number: Decimal, currency: str) -> str:
    """Write a number of money with its currency: `1234.50 EUR`, never an exponent."""
    places = max(decimals(currency), -int(number.as_tuple().exponent) if number.is_finite() else 0)
    return f"{number:.{places}f} {currency}"


def shown(value: str) -> str:
    """Quote a value from outside for a message, short and on one line."""
    cut = value if len(value) <= 60 else value[:57] + "..."
    return ascii(cut) if not cut.isprintable() else f"'{cut}'"
