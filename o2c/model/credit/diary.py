"""What happened to each customer with a limit, day by day: movements of items, and what of its orders uses credit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.credit.order_parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from datetime import date as Date

    from o2c.model.credit.histories import History
    from o2c.model.credit.order_parts import Open
    from o2c.model.integrity.sheet import Move


class Day:
    """What happened to a customer on one day: movements on items, and the orders that changed.

    `orders` are by number, each with what of it uses credit at the end of the day.
    """

    __slots__ = ("moves", "orders")

    def __init__(self) -> None:
        """Begin without anything."""
        self.moves: list[Move] = []
        self.orders: dict[str, tuple[Open, ...]] = {}


class Diary(NamedTuple):
    """The days of each customer that is looked at, and the histories of all orders."""

    days: dict[str, dict[Date, Day]]
    orders: dict[str, History]


def diary(moves: Iterable[Move], orders: dict[str, History], customers: Collection[str]) -> Diary:
    """Read what happened to these customers out of all movements and the histories of all orders."""
    result = Diary({customer: defaultdict(Day) for customer in customers}, orders)
    for move in moves:
        days = result.days.get(move.customer)
        if days is not None:
            days[move.date].moves.append(move)
    for doc_id, history in orders.items():
        days = result.days.get(history.customer)
        if days is not None:
            for date in history.days:
                days[date].orders[doc_id] = parts_of(history, date)
    return result
