"""Whether entries about to be posted need a second person; then the command writes a proposal instead."""

from __future__ import annotations

from calendar import monthrange
from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.books.index.months import done
from o2c.errors import Refused
from o2c.model import names
from o2c.model.approvals import APPROVED_BY
from o2c.model.approvals import LIMIT
from o2c.model.approvals import PRICE_OVERRIDE
from o2c.model.approvals import Need
from o2c.model.approvals import Weighed
from o2c.model.approvals import customer
from o2c.model.approvals import kind_of
from o2c.model.approvals import over
from o2c.model.approvals import weight
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.money import rounded
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from beancount.core.amount import Amount

    from o2c.books import Books
    from o2c.master.approval_policy import ApprovalPolicy
    from o2c.model.documents import Entry

#: The words of the ledger under which each kind of act stands.
_WORDS = {
    "limit": ("o2c-limit",),
    "unblock": ("o2c-limit",),
    "release": ("order-released",),
    "credit-note": (names.CREDIT_NOTE,),
    "write-off": (names.WRITE_OFF,),
    "refund": (names.REFUND,),
    "price-override": ("order-confirmed",),
    "manual-match": (names.ALLOCATION,),
    "reopen": ("o2c-close",),
}


class NeedsApproval(Refused):
    """These entries need a second person: they were not posted, and are to become a proposal."""

    def __init__(self, need: Need, entries: Sequence[Entry], sentence: str) -> None:
        """Keep what was to be posted."""
        super().__init__(sentence)
        self.need = need
        self.entries = tuple(entries)


def guarded(books: Books, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Give the entries back, or raise NeedsApproval where one of them goes over what one person may do alone.

    What the entries are (credit note, limit ...) tells which rule of `approvals:` counts; amounts are summed with what
    was posted for the customer in that calendar month without approval. Call it inside the lock, from `compose`.
    """
    for need, entry in _first_over(books, entries):
        raise NeedsApproval(need, entries, _sentence(need, entry))
    return entries


def _sentence(need: Need, entry: Document | Event) -> str:
    if need.over is None:
        return f"{need.kind} for {customer(entry)}" if customer(entry) else need.kind
    free = text(need.over.number or Decimal(0), need.over.currency)
    within = "" if need.kind == LIMIT else f" in {entry.date:%Y-%m}"
    return f"{need.kind} over {free} for {customer(entry)}{within}"


def need_of(books: Books, entries: Sequence[Entry]) -> Need | None:
    """Tell what approval entries that are not in the books yet need; None: they need none."""
    return next((need for need, _ in _first_over(books, entries)), None)


def _first_over(books: Books, entries: Sequence[Entry]) -> list[tuple[Need, Document | Event]]:
    policy = books.master.policies.approvals
    asked = [entry for entry in entries if not isinstance(entry, Opening) and _is_asked(entry, policy)]
    new = weighed(books, asked)
    found: list[tuple[Need, Document | Event]] = []
    for month in dict.fromkeys(one.month for one in new):
        mine = [one for one in new if one.month == month]
        before = _without_approval(books, policy, mine[0])
        crossing = over([*before, *mine], policy.asked)
        found += [(policy.asked[one.kind], one.entry) for one in crossing if any(one is each for each in mine)]
    return found[:1]


def _is_asked(entry: Document | Event, policy: ApprovalPolicy) -> bool:
    return kind_of(entry) in policy.asked and is_recent(entry, policy)


def is_recent(entry: Document | Event, policy: ApprovalPolicy) -> bool:
    """Tell whether the policy was in force already, by the day of the entry or the moment it was made."""
    return entry.date >= policy.since or entry.act.at[:10] >= policy.since.isoformat()


def _without_approval(books: Books, policy: ApprovalPolicy, one: Weighed) -> list[Weighed]:
    """Weigh what was posted of this kind, for this customer and in this month, without an approval."""
    found = done(books, _WORDS[one.kind], customer(one.entry), *_span(one))
    return [
        each
        for each in weighed(books, [entry for entry in found if _is_asked(entry, policy)])
        if each.kind == one.kind and APPROVED_BY not in dict(each.entry.extra)
    ]


def _span(one: Weighed) -> tuple[Date, Date]:
    """Give the first and the last day within which amounts are summed: limits last, the rest is summed by month."""
    if one.kind == LIMIT:
        return Date.min, Date.max
    first = one.entry.date.replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def weighed(books: Books, entries: Sequence[Document | Event]) -> list[Weighed]:
    """Weigh entries in the currency of the books, at the rate of their day."""
    orders = _orders(books, entries)
    return [
        Weighed(entry, kind_of(entry), weight(entry, orders.get(_subject(entry)), _Worth(books))) for entry in entries
    ]


def _subject(entry: Document | Event) -> str:
    return entry.subject if isinstance(entry, Event) else ""


def _orders(books: Books, entries: Sequence[Document | Event]) -> Mapping[str, Document]:
    """Find the orders whose prices were accepted."""
    wanted = {_subject(entry) for entry in entries if kind_of(entry) == PRICE_OVERRIDE}
    if not wanted:
        return {}
    versions = books.about(*wanted).facts.versions
    return {name: max(versions[name], key=lambda doc: doc.version) for name in wanted if name in versions}


class _Worth:
    """Gives the worth of an amount on a day, in the currency of the books; raises Refused where no rate is known."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._currency = books.master.company.currency

    def __call__(self, amount: Amount, day: Date) -> Decimal:
        number = amount.number or Decimal(0)
        if amount.currency == self._currency or not number:
            return number
        return rounded(number * self._books.rate(amount.currency, day), self._currency)
