"""Tells whether new entries take lots out of the entries they concern alone just as they would out of all.

Beancount takes a lot for an entry wherever the account holds the same currency with the other sign. So books cut out
of others say the same as long as the items of an account are all debits (receivables) or all credits (deposits), and
every lot that is taken out is among them.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from o2c.books.index.rows import row
from o2c.books.index.slices import Torn
from o2c.books.loaded import NEW
from o2c.model import names

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from collections.abc import Iterable

    from beancount.core.data import Directive

#: Account and currency.
_Key = tuple[str, str]


def mixed(connection: sqlite3.Connection, new: Iterable[Directive], home: Collection[str]) -> bool:
    """Tell whether an account with lots, which new entries move, has items of both signs, the new ones included.

    Lots in the currencies of the books (`home`) are not looked for: nothing of ours makes them.
    """
    fresh: dict[_Key, list[tuple[int, str, int, bool]]] = defaultdict(list)
    for entry in new:
        made = row(entry)
        for move in made.moves if made else ():
            if made and (made.has_lots or move.currency not in home):
                fresh[move.account, move.currency].append((made.date, move.item, move.amount, made.has_lots))
    return any(_is_mixed(connection, key, moves) for key, moves in fresh.items())


def _is_mixed(connection: sqlite3.Connection, key: _Key, fresh: list[tuple[int, str, int, bool]]) -> bool:
    old = connection.execute(
        "select move.date, item, amount, lots from move join entry on entry.id = move.entry "
        "where account = ? and currency = ? order by move.date, line",
        key,
    ).fetchall()
    moves = sorted([*old, *fresh], key=lambda move: move[0])
    if not any(has_lots for *_, has_lots in moves):
        return False
    first: dict[str, int] = {}
    for _, item, amount, _ in moves:
        if amount:
            first.setdefault(item, amount)
    return any((amount > 0) != is_debit(key[0]) for amount in first.values())


def is_debit(account: str) -> bool:
    """Tell whether the items of an account are debits as a rule: receivables are, deposits are credits."""
    return account.startswith(names.RECEIVABLES + ":")


def require_found(booked: Iterable[Directive]) -> None:
    """Raise Torn where a new entry takes out a lot that is not among these entries, given in the order of booking."""
    held: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for entry in booked:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            units = posting.units
            if not (posting.cost and units and units.number and names.is_item_account(posting.account)):
                continue
            key = (posting.account, units.currency, str(posting.cost.label))
            takes = (units.number > 0) != is_debit(posting.account)
            if takes and entry.meta["filename"] == NEW and not held[key]:
                raise Torn
            held[key] += units.number
