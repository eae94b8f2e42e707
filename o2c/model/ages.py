"""How long open items have been due: summed by customer, currency and age."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.items import Item

#: What items may be counted from: the day they are due, or the day of their document.
DUE = "due"
INVOICE = "invoice"


class Ages(NamedTuple):
    """What a customer owes in one currency, by age.

    `owed` has a sum for each bucket, the youngest first; debit items only, positive. `credit` is the sum of the items
    that we owe, zero or negative.
    """

    owed: tuple[Decimal, ...]
    credit: Decimal


#: Ages by customer and currency.
AgesByCustomer = dict[tuple[str, str], Ages]


def ages(items: Iterable[Item], as_of: Date, last_days: Sequence[int], basis: str = DUE) -> AgesByCustomer:
    """Sort open items into buckets by whole days after their date; `last_days` are the last days of all but the last.

    With `last_days` (0, 30) the buckets are: up to the day itself, 1 to 30 days after it, later.
    """
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for item in items:
        of_customer = sums.setdefault((item.customer, item.currency), [ZERO] * (len(last_days) + 2))
        since = item.due if basis == DUE else item.date
        of_customer[bucket((as_of - since).days, last_days) if item.open > 0 else -1] += item.open
    return {key: Ages(tuple(found[:-1]), found[-1]) for key, found in sums.items()}


def bucket(days: int, last_days: Sequence[int]) -> int:
    """Find the number of the bucket for whole days after the date.

    >>> [bucket(days, (0, 30)) for days in (-1, 0, 1, 30, 31)]
    [0, 0, 1, 1, 2]
    """
    return bisect_left(last_days, days)
