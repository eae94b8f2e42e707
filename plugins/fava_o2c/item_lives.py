"""From when to when each item was open, so that the open items of any day are found without looking at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import ages
from o2c.model import names
from o2c.model.items import items
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.ages import AgesByCustomer
    from o2c.model.facts import Moved
    from o2c.model.items import ItemKey


class Life(NamedTuple):
    """An item's movements, in the order of the books; `settled` is the day from whose end on it stays at zero.

    `due` is the item's due date where it is the same on every day, because its first movement opens it; else None.
    """

    customer: str
    currency: str
    begins: Date
    settled: Date | None
    due: Date | None
    moved: tuple[Moved, ...]


class ItemLives:
    """The lives of all items."""

    def __init__(self, moved: Iterable[Moved]) -> None:
        """Sort the movements by item, once."""
        groups: dict[ItemKey, list[Moved]] = {}
        for move in moved:
            groups.setdefault((move.movement.account, move.movement.item, move.movement.currency), []).append(move)
        self._lives = [_life(key, group) for key, group in groups.items()]
        self._of_customer: dict[str, list[Life]] = {}
        for life in self._lives:
            self._of_customer.setdefault(life.customer, []).append(life)

    def moved(self, as_of: Date, customer: str = "", currency: str = "") -> list[Moved]:
        """List the movements of the items that were open at the end of a day, those of other days among them."""
        return [move for life in self._open(as_of, customer, currency) for move in life.moved]

    def ages(
        self, as_of: Date, last_days: Sequence[int], basis: str, customer: str = "", currency: str = ""
    ) -> AgesByCustomer:
        """Sum what is open by customer, currency and age, as `model.ages.ages` does over items."""
        sums: dict[tuple[str, str], list[Decimal]] = {}
        for life in self._open(as_of, customer, currency):
            still, since = _stands(life, as_of, basis)
            if still:
                of_customer = sums.setdefault((life.customer, life.currency), [ZERO] * (len(last_days) + 2))
                of_customer[ages.bucket((as_of - since).days, last_days) if still > 0 else -1] += still
        return {key: ages.Ages(tuple(found[:-1]), found[-1]) for key, found in sums.items()}

    def _open(self, as_of: Date, customer: str, currency: str) -> Iterator[Life]:
        lives = self._of_customer.get(customer, []) if customer else self._lives
        return (life for life in lives if _was_open(life, as_of, currency))

    def moving(self, first: Date, last: Date) -> set[int]:
        """Name (by `id`) all movements of the items that were moved from the first to the last day."""
        lives = (life for life in self._lives if life.begins <= last and _moved_within(life, first, last))
        return {id(move) for life in lives for move in life.moved}


def _stands(life: Life, as_of: Date, basis: str) -> tuple[Decimal, Date]:
    """Give what is open of an item at the end of a day, and the day its age is counted from."""
    if life.due is None:
        (item,) = items(life.moved, as_of).values()
        return item.open, item.due if basis == ages.DUE else item.date
    still = sum((move.movement.amount for move in life.moved if move.date <= as_of), ZERO)
    return still, life.due if basis == ages.DUE else life.moved[0].date


def _moved_within(life: Life, first: Date, last: Date) -> bool:
    return any(first <= move.date <= last for move in life.moved)


def _was_open(life: Life, day: Date, currency: str) -> bool:
    begun = life.begins <= day and (life.settled is None or life.settled > day)
    return begun and (not currency or life.currency == currency)


def _life(key: ItemKey, group: list[Moved]) -> Life:
    account, _, currency = key
    days = [move.date for move in group]
    whole = sum((move.movement.amount for move in group), ZERO)
    settled = None if whole else max(days)
    return Life(names.customer_of(account), currency, min(days), settled, _due(group), tuple(group))


def _due(group: list[Moved]) -> Date | None:
    first = group[0]
    opens = first.doc_id == first.movement.item or first.due is not None
    return (first.due or first.date) if opens and first.date == min(move.date for move in group) else None
