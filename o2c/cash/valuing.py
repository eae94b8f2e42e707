"""What foreign money is worth in the currency of the books, and the difference to what the items were carried at.

Realised difference of an item = part x rate of the receipt - its carrying amount (IAS 21.28); a gain is negative on
the income account. Items that were moved in without a rate are foreign amounts only: there is nothing to realise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.cash.standing import reduce
from o2c.errors import Refused
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import shares

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.cash.choosing import Part
    from o2c.cash.desk import Desk
    from o2c.model.documents import Document
    from o2c.model.documents import Movement

#: Metadata on an exchange difference: the item on which it was realised.
ON_ITEM = "on-item"


class Settled(NamedTuple):
    """The movements that settle items, and the exchange differences realised on them."""

    movements: tuple[Movement, ...]
    differences: tuple[Other, ...]


def is_valued(desk: Desk, currency: str, parts: Sequence[Part], name: str) -> bool:
    """Tell whether these items are carried in the currency of the books; without items, foreign money is.

    Raises Refused where some are and some are not: they cannot stand in one entry.
    """
    if currency == desk.company.currency:
        return False
    kinds = {bool(part.stands.item.carrying_currency) for part in parts}
    if len(kinds) > 1:
        without = next(part.stands.item.item for part in parts if not part.stands.item.carrying_currency)
        raise Refused(f"{without} was moved in without a rate, other items of {name} have one; settle them separately")
    return kinds != {False}


def settle(desk: Desk, parts: Sequence[Part], value: Decimal | None) -> Settled:
    """Settle items with money worth `value` in the currency of the books (positive; None: items without a rate)."""
    changes = [reduce(part.stands, part.amount, desk.day) for part in parts]
    movements = tuple(movement for change in changes for movement in change.movements)
    if value is None:
        return Settled(movements, ())
    values = shares(value, [part.amount for part in parts], desk.company.currency)
    differences = []
    for part, change, share in zip(parts, changes, values, strict=True):
        assert change.weight is not None, "valued items have a carrying amount"
        assert change.weight.number is not None, "a weight is a number"
        differences += difference(desk, part.stands.item.item, -(share + change.weight.number))
    return Settled(movements, tuple(differences))


def difference(desk: Desk, item: str, number: Decimal) -> list[Other]:
    """Post what was realised on an item, gains negative; nothing where nothing was."""
    fx = desk.company.accounts.fx
    return [Other(desk.require_open(fx), number, desk.company.currency, None, extra(on_item=item))] if number else []


def realised(docs: Sequence[Document], account: str, item: str) -> Decimal:
    """Sum what documents realised on an item, gains negative."""
    found = [other for doc in docs for other in doc.others if other.account == account]
    return sum((other.amount for other in found if dict(other.extra).get(ON_ITEM) == item), ZERO)
