"""The sums of an electronic invoice, and what is due: exactly what the document opened on the customer's account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.rendering.einvoice.en16931 import Totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.master.company import Accounts
    from o2c.model.documents import Document
    from o2c.rendering.einvoice.en16931 import Adjustment
    from o2c.rendering.einvoice.en16931 import Line
    from o2c.rendering.einvoice.en16931 import Tax


def totals(
    doc: Document,
    accounts: Accounts,
    lines: Sequence[Line],
    adjustments: Sequence[Adjustment],
    taxes: Sequence[Tax],
) -> Totals:
    """Sum up lines and taxes (BR-CO-10 to 15); the rest between the total and what is due is rounding or prepaid.

    Rounding (BT-114) is what stands on the company's rounding account. Everything else that the document does not
    leave open was prepaid (BT-113): credits it used up, or a tax that the customer pays to the state.
    """
    items = sum((line.net for line in lines), ZERO)
    allowances = sum((adjustment.amount for adjustment in adjustments if not adjustment.charge), ZERO)
    charges = sum((adjustment.amount for adjustment in adjustments if adjustment.charge), ZERO)
    net = items - allowances + charges
    tax = sum((row.tax for row in taxes), ZERO)
    gross = net + tax
    due, rounding = _due(doc), _rounding(doc, accounts)
    return Totals(items, allowances, charges, net, tax, gross, gross + rounding - due, rounding, due)


def own_items(doc: Document) -> tuple[str, ...]:
    """Name the items that a document opens: its number, or that with `.1`, `.2` for instalments."""
    return tuple(
        movement.item
        for movement in doc.movements
        if movement.item == doc.doc_id or movement.item.startswith(f"{doc.doc_id}.")
    )


def _due(doc: Document) -> Decimal:
    """Give what an invoice opened, or what a credit note gives back in all."""
    if doc.doc_type == names.CREDIT_NOTE:
        return -sum((movement.amount for movement in doc.movements), ZERO) or ZERO
    own = set(own_items(doc))
    return sum((movement.amount for movement in doc.movements if movement.item in own), ZERO)


def _rounding(doc: Document, accounts: Accounts) -> Decimal:
    debit = sum(
        (other.amount for other in doc.others if (other.account, other.currency) == (accounts.rounding, doc.currency)),
        ZERO,
    )
    return (debit if doc.doc_type == names.CREDIT_NOTE else -debit) or ZERO
