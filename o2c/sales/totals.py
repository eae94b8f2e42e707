"""The arithmetic of a document (EN 16931): lines rounded once, tax per code on the document, half up.

Sums of rounded lines are the truth: net = Σ lines, tax = base x rate per code, gross = net + tax (BR-CO-10 to 17).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

HUNDRED = Decimal(100)


class TaxTotal(NamedTuple):
    """The tax of one code: base, rate in percent, tax; in the document's currency, positive as the customer reads."""

    code: str
    rate: Decimal
    base: Decimal
    tax: Decimal


def line_net(quantity: Decimal, price: Decimal, discount: Decimal, currency: str, base_quantity: Decimal = Decimal(1)) -> Decimal:
    """Give a line's net: quantity x price / base quantity, less the discount in percent, rounded once.

    >>> line_net(Decimal("3"), Decimal("24.95"), Decimal("0"), "EUR")
    Decimal('74.85')
    """
    return rounded(quantity * price / base_quantity * (HUNDRED - discount) / HUNDRED, currency)


def taxes(nets: Iterable[tuple[str, Decimal, Decimal]], currency: str) -> list[TaxTotal]:
    """Sum nets (code, rate, net) per code and rate, and compute the tax of each on its base.

    >>> taxes([("A", Decimal(23), Decimal("55.55")), ("A", Decimal(23), Decimal("11.11"))], "EUR")[0].tax
    Decimal('15.33')
    """
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for code, rate, net in nets:
        bases[code, rate] = bases.get((code, rate), ZERO) + net
    return [
        TaxTotal(code, rate, base, rounded(base * rate / HUNDRED, currency)) for (code, rate), base in sorted(bases.items())
    ]
