"""Allocations: a credit is used for open items; the customers' accounts together stay as they are.

A credit of a payer that settles another customer's item passes through the suspense account in two documents, so that
every document belongs to one customer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.cash import valuing
from o2c.cash.choosing import Source
from o2c.cash.choosing import Use
from o2c.cash.choosing import choose
from o2c.cash.desk import Desk
from o2c.cash.settled import no_item
from o2c.cash.settled import settled_by
from o2c.cash.standing import reduce
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.cash.choosing import Part
    from o2c.cash.standing import Standing
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.model.documents import Entry
    from o2c.model.settling import Change


def allocate(books: Books, act: Act, day: date, credit: str, debit: str, amount: Asked | None = None) -> list[Entry]:
    """Use a credit for an open item, or for the instalments of a document, oldest due first.

    Without an amount: as much as both allow. Raises NotFound for unknown items; Refused where the first is no credit
    or the second no open item, for items of other customers or currencies, for an amount over what is open of either.
    """
    desk = Desk(books, act, day)
    stands = open_credit(desk, credit)
    currency = stands.item.currency
    wanted = None if amount is None else part_of(stands, amount)
    source = Source(credit, stands.item.customer, stands.available, currency)
    apply(desk, stands, choose(desk, source, [Use(debit, wanted)]))
    return list(desk.drafted)


def open_credit(desk: Desk, name: str) -> Standing:
    """Find the one credit of a name that can be used on the day; raises NotFound or Refused with what it is instead."""
    found = desk.find(name)
    if not found:
        raise no_item(desk, name)
    usable = [one for one in found if one.available and one.item.open < 0]
    if len(usable) == 1:
        return usable[0]
    if usable:
        kinds = ", ".join(f"{one.item.item} on {one.item.account} in {one.item.currency}" for one in usable)
        raise Refused(f"{name} means several credits: {kinds}; name one of them")
    raise Refused(_no_credit(desk, name, found))


def part_of(credit: Standing, amount: Asked) -> Decimal:
    """Give an amount asked for of a credit; raises Refused for more than is left of it."""
    item = credit.item
    wanted = amount.within(item.currency)
    if wanted > credit.available:
        left, more = text(credit.available, item.currency), text(wanted, item.currency)
        raise Refused(f"{item.item} has {left} left, less than {more}; lower the amount")
    return wanted


def _no_credit(desk: Desk, name: str, found: Sequence[Standing]) -> str:
    if any(one.item.open > 0 for one in found):
        return (
            f"{name} is no credit: {found[0].item.customer} owes it to us; name the credit first, then what it settles"
        )
    first = min(one.begins for one in found)
    if first > desk.day:
        return f"{name} is dated {first}, after {desk.day}; use --date {first} or later"
    if any(one.item.open for one in found):
        return f"{name} is used by entries dated after {desk.day}; use a later --date, or take those back first"
    return f"{name} is used up{settled_by(desk, found)}; nothing is left of it"


def apply(desk: Desk, credit: Standing, parts: Sequence[Part]) -> list[Document]:
    """Use a credit for items of one customer; two documents where that is not the owner of the credit."""
    item = credit.item
    valued = valuing.is_valued(desk, item.currency, parts, item.item) and bool(parts)
    if valued != bool(item.carrying_currency):
        raise Refused(
            f"{item.item} and {parts[0].stands.item.item} cannot settle each other: one was moved in without a rate; "
            "reverse the receipt and enter it again with --apply"
        )
    total = sum((part.amount for part in parts), ZERO)
    change = reduce(credit, total, desk.day)
    value = None if change.weight is None else change.weight.number
    settled = valuing.settle(desk, parts, value)
    if parts[0].stands.item.customer != item.customer:
        return _through_suspense(desk, credit, change, parts, settled)
    doc_id = desk.draw(names.ALLOCATION)
    narration = f"Allocation {doc_id}: {item.item} used for {_named(parts)}"
    return [
        desk.draft(
            names.ALLOCATION,
            doc_id,
            item.customer,
            item.currency,
            narration,
            movements=[*change.movements, *settled.movements],
            others=settled.differences,
        )
    ]


def _through_suspense(
    desk: Desk, credit: Standing, change: Change, parts: Sequence[Part], settled: valuing.Settled
) -> list[Document]:
    """Move a payer's credit to the customer it pays for: out of the one account, into the other, in two documents."""
    payer, owner, currency = credit.item.customer, parts[0].stands.item.customer, credit.item.currency
    out = suspense(desk, _passed(change, currency))
    first, second = desk.draw(names.ALLOCATION), desk.draw(names.ALLOCATION)
    giving = f"Allocation {first}: {credit.item.item} given to {owner} for {_named(parts)}"
    taking = f"Allocation {second}: {credit.item.item} of {payer} used for {_named(parts)}"
    both = (first, second, credit.item.item)
    return [
        desk.draft(
            names.ALLOCATION, first, payer, currency, giving,
            movements=change.movements, others=[out], links=both,
        ),
        desk.draft(
            names.ALLOCATION, second, owner, currency, taking, refers=first, links=both,
            movements=settled.movements, others=[out._replace(amount=-out.amount), *settled.differences],
            extra=extra(payer=payer),
        ),
    ]  # fmt: skip


def _passed(change: Change, currency: str) -> tuple[Decimal, str]:
    """Give what passes through suspense: the value in the currency of the books, or the foreign amount itself."""
    if change.weight is not None:
        return change.weight.number or ZERO, change.weight.currency
    return sum((move.amount for move in change.movements), ZERO), currency


def suspense(desk: Desk, passed: tuple[Decimal, str]) -> Other:
    """Post what leaves a customer's account against the suspense account."""
    number, currency = passed
    return Other(desk.require_open(desk.company.accounts.unidentified), -number, currency)


def _named(parts: Sequence[Part]) -> str:
    return ", ".join(part.stands.item.item for part in parts)
