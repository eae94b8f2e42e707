"""Balances and sales of each customer as running sums, so that any day and any span is two look-ups."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from o2c.books.loaded import SalesByDay
    from o2c.model.facts import Moved


class _Running:
    """Days in order, each with the sum up to its end."""

    def __init__(self) -> None:
        self.days: list[Date] = []
        self.sums: list[Decimal] = []

    def add(self, day: Date, amount: Decimal) -> None:
        """Add an amount; days come in order."""
        before = self.sums[-1] if self.sums else ZERO
        if self.days and self.days[-1] == day:
            self.sums[-1] = before + amount
        else:
            self.days.append(day)
            self.sums.append(before + amount)

    def through(self, day: Date) -> Decimal:
        """Give the sum up to the end of a day."""
        place = bisect_right(self.days, day)
        return self.sums[place - 1] if place else ZERO


Key = tuple[str, str]


class RunningSums:
    """Running sums by customer and currency."""

    def __init__(self, moved: Iterable[Moved], is_sale: Callable[[Moved], bool]) -> None:
        """Sum once over all movements, day by day."""
        self._balances: dict[Key, _Running] = {}
        self._sales: dict[Key, _Running] = {}
        for move in sorted(moved, key=lambda move: move.date):
            key = (names.customer_of(move.movement.account), move.movement.currency)
            self._balances.setdefault(key, _Running()).add(move.date, move.movement.amount)
            if is_sale(move):
                self._sales.setdefault(key, _Running()).add(move.date, move.movement.amount)

    def balances(self, day: Date, customer: str = "", currency: str = "") -> dict[Key, Decimal]:
        """Give what stands on the accounts of customers at the end of a day; of those that have been moved by then."""
        wanted = _wanted(self._balances, customer, currency)
        return {key: running.through(day) for key, running in wanted if running.days[0] <= day}

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Sum sales after a day and through another, by currency; without the currencies in which nothing was sold."""
        sums: dict[str, Decimal] = {}
        for (_, code), running in _wanted(self._sales, customer, currency):
            if bisect_right(running.days, after) < bisect_right(running.days, until):
                sums[code] = sums.get(code, ZERO) + running.through(until) - running.through(after)
        return sums

    def sales_by_day(self, until: Date, customer: str = "", currency: str = "") -> SalesByDay:
        """Sum the sales of each day up to and with a day, by currency; days without sales are left out."""
        sums: SalesByDay = {}
        for (_, code), running in _wanted(self._sales, customer, currency):
            days, before = sums.setdefault(code, {}), ZERO
            for day, through in zip(running.days, running.sums, strict=True):
                if day <= until:
                    days[day] = days.get(day, ZERO) + through - before
                before = through
        return {code: days for code, days in sums.items() if days}


def _wanted(known: dict[Key, _Running], customer: str, currency: str) -> Iterator[tuple[Key, _Running]]:
    for key, running in known.items():
        if (not customer or key[0] == customer) and (not currency or key[1] == currency):
            yield key, running
