"""Revaluation: foreign items at the closing rate, taken back on the first day after it (IAS 21.23, 21.28).

The difference stands beside the customers' accounts, on an account of its own: no lot is moved. So every item keeps its
invoice rate, receipts of the first day are not disturbed, and nothing is ever counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing.turning import draft
from o2c.closing.turning import new_numbers
from o2c.closing.turning import turned
from o2c.model import names
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.model.revaluing import differences
from o2c.proposals import Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.closing.at_end import AtEnd
    from o2c.model.documents import Act
    from o2c.model.revaluing import Difference

#: Metadata of a posting: the item whose difference it is.
ON_ITEM = "on-item"


class Revalued(NamedTuple):
    """An item: how far its closing value is from what it is carried at, and what is posted of that.

    `difference` is None where the item is not open any more. Numbers in the currency of the books, gains above zero.
    """

    item: str
    difference: Difference | None
    posted: Decimal

    @property
    def due(self) -> Decimal:
        """What should be posted at the end of the month."""
        return self.difference.number if self.difference else ZERO

    @property
    def missing(self) -> Decimal:
        """What is still to post; below zero what is posted too much."""
        return self.due - self.posted


def revalued(at_end: AtEnd) -> list[Revalued]:
    """Compare each open foreign item's difference with what is posted for it; the rate is that of the last day."""
    found = {difference.item.item: difference for difference in differences(at_end.items, at_end.rate)}
    posted = _posted(at_end)
    keys = [*found, *(item for item in posted if item not in found)]
    return [Revalued(item, found.get(item), posted.get(item, ZERO)) for item in keys]


def _posted(at_end: AtEnd) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in at_end.postings.get(at_end.accounts.revaluation, ()):
        item = str(one.facts.get(ON_ITEM) or "")
        sums[item] = sums.get(item, ZERO) + one.number
    return {item: number for item, number in sums.items() if number}


def propose(at_end: AtEnd, act: Act) -> list[Part]:
    """Propose a revaluation for each customer and currency, with its reversal; nothing where all is posted.

    Raises Refused where an account is not open or a rate is missing.
    """
    groups: dict[tuple[str, str], list[Revalued]] = {}
    for one in revalued(at_end):
        if one.missing and one.item:
            groups.setdefault(_group(at_end, one), []).append(one)
    numbers = new_numbers()
    return [_part(at_end, act, group, items, (next(numbers), next(numbers))) for group, items in sorted(groups.items())]


def _group(at_end: AtEnd, one: Revalued) -> tuple[str, str]:
    if one.difference is not None:
        return one.difference.item.customer, one.difference.item.currency
    entry = next(
        posted.entry for posted in at_end.postings[at_end.accounts.revaluation] if posted.facts.get(ON_ITEM) == one.item
    )
    return str(entry.meta.get("customer") or ""), str(entry.meta.get("currency") or at_end.currency)


def _part(at_end: AtEnd, act: Act, group: tuple[str, str], items: Sequence[Revalued], numbers: tuple[str, str]) -> Part:
    customer, currency = group
    total = sum((one.missing for one in items), ZERO)
    doc = draft(
        at_end,
        act,
        names.REVALUATION,
        numbers[0],
        tuple(other for one in items for other in _others(at_end, one)),
        f"{currency} at {at_end.rate(currency):f} on {at_end.month.last}",
        customer=customer,
        currency=currency,
        links=frozenset(one.item for one in items),
        facts=extra(fx_rate=at_end.rate(currency)),
    )
    return Part(
        entries=(doc, turned(doc, numbers[1], at_end.next_day)),
        about=tuple(sorted(one.item for one in items)),
        evidence=tuple((f"item-{number:04d}", _said(at_end, one)) for number, one in enumerate(items, 1)),
        summary=f"{customer} {currency}: unrealised {'gain' if total > 0 else 'loss'} of "
        f"{text(abs(total), at_end.currency)}, taken back on {at_end.next_day}",
    )


def _others(at_end: AtEnd, one: Revalued) -> Iterator[Other]:
    facts = extra(on_item=one.item)
    yield Other(at_end.require_open(at_end.accounts.revaluation), one.missing, at_end.currency, None, facts)
    yield Other(at_end.require_open(at_end.accounts.unrealised), -one.missing, at_end.currency, None, facts)


def _said(at_end: AtEnd, one: Revalued) -> str:
    if one.difference is None:
        return f"{one.item}: not open any more, {text(one.posted, at_end.currency)} is posted"
    item, rate, value, number = one.difference
    posted = f"; posted before: {one.posted}" if one.posted else ""
    return (
        f"{item.item}: {text(item.open, item.currency)} x {rate:f} = {text(value, at_end.currency)}, "
        f"carried at {text(item.carrying, at_end.currency)}, difference {number}{posted}"
    )
