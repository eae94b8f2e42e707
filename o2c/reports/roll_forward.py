"""Roll-forward: from what each customer owed at the beginning of a period to what he owed at its end, and why."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from o2c.model.money import ZERO
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.flows import CAUSES
from o2c.reports.flows import FX
from o2c.reports.flows import Key
from o2c.reports.flows import flows
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.reports.flows import Flow
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Row

PARTS = ("opening", *CAUSES, "closing")
#: Stands in a table of items as carried only.
_AS_VALUED = "item_currency"
COLUMNS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column(_AS_VALUED, "code"),
    Column("currency", "code"),
    *(Column(part, "money") for part in PARTS),
)
_SIGNS = (
    "opening plus all columns is closing; what lowers the debt is negative; a reversal counts where its document does"
)
_AS_CARRIED = "foreign items in the currency of the books, as carried"
_AS_OWED = "in the currency of the items, in which exchange rates change nothing"


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
    valued: bool = False,
) -> Table:
    """Lay out how the accounts of customers (receivable and deposits) came from opening to closing balance.

    The period is `since` to `until`, both inclusive: without them the month of `as_of`, up to it. Amounts in the
    currency of the row, debit positive. With `valued`, items that are held at cost count as carried, and exchange
    differences stand in `fx`; else `fx` is zero. `currency` chooses by the currency of the items.
    Raises NotFound for an unknown customer or group, WrongUsage for days turned round.
    """
    chosen = select(books, customer, currency, group)
    period = places.days(as_of, since, until)
    before = _valued_before(chosen, period) if valued else _before(chosen, period)
    part = chosen if valued else chosen.during(period)
    rows = tuple(_rows(part, before, period, valued=valued))
    basis = f"{period}; {_SIGNS}; {_AS_CARRIED if valued else _AS_OWED}; {scope.GROSS}"
    columns = COLUMNS if valued else tuple(column for column in COLUMNS if column.name != _AS_VALUED)
    return Table("roll-forward", "Roll-forward", period.last, basis, columns, rows, totals(rows, *PARTS))


def _before(chosen: Selection, period: Span) -> dict[Key, Decimal]:
    """Give what was owed before the first day, in the currency of the items."""
    known = chosen.brought_forward(period).items()
    return {Key(customer, currency, currency): balance for (customer, currency), balance in known}


def _valued_before(chosen: Selection, period: Span) -> dict[Key, Decimal]:
    """Give what was owed before the first day, as carried: only all entries before tell."""
    sums: dict[Key, Decimal] = {}
    for flow in _flows(chosen, valued=True):
        if flow.date < period.first:
            sums[flow.key] = sums.get(flow.key, ZERO) + flow.amount + flow.fx
    return sums


def _flows(chosen: Selection, *, valued: bool) -> Iterator[Flow]:
    found = flows(chosen.books.facts, valued=valued)
    return (flow for flow in found if chosen.takes(flow.key.customer, flow.key.item_currency))


def _rows(chosen: Selection, before: Mapping[Key, Decimal], period: Span, *, valued: bool) -> Iterator[Row]:
    name = scope.customer_namer(chosen.books, period.last)
    moved: dict[Key, list[Flow]] = {key: [] for key, balance in before.items() if balance}
    for flow in _flows(chosen, valued=valued):
        if period.holds(flow.date):
            moved.setdefault(flow.key, []).append(flow)
    for key, found in sorted(moved.items(), key=itemgetter(0)):
        latest = (flow.doc_id for flow in reversed(found))
        parts = _parts(before.get(key, ZERO), found)
        yield {**key._asdict(), "name": name(key.customer, latest), **parts}


def _parts(opening: Decimal, found: Iterable[Flow]) -> dict[str, Decimal]:
    own = dict.fromkeys(PARTS, ZERO) | {"opening": opening, "closing": opening}
    for flow in found:
        own["closing"] += flow.amount + flow.fx
        own[flow.cause] += flow.amount
        own[FX] += flow.fx
    return own
