"""What of the receivables can be lost: what is open, less VAT that comes back, and what is insured or assessed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.closing.loss_history import segment_of
from o2c.model.credit import in_force
from o2c.model.credit import limits_by_name
from o2c.model.losses import bucket
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date as Date

    from o2c.closing.at_end import AtEnd
    from o2c.master.allowance_policy import AllowancePolicy
    from o2c.model.documents import Event
    from o2c.model.items import Item

#: The line that sets the allowance of one item by itself.
SPECIFIC = "o2c-allowance"
#: Instead of an amount: the item goes back to the matrix.
GENERAL = "general"


class Base(NamedTuple):
    """What counts of a segment: amounts by bucket, and specific allowances by item; exact, in the books' currency."""

    buckets: dict[str, Decimal]
    specific: dict[str, Decimal]


def bases(at_end: AtEnd, policy: AllowancePolicy) -> dict[str, Base]:
    """Give what counts of each segment at the end of the month; credits lower nothing.

    A part of a customer that is insured or secured (the limit in force on the last day) is taken off its items in
    proportion. VAT that comes back with a loss is the share of tax on the item's document.
    """
    assessed = specific_allowances(at_end.facts.customs, at_end.month.last)
    by_customer: dict[str, list[Item]] = {}
    for item in at_end.items:
        if item.open > 0:
            by_customer.setdefault(item.customer, []).append(item)
    secured = _secured(at_end)
    found: dict[str, Base] = {}
    for customer, items in by_customer.items():
        base = found.setdefault(segment_of(at_end, policy, customer).name, Base({}, {}))
        _add(base, at_end, policy, items, assessed, secured.get(customer, ZERO))
    return found


def _add(
    base: Base,
    at_end: AtEnd,
    policy: AllowancePolicy,
    items: list[Item],
    assessed: Mapping[str, Amount],
    secured: Decimal,
) -> None:
    general = [item for item in items if item.item not in assessed]
    amounts = [item.open * at_end.rate(item.currency) * _untaxed(at_end, policy, item) for item in general]
    total = sum(amounts, ZERO)
    for item, amount in zip(general, amounts, strict=True):
        name = bucket((at_end.month.last - item.due).days)
        kept = amount * max(total - secured, ZERO) / total if secured else amount
        base.buckets[name] = base.buckets.get(name, ZERO) + kept
    for item in items:
        if item.item in assessed:
            said = assessed[item.item]
            base.specific[item.item] = (said.number or ZERO) * at_end.rate(said.currency)


def specific_allowances(customs: Iterable[Event], day: Date) -> dict[str, Amount]:
    """Read the items that are assessed by themselves on a day: the latest line about each counts.

    `2026-10-31 custom "o2c-allowance" "INV-2026-0007" 500.00 EUR` sets it, `"general"` instead of the amount ends it.
    """
    found: dict[str, Amount] = {}
    for event in sorted((event for event in customs if event.kind == SPECIFIC), key=lambda event: event.date):
        match event.values:
            case (str(item), Amount() as amount) if event.date <= day:
                found[item] = amount
            case (str(item), str(word)) if event.date <= day and word == GENERAL:
                found.pop(item, None)
    return found


def _secured(at_end: AtEnd) -> dict[str, Decimal]:
    entries_of = limits_by_name(at_end.facts.customs)
    found = {name: in_force(entries, at_end.month.last) for name, entries in entries_of.items()}
    return {
        name: limit.secured * at_end.rate(limit.currency)
        for name, limit in found.items()
        if limit is not None and limit.secured and not limit.members
    }


def _untaxed(at_end: AtEnd, policy: AllowancePolicy, item: Item) -> Decimal:
    """Give the share of an item that is not VAT, where VAT comes back with a loss; 1 where the VAT is not known."""
    versions = at_end.facts.versions.get(item.doc_id)
    if not policy.recoverable_vat or not versions:
        return Decimal(1)
    taxes = versions[-1].taxes
    base = sum((tax.base.number or ZERO for tax in taxes), ZERO)
    tax = sum((_size(tax.tax.number if tax.tax else tax.amount) for tax in taxes), ZERO)
    return base / (base + tax) if base + tax > 0 else Decimal(1)


def _size(number: Decimal | None) -> Decimal:
    return abs(number or ZERO)
