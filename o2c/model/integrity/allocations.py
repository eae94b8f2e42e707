"""No item is used for more than it is, and none before it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import stem
from o2c.model.integrity.sheet import title
from o2c.model.integrity.sheet import word
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.model.findings import Finding
    from o2c.model.integrity.sheet import Move
    from o2c.model.integrity.sheet import Sheet


class Start(NamedTuple):
    """How an item began: the day, the amount, and whether a document or a due date says so."""

    date: date
    amount: Decimal
    said: bool


def over_allocation(sheet: Sheet) -> list[Finding]:
    """Find items that are below zero (debits) or above zero (credits) at the end of any day.

    The order of entries within a day does not matter. One finding for each item, at the first such day.
    """
    return [finding for key, moves in sheet.moves_of.items() if key[1] for finding in _overdrawn(key, moves)]


def dates(sheet: Sheet) -> list[Finding]:
    """Find movements on an item before the day of the document that opens it."""
    return [
        finding for key, moves in sheet.moves_of.items() if key[1] and len(moves) > 1 for finding in _early(key, moves)
    ]


def _overdrawn(key: tuple[str, str, str], moves: list[Move]) -> Iterator[Finding]:
    if len(moves) == 1:
        return
    account, item, currency = key
    start = _start(moves)
    if not start.said and not start.amount:
        return
    running = ZERO
    for number, move in enumerate(moves):
        running += move.number
        day = move.entry.date
        ends_day = number + 1 == len(moves) or moves[number + 1].entry.date != day
        if ends_day and day >= start.date and running and not _same_side(running, start.amount):
            taker = _taker(moves[: number + 1], running)
            yield found(
                "over-allocation",
                taker.entry,
                f"item {item} on {account} began with {text(start.amount, currency)} and is {text(running, currency)} "
                f"at the end of {day}: {text(abs(running), currency)} too much was taken from it; "
                f"take back part of {title(taker.entry)} or give the rest an item of its own",
            )
            return


def _same_side(running: Decimal, amount: Decimal) -> bool:
    return (running > 0) == (amount > 0) and amount != 0


def _taker(moves: list[Move], running: Decimal) -> Move:
    """Find the last movement that took too much."""
    return next(move for move in reversed(moves) if (move.number > 0) == (running > 0))


def _start(moves: list[Move]) -> Start:
    """Find the movements that open an item: in the document of its name, with a due date, or those of the first day."""
    first = next((move for move in moves if _is_own(move)), None) or next((move for move in moves if move.opens), None)
    if first is not None:
        own = [move.number for move in moves if move.entry is first.entry]
        return Start(first.entry.date, sum(own, ZERO), said=True)
    day = moves[0].entry.date
    return Start(day, sum((move.number for move in moves if move.entry.date == day), ZERO), said=False)


def _is_own(move: Move) -> bool:
    doc_id = word(move.entry, "doc-id")
    return bool(doc_id) and (doc_id == move.item or doc_id == stem(move.item))


def _early(key: tuple[str, str, str], moves: list[Move]) -> Iterator[Finding]:
    start = _start(moves)
    if not start.said:
        return
    for move in moves:
        if move.entry.date < start.date:
            message = (
                f"{title(move.entry)} of {move.entry.date} moves item {key[1]}, which begins on {start.date}; "
                "give the money an item of its own (a receipt on account) and allocate it later"
            )
            yield found("dates", move.entry, message)
