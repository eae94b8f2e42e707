"""What documents refer to exists, and a reversal undoes its document exactly once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import postings
from o2c.model.integrity.sheet import stem
from o2c.model.integrity.sheet import title
from o2c.model.integrity.sheet import word
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.money import text
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from beancount.core.data import Transaction

    from o2c.model.findings import Finding
    from o2c.model.integrity.sheet import Sheet

NAME = "references"
#: Documents that use up items of others and never open items of another name.
_USERS = frozenset({names.RECEIPT, names.ALLOCATION, names.CREDIT_NOTE, names.WRITE_OFF, names.REFUND, names.REVERSAL})


def references(sheet: Sheet) -> list[Finding]:
    """Find references to documents and items that are not in the books, and reversals that are not one.

    A document can be reversed once, a reversal never, and the reversal's postings are opposite on every account
    (customers' accounts taken together) to the document with the allocations that took it back.
    """
    return [*_refers(sheet), *_unknown_items(sheet), *_reversals(sheet)]


def _refers(sheet: Sheet) -> Iterator[Finding]:
    items = {key[1] for key in sheet.moves_of}
    for entry in sheet.documents:
        refers = word(entry, "refers")
        if refers and refers not in sheet.numbered and refers not in items:
            yield found(
                NAME, entry, f"{title(entry)} refers to {shown(refers)}, which is not in the books; correct `refers`"
            )
        elif refers and refers == word(entry, "doc-id"):
            yield found(NAME, entry, f"{title(entry)} refers to itself; correct `refers`")


def _unknown_items(sheet: Sheet) -> Iterator[Finding]:
    for (account, item, _), moves in sheet.moves_of.items():
        if not item or item in sheet.numbered or stem(item) in sheet.numbered:
            continue
        if all(word(move.entry, "doc-type") in _USERS and not move.opens for move in moves):
            entry = moves[0].entry
            message = f"{title(entry)} uses item {shown(item)} on {account}, which no entry opened; correct `item`"
            yield found(NAME, entry, message)


def _reversals(sheet: Sheet) -> Iterator[Finding]:
    reversed_by: dict[str, Transaction] = {}
    taken_back = _taken_back(sheet)
    for entry in sheet.documents:
        if word(entry, "doc-type") != names.REVERSAL:
            continue
        target = word(entry, "refers")
        if not target:
            yield found(NAME, entry, f'{title(entry)} does not say what it reverses; add `refers: "..."`')
        elif target in reversed_by:
            first = source(reversed_by[target])
            yield found(
                NAME,
                entry,
                f"{title(entry)} reverses {target}, which was reversed already at {first}; remove one of them",
            )
        elif target in sheet.numbered:
            yield from _reversal(entry, sheet.numbered[target][-1], taken_back[target])
        reversed_by.setdefault(target, entry)


def _reversal(entry: Transaction, target: Transaction, taken_back: list[Transaction]) -> Iterator[Finding]:
    if word(target, "doc-type") == names.REVERSAL:
        yield found(
            NAME, entry, f"{title(entry)} reverses a reversal; enter the original document again, with a new number"
        )
        return
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for part in (entry, target, *taken_back):
        _add(sums, part)
    for (account, currency), number in sorted(sums.items()):
        if number:
            message = (
                f"{title(entry)} leaves {text(number, currency)} of {title(target)} on {account}; reverse it to zero"
            )
            yield found(NAME, entry, message)


def _taken_back(sheet: Sheet) -> dict[str, list[Transaction]]:
    """Group the allocations that took back what a document had applied: with it they are what a reversal undoes."""
    groups: dict[str, list[Transaction]] = defaultdict(list)
    for entry in sheet.documents:
        if entry.meta.get("undoes") is True:
            groups[word(entry, "refers")].append(entry)
    return groups


def _add(sums: dict[tuple[str, str], Decimal], entry: Transaction) -> None:
    for posting in postings(entry):
        account = posting.account
        if names.is_item_account(account):
            account = f"the accounts of {names.customer_of(account)}"
        sums[account, posting.units.currency] += posting.units.number
