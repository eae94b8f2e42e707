"""An insight as a value: one sentence, and the documents that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.model.items import Item


class Evidence(NamedTuple):
    """A document or item behind an insight: whose, of which day, how much of the money it is, and what it shows."""

    document: str
    customer: str
    date: date
    money: Decimal
    shows: str


class Insight(NamedTuple):
    """What a rule found in one currency; its money is the sum of its evidence, never below zero."""

    rule: str
    currency: str
    sentence: str
    evidence: tuple[Evidence, ...]

    @property
    def money(self) -> Decimal:
        """The money that it is about."""
        return sum((one.money for one in self.evidence), ZERO)

    @property
    def customers(self) -> int:
        """How many customers it is about."""
        return len({one.customer for one in self.evidence})


def by_currency(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Sort items by their currency, in its order."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.currency, []).append(item)
    return dict(sorted(groups.items()))


def of_item(item: Item, shows: str, money: Decimal | None = None) -> Evidence:
    """Make evidence of an item, with what is open of it, or a part of that."""
    return Evidence(item.item, item.customer, item.date, abs(item.open) if money is None else money, shows)


def total(evidence: Iterable[Evidence], currency: str) -> str:
    """Say the money of some evidence, `1234.50 EUR`."""
    return text(sum((one.money for one in evidence), ZERO), currency)


def count(number: int, one: str, many: str = "") -> str:
    """Say how many: `1 item`, `2 items`.

    >>> count(1, "item"), count(2, "item"), count(2, "delivery", "deliveries")
    ('1 item', '2 items', '2 deliveries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def people(evidence: Iterable[Evidence]) -> str:
    """Say how many customers some evidence is about: `1 customer`."""
    return count(len({one.customer for one in evidence}), "customer")
