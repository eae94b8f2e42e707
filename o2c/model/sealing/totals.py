"""What a seal says about a period in figures: movements per type of account, documents, ranges of numbers."""

from __future__ import annotations

from decimal import Context
from decimal import Decimal
from decimal import localcontext
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from o2c.model.money import ZERO
from o2c.model.sealing.canonical import number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Directive
    from beancount.core.data import Posting

_DIGITS = "0123456789"
#: Sums are exact, whatever stands in the books.
_EXACT = Context(prec=200)


class AccountTotal(NamedTuple):
    """The movement of one type of account (`Assets`) in one currency, debit positive."""

    account_type: str
    currency: str
    amount: str


class DocumentTotal(NamedTuple):
    """How many documents of a type moved items in a currency, and by how much together, debit positive."""

    doc_type: str
    currency: str
    how_many: int
    amount: str


class NumberRange(NamedTuple):
    """The numbers of one type of document and series: the lowest, the highest, and how many there are."""

    doc_type: str
    series: str
    lowest: str
    highest: str
    how_many: int


class Totals(NamedTuple):
    """The figures of one period."""

    accounts: tuple[AccountTotal, ...]
    documents: tuple[DocumentTotal, ...]
    ranges: tuple[NumberRange, ...]


def totals(entries: Iterable[Directive]) -> Totals:
    """Sum the transactions among some entries."""
    transactions = [entry for entry in entries if isinstance(entry, Transaction)]
    with localcontext(_EXACT):
        return Totals(_accounts(transactions), _documents(transactions), _ranges(transactions))


def together(before: Sequence[DocumentTotal], more: Sequence[DocumentTotal]) -> tuple[DocumentTotal, ...]:
    """Add the documents of one period to those since the beginning."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    with localcontext(_EXACT):
        for one in (*before, *more):
            count, amount = sums.get((one.doc_type, one.currency), (0, ZERO))
            sums[one.doc_type, one.currency] = (count + one.how_many, amount + Decimal(one.amount))
    return tuple(DocumentTotal(*key, count, number(amount)) for key, (count, amount) in sorted(sums.items()))


def _accounts(transactions: Iterable[Transaction]) -> tuple[AccountTotal, ...]:
    sums: dict[tuple[str, str], Decimal] = {}
    for entry in transactions:
        for account, amount, currency in _units(entry.postings):
            key = (account.partition(":")[0], currency)
            sums[key] = sums.get(key, ZERO) + amount
    return tuple(AccountTotal(*key, number(amount)) for key, amount in sorted(sums.items()))


def _documents(transactions: Iterable[Transaction]) -> tuple[DocumentTotal, ...]:
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for entry in transactions:
        doc_type = entry.meta.get("doc-type")
        if isinstance(doc_type, str):
            moved: dict[str, Decimal] = {}
            for _, amount, currency in _units(posting for posting in entry.postings if "item" in (posting.meta or ())):
                moved[currency] = moved.get(currency, ZERO) + amount
            for currency, amount in moved.items():
                count, before = sums.get((doc_type, currency), (0, ZERO))
                sums[doc_type, currency] = (count + 1, before + amount)
    return tuple(DocumentTotal(*key, count, number(amount)) for key, (count, amount) in sorted(sums.items()))


def _ranges(transactions: Iterable[Transaction]) -> tuple[NumberRange, ...]:
    series: dict[tuple[str, str], set[str]] = {}
    for entry in transactions:
        doc_type, doc_id = entry.meta.get("doc-type"), entry.meta.get("doc-id")
        if isinstance(doc_type, str) and isinstance(doc_id, str):
            series.setdefault((doc_type, doc_id.rstrip(_DIGITS)), set()).add(doc_id)
    return tuple(
        NumberRange(*key, min(ids, key=_place), max(ids, key=_place), len(ids)) for key, ids in sorted(series.items())
    )


def _place(doc_id: str) -> tuple[int, str, str]:
    """Give the place of a number in its series: `INV-10` comes behind `INV-9`."""
    digits = doc_id[len(doc_id.rstrip(_DIGITS)) :].lstrip("0")
    return len(digits), digits, doc_id


def _units(postings: Iterable[Posting]) -> Iterator[tuple[str, Decimal, str]]:
    for posting in postings:
        if isinstance(posting.units, Amount) and isinstance(posting.units.number, Decimal):
            yield posting.account, posting.units.number, posting.units.currency
