"""Rules about what lies around: money without an invoice, credits nobody uses, rests nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.noticing.insight import Insight
from o2c.reports.noticing.insight import by_currency
from o2c.reports.noticing.insight import count
from o2c.reports.noticing.insight import of_item
from o2c.reports.noticing.insight import total
from o2c.reports.noticing.view import key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.model.items import Item
    from o2c.reports.noticing.view import View

#: Days after which money on account and credit notes should be used.
MONEY_DAYS, CREDIT_DAYS = 14, 30
#: A rest is small up to this percentage of its item, if a part was paid; so many of them are worth a sentence.
SMALL, SMALL_FROM = 1, 5


def unapplied(view: View) -> Iterable[Insight]:
    """Say how much money lies on account for more than 14 days, of customers who owe in the same currency."""
    owed: dict[tuple[str, str], Decimal] = {}
    for item in view.debits:
        owed[item.customer, item.currency] = owed.get((item.customer, item.currency), ZERO) + item.open
    for currency, items in by_currency(_old(view, names.RECEIPT, MONEY_DAYS)).items():
        found = tuple(of_item(item, _since(view, item)) for item in items if (item.customer, currency) in owed)
        if found:
            theirs = sum((owed[who, currency] for who in {one.customer for one in found}), ZERO)
            said = f"{count(len(found), 'receipt')} on account for more than {MONEY_DAYS} days"
            sentence = f"{said}: {total(found, currency)} of customers who owe {text(theirs, currency)}"
            yield Insight("unapplied", currency, sentence, found)


def unused_credits(view: View) -> Iterable[Insight]:
    """Say how much of credit notes is not used or refunded after 30 days."""
    for currency, items in by_currency(_old(view, names.CREDIT_NOTE, CREDIT_DAYS)).items():
        found = tuple(of_item(item, _since(view, item)) for item in items)
        said = f"{count(len(found), 'credit')} of credit notes not used after {CREDIT_DAYS} days"
        yield Insight("unused-credits", currency, f"{said}: {total(found, currency)}", found)


def small_rests(view: View) -> Iterable[Insight]:
    """Say what small rests of paid items sum to: up to 1 percent of an item of which money came; from 5 items."""
    rests = (item for item in view.debits if item.open * 100 <= item.original * SMALL and _was_paid(view, item))
    for currency, items in by_currency(rests).items():
        if len(items) >= SMALL_FROM:
            found = tuple(of_item(item, f"of {text(item.original, currency)}") for item in items)
            have = count(len(found), "item has", "items have")
            said = f"{have} a rest of at most {SMALL} % after payment: {total(found, currency)}"
            yield Insight("small-rests", currency, f"{said} to ask for or to write off", found)


def _was_paid(view: View, item: Item) -> bool:
    life = view.lives.get(key(item))
    return life is not None and sum((part.amount for part in life.parts if part.is_paid), ZERO) > 0


def _old(view: View, doc_type: str, days: int) -> Iterable[Item]:
    return (item for item in view.credits if item.doc_type == doc_type and (view.day - item.date).days > days)


def _since(view: View, item: Item) -> str:
    return f"since {(view.day - item.date).days} days"
