"""The tax that a credit note gives back: its share, and with the last of a code exactly the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.model import money
from o2c.model.money import ZERO
from o2c.model.progress import Credited
from o2c.model.progress import Progress
from o2c.sales.credited_parts import Part
from o2c.sales.credited_parts import net_of
from o2c.sales.totals import taxes

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Tax


def credited_taxes(
    invoice: Document, done: Progress, parts: list[Part], rate: Decimal | None, books_currency: str
) -> list[Tax]:
    """Compute the tax on what is credited; a code that is now credited in full gives back all that is left."""
    rates = {tax.code: tax for tax in invoice.taxes}
    credited = taxes(
        ((part.line.tax_code, rates[part.line.tax_code].rate, part.net) for part in parts), invoice.currency
    )
    made = []
    for total in credited:
        original = rates[total.code]
        before = done.credited_tax.get((invoice.doc_id, total.code), Credited())
        left = _invoiced_tax(original) - before.net
        completes = _completes(invoice, done, parts, total.code)
        number = left if completes else min(total.tax, left) if left >= 0 else max(total.tax, left)
        posted = number if rate is None else money.rounded(number * rate, books_currency)
        if completes and rate is not None:
            posted = -original.amount - before.posted
        made.append(
            original._replace(
                amount=posted if posted else ZERO,
                base=Amount(total.base, invoice.currency),
                tax=None if rate is None else Amount(number, invoice.currency),
            ),
        )
    return made


def _completes(invoice: Document, done: Progress, parts: list[Part], code: str) -> bool:
    now = {part.line.number: part.net for part in parts}
    lines = [line for line in invoice.lines if line.tax_code == code]
    before = {line.number: done.credited.get((invoice.doc_id, line.number), Credited()).net for line in lines}
    return all(before[line.number] + now.get(line.number, ZERO) == net_of(line) for line in lines)


def _invoiced_tax(tax: Tax) -> Decimal:
    """Give the tax on an invoice as the customer reads it."""
    return tax.tax.number if tax.tax is not None and tax.tax.number is not None else -tax.amount


def tax_number(tax: Tax) -> Decimal:
    """Give the tax on a credit note as the customer reads it."""
    return tax.tax.number if tax.tax is not None and tax.tax.number is not None else tax.amount
