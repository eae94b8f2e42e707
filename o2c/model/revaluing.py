"""Foreign items at the rate of a closing day: what they are worth then, beside what they are carried at (IAS 21.23)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.model.items import Item


class Difference(NamedTuple):
    """An item, the rate of the day, its value at that rate, and how far that is from what it is carried at.

    `value` and `number` in the currency of the books, debit positive: a gain on a receivable is above zero.
    """

    item: Item
    rate: Decimal
    value: Decimal
    number: Decimal


def is_monetary(item: Item) -> bool:
    """Tell whether an item is revalued: money the customer paid in advance keeps its rate (IFRIC 22)."""
    return bool(item.carrying_currency) and not (item.open < 0 and item.doc_type == names.RECEIPT)


def differences(items: Iterable[Item], rate: Callable[[str], Decimal]) -> list[Difference]:
    """Value the open items that are held at a rate; each is rounded once. Items without a rate have nothing to compare.

    What an item is carried at is its invoice rate, or the last closing rate where somebody moved the lot itself: so a
    difference is never counted twice.
    """
    return [_difference(item, rate(item.currency)) for item in items if is_monetary(item)]


def _difference(item: Item, rate: Decimal) -> Difference:
    value = rounded(item.open * rate, item.carrying_currency)
    number = value - item.carrying
    return Difference(item, rate, value, number or ZERO)
