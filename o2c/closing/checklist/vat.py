"""The check of the close over VAT: base times rate is the tax posted, and the tax accounts moved by exactly that."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text
from o2c.model.money import unit
from o2c.model.taxed import own
from o2c.model.taxed import tax_report
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from o2c.closing.at_end import AtEnd
    from o2c.closing.at_end import Posted
    from o2c.model.documents import Document
    from o2c.model.documents import Tax
    from o2c.model.taxed import Rated
    from o2c.model.taxed import RateKey

HUNDRED = Decimal(100)


def vat(at_end: AtEnd) -> Found:
    """Compare base x rate with the tax posted, by code and rate, and that with the movement of the tax accounts.

    A document may differ by one smallest unit where tax was split. On a tax account stand only taxes of documents and
    payments from or to a bank account; anything else is red.
    """
    report = tax_report(at_end.documents)
    off = [doc for doc in at_end.documents if any(_is_off(tax) for tax in doc.taxes)]
    foreign = [one for account in sorted(_tax_accounts(at_end)) for one in _others(at_end, account)]
    rows = [
        *(Seen(doc.doc_id, f"tax is not base x rate: {_taxes(doc)}", doc.source) for doc in off),
        *(Seen(one.title, _said(one), one.place) for one in foreign),
        *(_row(key, rated) for key, rated in sorted(report.items())),
        *_accounts(at_end),
    ]
    if off or foreign:
        wrong, bare = count(len(off), "document"), count(len(foreign), "posting")
        said = f"{wrong} with another tax than base x rate, {bare} without a tax code"
        return Found(said, is_red=True, seen=tuple(rows))
    total = text(sum((rated.posted for rated in report.values()), ZERO), at_end.currency)
    return Found(f"{total} of tax in {at_end.month.name}, as the accounts say", seen=tuple(rows))


def _is_off(tax: Tax) -> bool:
    base, currency = abs(tax.base.number or ZERO), tax.base.currency
    return abs(rounded(base * tax.rate / HUNDRED, currency) - abs(own(tax))) > unit(currency)


def _taxes(doc: Document) -> str:
    return ", ".join(f"{tax.code} {tax.rate:f} % of {tax.base} is {own(tax)}" for tax in doc.taxes if _is_off(tax))


def _tax_accounts(at_end: AtEnd) -> set[str]:
    named = {code.account for code in at_end.books.master.taxes.codes.values() if code.account}
    return named | {tax.account for doc in at_end.documents for tax in doc.taxes if tax.amount}


def _others(at_end: AtEnd, account: str) -> list[Posted]:
    """Find postings of the month that are neither the tax of a document nor a payment, nor split payment."""
    return [
        one
        for one in at_end.postings.get(account, ())
        if one.date >= at_end.month.first and "tax-base" not in one.facts and not _is_expected(at_end, one)
    ]


def _is_expected(at_end: AtEnd, one: Posted) -> bool:
    banks = set(at_end.books.master.company.banks.values())
    if "doc-type" not in one.entry.meta:
        return any(posting.account in banks for posting in one.entry.postings)
    return any(
        posting.account == one.account and (posting.meta or {}).get("tax-category") == "B"
        for posting in one.entry.postings
    )


def _said(one: Posted) -> str:
    amount = text(one.number, one.currency)
    return f"{amount} on {one.account} without a tax code: add `tax-code`, `tax-base`, `tax-rate`"


def _row(key: RateKey, rated: Rated) -> Seen:
    code, rate, currency = key
    return Seen(
        f"{code} {rate:f} %",
        f"base {text(rated.base, currency)}, x rate {text(rounded(rated.base * rate / HUNDRED, currency), currency)}, "
        f"tax {text(rated.tax, currency)}, {count(rated.documents, 'document')}",
    )


def _accounts(at_end: AtEnd) -> list[Seen]:
    rows = []
    for account in sorted(_tax_accounts(at_end)):
        moves = [one for one in at_end.postings.get(account, ()) if one.date >= at_end.month.first]
        if moves:
            moved = sum((one.number for one in moves), ZERO)
            rows.append(Seen(account, f"moved by {text(moved, moves[0].currency)} in {count(len(moves), 'posting')}"))
    return rows
