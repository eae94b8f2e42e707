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


def line_net(
    quantity: Decimal, price: Decimal, discount: Decimal, currency: str, base_quantity: Decimal = Decimal(1)
) -> Decimal:
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
        TaxTotal(code, rate, base, rounded(base * rate / HUNDRED, currency))
        for (code, rate), base in sorted(bases.items())
    ]


class Summed(NamedTuple):
    """A line as the totals see it: kind (`item`, `allowance`, `charge`), tax code, rate in percent, net.

    The nets of allowances and charges of the document are positive, like those of items; the kind decides the sign.
    """

    kind: str
    code: str
    rate: Decimal
    net: Decimal

    @property
    def signed(self) -> Decimal:
        """The net as it counts: an allowance lowers the document."""
        return -self.net if self.kind == "allowance" else self.net


class DocumentTotals(NamedTuple):
    """The sums of a document, in its currency, as the customer reads them (BT-106 to BT-115 of EN 16931)."""

    items: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    taxes: tuple[TaxTotal, ...]
    tax: Decimal
    gross: Decimal
    due: Decimal


def adjusted(net: Decimal, charges: Iterable[Decimal] = (), allowances: Iterable[Decimal] = ()) -> Decimal:
    """Give a line's net with its own charges added and allowances taken off, all of them rounded amounts (BR-CO-10).

    >>> adjusted(Decimal("4100.00"), [Decimal("1")], [Decimal("101")])
    Decimal('4000.00')
    """
    return net + sum(charges, ZERO) - sum(allowances, ZERO)


def document_totals(
    lines: Iterable[Summed], currency: str, *, prepaid: Decimal = ZERO, rounding: Decimal = ZERO
) -> DocumentTotals:
    """Sum the lines of a document, tax included; due is gross less what was prepaid, plus rounding (BR-CO-16).

    >>> document_totals([Summed("item", "A", Decimal(25), Decimal("12.12"))], "EUR").gross
    Decimal('15.15')
    """
    lines = tuple(lines)
    sums = {
        kind: sum((line.net for line in lines if line.kind == kind), ZERO) for kind in ("item", "allowance", "charge")
    }
    net = sums["item"] - sums["allowance"] + sums["charge"]
    made = tuple(taxes(((line.code, line.rate, line.signed) for line in lines), currency))
    tax = sum((total.tax for total in made), ZERO)
    return DocumentTotals(
        sums["item"], sums["allowance"], sums["charge"], net, made, tax, net + tax, net + tax - prepaid + rounding
    )
