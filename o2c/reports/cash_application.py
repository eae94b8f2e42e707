"""Cash application: how the money of some days was applied, how fast, and what is left without an item or a name."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BooksBroken
from o2c.master.company import Accounts
from o2c.model import names
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.payments import Payment
from o2c.reports.payments import payments
from o2c.reports.ratios import divided
from o2c.reports.ratios import rounded
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Row

COLUMNS = (
    Column("currency", "code"),
    Column("receipts", "count"),
    Column("auto_matched", "count"),
    Column("auto_value", "money"),
    Column("manual", "count"),
    Column("unapplied", "money"),
    Column("unidentified", "money"),
    Column("reversed", "count"),
    Column("accuracy", "number"),
    Column("median_days_to_apply", "number"),
    Column("value", "money"),
)
#: Accuracy is a share of 1, with four decimals.
_PLACES = 4


class Received(NamedTuple):
    """The receipts of one currency, and the applications of that money in these days."""

    receipts: tuple[Document, ...] = ()
    reversed: int = 0
    applied: tuple[Payment, ...] = ()
    taken_back: int = 0


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
    days: int | None = None,
) -> Table:
    """Measure how receipts were applied, per currency, over 90 days up to and with the day.

    `receipts` counts customer receipts dated in these days, `value` sums them. `auto_matched` and `auto_value` are
    those that a bank import matched and posted without a person, `manual` all others. `reversed` counts those taken
    back by the last day (bounced, entered wrongly). `unapplied` is money on account, `unidentified` money without a
    customer, both at the end of the last day, positive. `accuracy` is 1 less the share of the applications of these
    days that were un-allocated by the last day. `median_days_to_apply` counts from the receipt to its application. Both
    are empty without applications. Source: shared definitions 3. Raises NotFound for an unknown customer or group.
    """
    chosen, period = select(books, customer, currency, group), span(as_of, since, until, days)
    found, unapplied, unidentified = received(chosen, period), _unapplied(chosen, period), _unidentified(chosen, period)
    rows = tuple(
        _row(code, found.get(code, Received()), unapplied.get(code, ZERO), unidentified.get(code, ZERO))
        for code in sorted(found.keys() | unapplied.keys() | unidentified.keys())
    )
    basis = f"receipts dated {period}; accuracy as a share of 1; {scope.GROSS}"
    sums = totals(rows, "auto_value", "unapplied", "unidentified", "value")
    return Table("cash-application", "Cash application", period.last, basis, COLUMNS, rows, sums)


def received(chosen: Selection, period: Span) -> dict[str, Received]:
    """Gather receipts and applications by currency."""
    chosen = chosen.during(period, with_items=True)
    found: dict[str, Received] = {}
    undone = {doc.refers for doc in chosen.documents(names.REVERSAL, until=period.last)}
    for doc in chosen.documents(names.RECEIPT, until=period.last):
        if period.holds(doc.date):
            before = found.get(doc.currency, Received())
            count = before.reversed + (doc.doc_id in undone)
            found[doc.currency] = before._replace(receipts=(*before.receipts, doc), reversed=count)
    back = _taken_back(chosen.documents(names.ALLOCATION, until=period.last))
    for one in payments(chosen, period):
        if one.amount > 0:
            before = found.get(one.currency, Received())
            count = before.taken_back + ((one.doc_id, one.item) in back)
            found[one.currency] = before._replace(applied=(*before.applied, one), taken_back=count)
    return found


def _taken_back(allocations: Iterable[Document]) -> set[tuple[str, str]]:
    """Name what was un-allocated: the document that had applied it, and the item."""
    undoing = [doc for doc in allocations if doc.fact("undoes") is True]
    return {(doc.refers, movement.item) for doc in undoing for movement in doc.movements}


def _unapplied(chosen: Selection, period: Span) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in chosen.open_items(period.last):
        if item.open < 0 and item.doc_type == names.RECEIPT:
            sums[item.currency] = sums.get(item.currency, ZERO) - item.open
    return sums


def _unidentified(chosen: Selection, period: Span) -> dict[str, Decimal]:
    """Give the balance of the account for money without a customer; of a customer or group there is none."""
    if chosen.customer or chosen.members is not None:
        return {}
    on_account = chosen.books.posted(_account(chosen.books), period.last)
    return {code: -number for code, number in on_account.items() if chosen.currency in {"", code}}


def _account(books: Books) -> str:
    try:
        return books.master.company.accounts.unidentified
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return Accounts().unidentified


def _row(currency: str, found: Received, unapplied: Decimal, unidentified: Decimal) -> Row:
    right = divided(Decimal(len(found.applied) - found.taken_back), Decimal(len(found.applied)), places=_PLACES)
    return {
        "currency": currency,
        "receipts": len(found.receipts),
        "auto_matched": 0,
        "auto_value": ZERO,
        "manual": len(found.receipts),
        "unapplied": unapplied,
        "unidentified": unidentified,
        "reversed": found.reversed,
        "accuracy": right,
        "median_days_to_apply": median([(one.applied - one.paid).days for one in found.applied]),
        "value": -sum((move.amount for doc in found.receipts for move in doc.movements), ZERO) or ZERO,
    }


def median(numbers: Sequence[int]) -> Decimal | str:
    """Give the middle number, or the mean of the two in the middle, to one decimal; "" of none.

    >>> median([5, 1, 3]), median([1, 2]), median([])
    (Decimal('3.0'), Decimal('1.5'), '')
    """
    if not numbers:
        return ""
    ordered, middle = sorted(numbers), len(numbers) // 2
    pair = ordered[middle - 1 : middle + 1] if len(numbers) % 2 == 0 else [ordered[middle]]
    return rounded(Decimal(sum(pair)) / len(pair), 1)
