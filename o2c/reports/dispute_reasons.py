"""Why customers dispute: how many disputes, how much is disputed, how long it takes to settle them, by reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.items import items
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.ratios import divided
from o2c.reports.selection import reason_text
from o2c.reports.selection import select
from o2c.reports.span import Span
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.selection import Selection
    from o2c.reports.table import Row

COLUMNS = (
    Column("reason", "code"),
    Column("text", "text"),
    Column("currency", "code"),
    Column("opened", "count"),
    Column("resolved", "count"),
    Column("open", "count"),
    Column("disputed", "money"),
    Column("days_to_resolve", "number"),
)


class Dispute(NamedTuple):
    """A dispute about an item or document; `resolved` None: it is open at the end of the last day."""

    subject: str
    reason: str
    currency: str
    opened: date
    resolved: date | None


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Table:
    """Count disputes by reason and currency, from `since` (the beginning) up to and with `until` (the day).

    `opened` and `resolved` count what happened in these days, `open` what is open at the end of the last. `disputed` is
    the part of the open items that is disputed then; where disputes with several reasons are open about one item, it
    counts with the newest. `days_to_resolve` is the mean of those resolved in these days. A dispute without a reason
    has an empty one. Raises NotFound for an unknown customer or group.
    """
    chosen = select(books, customer, currency, group)
    period = span(as_of, date.min if since is None else since, until)
    groups: dict[tuple[str, str], list[Dispute]] = {}
    for one in disputes(chosen, period):
        groups.setdefault((one.reason, one.currency), []).append(one)
    amounts = _amounts(chosen, period.last)
    made = [
        _row(books, key, groups.get(key, []), amounts.get(key, ZERO), period)
        for key in sorted(groups.keys() | amounts.keys())
    ]
    rows = tuple(row for row in made if row["opened"] or row["resolved"] or row["open"])
    when = f"{period}" if since is not None else f"up to {period.last}"
    basis = f"{when}; {scope.GROSS}"
    return Table("dispute-reasons", "Disputes by reason", period.last, basis, COLUMNS, rows, totals(rows, "disputed"))


def disputes(chosen: Selection, period: Span) -> Iterator[Dispute]:
    """List the disputes that were opened up to the last day, those of a subject in the order of the books."""
    events = chosen.books.events(OPENED, RESOLVED)
    currencies = _currencies(chosen.books.about(*events), period.last) if events else {}
    for subject, known in events.items():
        dated = [event for event in known if event.date <= period.last]
        for at, event in enumerate(dated):
            if event.kind == OPENED and chosen.takes(event.customer):
                after = (later.date for later in dated[at:] if later.kind == RESOLVED)
                code = currencies.get(subject) or _of_amount(event)
                if chosen.currency in {"", code}:
                    yield Dispute(subject, _reason(event), code, event.date, next(after, None))


def _currencies(books: Books, day: date) -> dict[str, str]:
    """Give the currencies of items, and of documents by their first item."""
    found: dict[str, str] = {}
    for item in items(books.facts.moved, day).values():
        found.setdefault(item.item, item.currency)
        found.setdefault(item.doc_id, item.currency)
    return found


def _of_amount(event: Event) -> str:
    amount = dict(event.extra).get("amount")
    return amount.currency if isinstance(amount, Amount) else ""


def _reason(event: Event) -> str:
    return str(dict(event.extra).get("reason", ""))


def _amounts(chosen: Selection, day: date) -> dict[tuple[str, str], Decimal]:
    """Sum the disputed parts of open items by reason and currency."""
    events = chosen.books.events(OPENED, RESOLVED)
    found = chosen.open_items(day) if events else []
    sums: dict[tuple[str, str], Decimal] = {}
    for item, part in zip(found, disputed(found, events, day), strict=True):
        if part:
            key = (_newest_reason(events, item, day), item.currency)
            sums[key] = sums.get(key, ZERO) + part
    return sums


def _newest_reason(events: Mapping[str, Sequence[Event]], item: Item, day: date) -> str:
    """Give the reason of the newest dispute about an item, or else about its document."""
    for subject in (item.item, item.doc_id):
        newest = ""
        is_open = False
        for event in events.get(subject, ()):
            if event.date <= day:
                is_open, newest = event.kind == OPENED, _reason(event)
        if is_open:
            return newest
    return ""


def _row(books: Books, key: tuple[str, str], found: Sequence[Dispute], amount: Decimal, period: Span) -> Row:
    lasted = [(one.resolved - one.opened).days for one in found if one.resolved and period.holds(one.resolved)]
    return {
        "reason": key[0],
        "text": reason_text(books, key[0]),
        "currency": key[1],
        "opened": sum(1 for one in found if period.holds(one.opened)),
        "resolved": len(lasted),
        "open": sum(1 for one in found if one.resolved is None),
        "disputed": amount,
        "days_to_resolve": divided(Decimal(sum(lasted)), Decimal(len(lasted))),
    }
