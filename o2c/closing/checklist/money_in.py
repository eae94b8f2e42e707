"""Checks of the close over money: the bank accounts are proved, and what is unapplied or unidentified is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.data import Balance
from beancount.core.data import Pad

from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.model.reading import source
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.closing.at_end import AtEnd
    from o2c.closing.at_end import Posted
    from o2c.model.items import Item


def bank_proof(at_end: AtEnd) -> Found:
    """Prove each bank account of company.yaml by a balance assertion that still holds at the end of the month.

    It holds where nothing was posted to the account from its day on. An account that was filled by `pad`, and an
    assertion that fails, prove nothing.
    """
    accounts = sorted(set(at_end.books.master.company.banks.values()))
    if not accounts:
        return Found("company.yaml names no bank account; add `banks: {EUR: Assets:Bank:Main}`", is_red=True)
    asserted = [entry for entry in at_end.books.entries if isinstance(entry, Balance) and entry.date <= at_end.next_day]
    rows = [row for account in accounts for row in _proofs(at_end, account, asserted)]
    red = [seen for seen, is_proved in rows if not is_proved]
    said = f"{len(red)} of {len(rows)} balances are not proved" if red else f"{count(len(rows), 'balance')} proved"
    return Found(said, bool(red), tuple(seen for seen, _ in rows))


def _proofs(at_end: AtEnd, account: str, asserted: list[Balance]) -> Iterator[tuple[Seen, bool]]:
    own = at_end.postings.get(account, [])
    padded = [entry for entry in at_end.books.entries if isinstance(entry, Pad) and entry.account == account]
    for currency in sorted({one.currency for one in own}):
        moves = [one for one in own if one.currency == currency]
        proofs = [entry for entry in asserted if (entry.account, entry.amount.currency) == (account, currency)]
        last = max(proofs, key=lambda entry: entry.date, default=None)
        balance = text(sum((one.number for one in moves), ZERO), currency)
        what = f"{account} {currency}"
        if last is None or any(one.date >= last.date for one in moves):
            line = f"{at_end.next_day} balance {account} {balance}"
            said = f"no assertion covers {at_end.month.last}; compare the statement with the books, and add `{line}`"
            yield Seen(what, said), False
        elif last.diff_amount is not None:
            yield Seen(what, f"the assertion of {last.date} fails by {last.diff_amount}", source(last)), False
        elif any(pad.date >= at_end.month.first for pad in padded if pad.date <= last.date):
            yield Seen(what, "filled by `pad` in this month: that proves nothing", source(last)), False
        else:
            yield Seen(what, f"{balance}, asserted on {last.date}", source(last)), True


def unapplied(at_end: AtEnd) -> Found:
    """List the credits of customers that are not used yet; they lower nobody's debt until somebody applies them."""
    found = [item for item in at_end.items if item.open < 0]
    rows = tuple(
        Seen(item.item, f"{item.customer}: {text(item.open, item.currency)} since {item.date}", item.source)
        for item in found
    )
    return Found(f"{count(len(found), 'credit')} not applied{_sums(found)}", seen=rows)


def _sums(items: Iterable[Item]) -> str:
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.currency] = sums.get(item.currency, ZERO) + item.open
    said = ", ".join(text(number, currency) for currency, number in sorted(sums.items()))
    return f": {said}" if said else ""


def unidentified(at_end: AtEnd) -> Found:
    """Find money whose customer nobody knows: what stands on the suspense account since it was last empty."""
    account = at_end.accounts.unidentified
    rows: list[Seen] = []
    sums: dict[str, Decimal] = {}
    for currency in sorted({one.currency for one in at_end.postings.get(account, ())}):
        rest = _since_empty([one for one in at_end.postings[account] if one.currency == currency])
        sums[currency] = sum((one.number for one in rest), ZERO)
        rows += [Seen(one.title, f"{text(one.number, currency)} since {one.date}", one.place) for one in rest]
    open_sums = ", ".join(text(number, currency) for currency, number in sums.items() if number)
    if not open_sums:
        return Found("no money without a name")
    return Found(f"{account} holds {open_sums}; find out whose it is", is_red=True, seen=tuple(rows))


def _since_empty(moves: list[Posted]) -> list[Posted]:
    rest: list[Posted] = []
    total = ZERO
    for one in moves:
        total += one.number
        rest = [*rest, one] if total else []
    return rest


def credit_balances(at_end: AtEnd) -> Found:
    """List customers whom we owe more than they owe us, and credits that stand as negative receivables."""
    sums: dict[tuple[str, str], Decimal] = {}
    for item in at_end.items:
        sums[item.customer, item.currency] = sums.get((item.customer, item.currency), ZERO) + item.open
    owed = [
        Seen(customer, f"we owe {text(-number, currency)}")
        for (customer, currency), number in sorted(sums.items())
        if number < 0
    ]
    wrong = [
        Seen(item.item, f"{text(item.open, item.currency)} on {item.account} is a debt of ours", item.source)
        for item in at_end.items
        if item.open < 0 and item.account.startswith(names.RECEIVABLES + ":")
    ]
    said = f"{count(len(owed), 'customer')} with a credit balance"
    if wrong:
        stand = count(len(wrong), "credit stands", "credits stand")
        return Found(f"{said}; {stand} among the receivables", is_red=True, seen=(*wrong, *owed))
    return Found(said, seen=tuple(owed))
