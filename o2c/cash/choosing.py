"""Which items a payment or credit is used for: only those that are named, and never for more than is open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.cash.settled import no_item
from o2c.cash.settled import settled_by
from o2c.cash.standing import key_of
from o2c.errors import Refused
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.cash.desk import Desk
    from o2c.cash.standing import Standing
    from o2c.model.items import ItemKey


#: How messages name the money of a receipt; what of it is not used stays on account.
RECEIVED = "the receipt"


class Use(NamedTuple):
    """An item, or a document with instalments, that money shall be used for; no amount: as much as there is."""

    item: str
    amount: Decimal | None = None


class Source(NamedTuple):
    """Where the money comes from: a name for messages, whose it is, how much of it there is."""

    name: str
    customer: str
    amount: Decimal
    currency: str


class Part(NamedTuple):
    """An item and the amount (positive) by which it is settled."""

    stands: Standing
    amount: Decimal


def choose(desk: Desk, source: Source, uses: Iterable[Use]) -> list[Part]:
    """Find what the money is used for, in the order asked; instalments are filled oldest due first.

    Raises NotFound for an unknown item, Refused for an item that cannot be paid from this money, for more than is
    open of it and for more than there is.
    """
    taken: dict[ItemKey, Part] = {}
    left = source.amount
    for use in uses:
        for part in _fill(source, use, _targets(desk, source, use.item), left, taken):
            key = key_of(part.stands.item)
            before = taken[key].amount if key in taken else ZERO
            taken[key] = Part(part.stands, before + part.amount)
            left -= part.amount
    return list(taken.values())


def _fill(source: Source, use: Use, targets: list[Standing], left: Decimal, taken: dict[ItemKey, Part]) -> list[Part]:
    rests = [
        (one, one.available - (taken[key].amount if (key := key_of(one.item)) in taken else ZERO)) for one in targets
    ]
    usable = sum((rest for _, rest in rests), ZERO)
    wanted = min(usable, left) if use.amount is None else use.amount
    _require_amount(source, use, wanted, usable, left)
    parts = []
    for one, rest in rests:
        amount = min(rest, wanted)
        if amount > 0:
            parts.append(Part(one, amount))
            wanted -= amount
    return parts


def _require_amount(source: Source, use: Use, wanted: Decimal, usable: Decimal, left: Decimal) -> None:
    currency = source.currency
    if use.amount is not None and use.amount <= 0:
        raise Refused(f"{use.item}: {text(use.amount, currency)} is not an amount to settle; give more than 0")
    if not usable:
        raise Refused(f"{use.item} is settled by the rest of this command already; name it once")
    if not left:
        raise Refused(f"{use.item}: nothing is left of {source.name} for it; leave it out, or lower the others")
    if wanted > usable:
        raise Refused(
            f"{use.item} has {text(usable, currency)} open that can be used, less than {text(wanted, currency)}; "
            "leave the amount out to use what there is"
        )
    if wanted > left:
        raise Refused(
            f"{use.item}: {text(wanted, currency)} is more than the {text(left, currency)} left of {source.name}; "
            "lower an amount"
        )


def _targets(desk: Desk, source: Source, name: str) -> list[Standing]:
    """Find the open debit items of a name that this money may settle, oldest due first; or say why there are none."""
    found = desk.find(name)
    if not found:
        raise no_item(desk, name, source.customer)
    mine = [one for one in found if _may_pay(desk, source.customer, one.item.customer)]
    if not mine:
        raise Refused(_not_mine(name, found[0].item.customer, source.customer))
    right = [one for one in mine if one.item.currency == source.currency]
    if not right:
        raise Refused(
            f"{name} is in {mine[0].item.currency}, {source.name} in {source.currency}; "
            "amounts of two currencies are never netted"
        )
    usable = [one for one in right if one.available and one.item.open > 0]
    if not usable:
        raise Refused(_why_not(desk, source, name, right))
    return sorted(usable, key=lambda one: (one.item.due, one.item.date, one.item.item, one.item.account))


def _may_pay(desk: Desk, payer: str, owner: str) -> bool:
    return owner == payer or desk.payer_of(owner) == payer


def _not_mine(name: str, owner: str, customer: str) -> str:
    return (
        f"{name} belongs to {owner}, for whom {customer} does not pay; "
        f"name an item of {customer}, or make {customer} the payer of {owner}"
    )


def _why_not(desk: Desk, source: Source, name: str, found: list[Standing]) -> str:
    first = min(one.begins for one in found)
    is_money = source.name == RECEIVED
    if first > desk.day:
        later = f"leave the money on account and `o2c allocate` it on {first} or later"
        return f"{name} is dated {first}, after {desk.day}; {later if is_money else f'use --date {first} or later'}"
    if any(one.item.open < 0 for one in found):
        return f"{name} is a credit: we owe it to {found[0].item.customer}, so nothing can be paid on it"
    if any(one.item.open for one in found):
        return f"{name} is settled by entries dated after {desk.day}; take those back first"
    if is_money:
        return f"{name} is settled, nothing of it is open; money that belongs to no item stays on account"
    return f"{name} is settled{settled_by(desk, found)}; nothing of it is open: see `o2c show {found[0].item.doc_id}`"
