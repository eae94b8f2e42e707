"""Rules about what is owed: by one customer, disputed for long, promised and not paid, forgotten, over the limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.errors import Refused
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.model.promises import PROMISE
from o2c.reports import exposure
from o2c.reports.noticing.insight import Evidence
from o2c.reports.noticing.insight import Insight
from o2c.reports.noticing.insight import by_currency
from o2c.reports.noticing.insight import count
from o2c.reports.noticing.insight import of_item
from o2c.reports.noticing.insight import people
from o2c.reports.noticing.insight import total
from o2c.reports.ratios import divided

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.model.documents import Event
    from o2c.model.items import Item
    from o2c.reports.noticing.view import View

#: One of at least so many customers owes at least this percentage.
AMONG, LARGE = 5, 25
#: Days after which a dispute is old, and an overdue item without a word about it forgotten.
DISPUTE_DAYS, SILENT_DAYS = 30, 60


def concentration(view: View) -> Iterable[Insight]:
    """Name a customer that owes 25 percent or more of all open debit items, where at least 5 customers owe."""
    for currency, items in by_currency(view.debits).items():
        owed: dict[str, Decimal] = {}
        for item in items:
            owed[item.customer] = owed.get(item.customer, ZERO) + item.open
        all_ = sum(owed.values(), ZERO)
        for customer in sorted(owed) if len(owed) >= AMONG else ():
            if owed[customer] * 100 >= all_ * LARGE:
                found = tuple(of_item(item, f"due {item.due}") for item in items if item.customer == customer)
                share = f"{divided(owed[customer], all_, 100)} % of what {len(owed)} customers owe"
                yield Insight("concentration", currency, f"{customer} owes {total(found, currency)}, {share}", found)


def old_disputes(view: View) -> Iterable[Insight]:
    """Say how much is disputed for 30 days or more, and not resolved."""
    old = {subject: [event for event in events if _is_old(view, event)] for subject, events in view.events.items()}
    for currency, found in _parts(view, old, "disputed").items():
        said = f"{count(len(found), 'item is', 'items are')} disputed for {DISPUTE_DAYS} days or more"
        yield Insight("old-disputes", currency, f"{said}: {total(found, currency)}", found)


def _is_old(view: View, event: Event) -> bool:
    return event.kind == RESOLVED or (event.kind == OPENED and (view.day - event.date).days >= DISPUTE_DAYS)


def broken_promises(view: View) -> Iterable[Insight]:
    """Say how much was promised for a day that is past, and is still open; the newest promise counts."""
    broken: dict[str, list[Event]] = {}
    for subject, events in view.events.items():
        newest = [event for event in events if event.kind == PROMISE][-1:]
        broken[subject] = [event._replace(kind=OPENED) for event in newest if _promised(event) < view.day]
    for currency, found in _parts(view, broken, "promised").items():
        said = f"{people(found)} did not keep a promise to pay"
        yield Insight("broken-promises", currency, f"{said}: {total(found, currency)} is still open", found)


def _promised(event: Event) -> date:
    day = dict(event.extra).get("promised")
    return day if isinstance(day, date) else date.max


def _parts(view: View, events: Mapping[str, Sequence[Event]], shows: str) -> dict[str, tuple[Evidence, ...]]:
    """Find the parts of the open items that some claims are about, by currency."""
    parts = zip(view.debits, disputed(view.debits, events, view.day), strict=True)
    claimed = {item: part for item, part in parts if part}
    return {
        currency: tuple(of_item(item, f"{shows}, due {item.due}", claimed[item]) for item in items)
        for currency, items in by_currency(claimed).items()
    }


def forgotten(view: View) -> Iterable[Insight]:
    """Say what is more than 60 days past due without a dispute, promise, reminder or remark in the last 60 days.

    A note about the customer, its document or the item is one; so is one that links to these.
    """
    noted = {
        name
        for subject, events in view.events.items()
        for event in events
        if (view.day - event.date).days < SILENT_DAYS
        for name in (subject, *event.links)
    }
    silent = (item for item in view.debits if view.past_due(item) > SILENT_DAYS and not _names(item) & noted)
    for currency, items in by_currency(silent).items():
        found = tuple(of_item(item, f"{view.past_due(item)} days past due") for item in items)
        said = f"{count(len(found), 'item is', 'items are')} more than {SILENT_DAYS} days past due"
        rest = f"without a dispute, promise, reminder or remark in {SILENT_DAYS} days"
        yield Insight("forgotten", currency, f"{said} {rest}: {total(found, currency)}", found)


def _names(item: Item) -> set[str]:
    return {item.item, item.doc_id, item.customer}


def over_limit(view: View) -> Iterable[Insight]:
    """Say by how much customers are over their credit limits, in the currency of the limit."""
    rows = _exposures(view) if view.chosen.books.customs("o2c-limit") else ()
    groups: dict[str, list[Evidence]] = {}
    for row in rows:
        available = row["available"]
        if isinstance(available, Decimal) and available < 0:
            customer = str(row["customer"])
            shows = f"uses {row['exposure']} of {row['limit']}"
            over = Evidence(customer, customer, view.day, -available, shows)
            groups.setdefault(str(row["currency"]), []).append(over)
    for currency, found in sorted(groups.items()):
        said = f"{people(found)} {'is' if len(found) == 1 else 'are'} over the credit limit"
        yield Insight("over-limit", currency, f"{said} by {total(found, currency)}", tuple(found))


def _exposures(view: View) -> Sequence[Mapping[str, object]]:
    chosen = view.chosen
    try:
        return exposure.report(
            chosen.books, view.day, customer=chosen.customer, currency=chosen.currency, group=chosen.group
        ).rows
    except (Refused, BooksBroken):  # the report exposure says what is missing; the other rules can do without
        return ()
