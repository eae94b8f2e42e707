"""Every transaction sums to exactly zero: Beancount's tolerance lets cents, and with an option euros, disappear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.integrity.sheet import CONTROL_ACCOUNTS
from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import postings
from o2c.model.integrity.sheet import title
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text

if TYPE_CHECKING:
    from decimal import Decimal

    from beancount.core.data import Transaction

    from o2c.model.findings import Finding
    from o2c.model.integrity.sheet import Sheet


def exact_zero(sheet: Sheet) -> list[Finding]:
    """Find transactions that do not sum to exactly zero in each currency, without any tolerance.

    A posting at cost or price counts with that value, rounded to the smallest unit. Entries that are neither
    documents nor touch customers' accounts may use Beancount's tolerance where they convert at a cost or price.
    """
    findings = []
    for entry in sheet.transactions:
        sums, converts = _weights(entry)
        if any(sums.values()) and not (converts and _is_foreign(entry)):
            rest = ", ".join(text(number, currency) for currency, number in sorted(sums.items()) if number)
            message = f"{title(entry)} is out of balance by {rest}; correct its amounts, no tolerance is allowed here"
            findings.append(found("exact-zero", entry, message))
    return findings


def _weights(entry: Transaction) -> tuple[dict[str, Decimal], bool]:
    sums: dict[str, Decimal] = {}
    converts = False
    for _, (number, currency), cost, price, _, _ in postings(entry):
        value = price if cost is None else cost
        if value is None:
            sums[currency] = sums[currency] + number if currency in sums else number
        else:
            converts = True
            sums[value.currency] = sums.get(value.currency, ZERO) + rounded(number * value.number, value.currency)
    return sums, converts


def _is_foreign(entry: Transaction) -> bool:
    """Tell whether an entry is none of ours: no document, no customer's account."""
    return "doc-type" not in entry.meta and not any(
        posting.account.startswith(CONTROL_ACCOUNTS) for posting in entry.postings
    )
