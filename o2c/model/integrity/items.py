"""Every posting on a customer's account names its item, and the item belongs to that customer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from o2c.model import names
from o2c.model.findings import NOWHERE
from o2c.model.findings import Finding
from o2c.model.integrity.sheet import CONTROL_ACCOUNTS
from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import is_number
from o2c.model.integrity.sheet import postings
from o2c.model.integrity.sheet import stem
from o2c.model.integrity.sheet import title
from o2c.model.integrity.sheet import word
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from beancount.core.data import Directive

    from o2c.model.facts import Moved
    from o2c.model.integrity.sheet import Move
    from o2c.model.integrity.sheet import Sheet

NAME = "items"


def items(sheet: Sheet) -> list[Finding]:
    """Find movements without an item, with an illegal name, or on the account of another customer."""
    return [finding for move in sheet.moves if not _is_right(sheet, move) for finding in _faults(sheet, move)]


def _is_right(sheet: Sheet, move: Move) -> bool:
    """Look quickly at the usual case: an item of the customer whose account and document it is."""
    said = move.entry.meta.get("customer")
    return (
        said == move.customer != ""
        and move.item != ""
        and (move.item == move.entry.meta.get("doc-id") or _owner(sheet, move.item) in {"", said})
        and is_number(move.item)
    )


def _faults(sheet: Sheet, move: Move) -> Iterator[Finding]:
    entry, account, item, customer = move.entry, move.account, move.item, move.customer
    if not customer:
        right = f"{names.RECEIVABLES}:<CODE> or {names.DEPOSITS}:<CODE>"
        yield found(NAME, entry, f"{account} is no customer's account; post to {right}")
    if not item:
        where = f"{account} {text(move.number, move.currency)}"
        yield found(NAME, entry, f'the posting {where} names no item; add `item: "..."` below it, in quotes')
    elif not is_number(item):
        yield found(NAME, entry, f"item {shown(item)} has illegal characters; write capitals, digits, '.', '_', '-'")
    said = word(entry, "customer")
    if customer and said != customer and (said or "doc-type" in entry.meta):
        yield found(
            NAME, entry, f"{title(entry)} says customer {shown(said)} but posts to {account}; correct one of them"
        )
    owner = _owner(sheet, item)
    if customer and owner not in {"", customer}:
        yield found(NAME, entry, f"item {item} belongs to {owner}, not to {customer}; post to the account of {owner}")


def _owner(sheet: Sheet, item: str) -> str:
    documents = sheet.numbered.get(item) or sheet.numbered.get(stem(item))
    return word(documents[0], "customer") if documents else ""


def sub_ledger(moved: Iterable[Moved], entries: Iterable[Directive]) -> list[Finding]:
    """Find accounts whose items do not sum to their balance in a currency.

    `moved` is what the reader made of the files; `entries` are the books after all plugins, whose postings are added
    up here without the reader. A movement without an item counts for the balance only.
    """
    of_items: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    balances: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for move in moved:
        if move.movement.item:
            of_items[move.movement.account, move.movement.currency] += move.movement.amount
    last: dict[tuple[str, str], Directive] = {}
    for entry in entries:
        if not isinstance(entry, Transaction):
            continue
        for posting in postings(entry):
            if names.is_item_account(posting.account) or posting.account in CONTROL_ACCOUNTS:
                key = (posting.account, posting.units.currency)
                balances[key] += posting.units.number
                last[key] = entry
    return list(_differences(of_items, balances, last))


def _differences(
    of_items: dict[tuple[str, str], Decimal],
    balances: dict[tuple[str, str], Decimal],
    last: dict[tuple[str, str], Directive],
) -> Iterator[Finding]:
    for key in sorted(of_items.keys() | balances.keys()):
        account, currency = key
        of_item, balance = of_items.get(key, ZERO), balances.get(key, ZERO)
        if of_item != balance:
            message = (
                f"the items of {account} sum to {text(of_item, currency)}, its balance is {text(balance, currency)}, "
                f"difference {text(balance - of_item, currency)}; look for postings without `item` "
                "(`o2c check items`) and for plugins that change entries (`o2c check plugins`)"
            )
            entry = last.get(key)
            yield found("sub-ledger", entry, message) if entry else Finding("sub-ledger", NOWHERE, message)
