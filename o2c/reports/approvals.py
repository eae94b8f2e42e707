"""Approvals and overrides: who set a rule aside or decided about money in a period, why, and who approved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import approvals as rules
from o2c.model import names
from o2c.model.documents import Event
from o2c.reports import acts as all_acts
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.acts import Acts
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.reports.table import Row

_EVENTS = {
    "o2c-limit": "block",
    "order-released": "release",
    "credit-warned": "warned",
    "o2c-void": "void",
    "o2c-sign-off": "sign-off",
    names.APPROVAL: "approval",
    "o2c-allowance": "assessment",
}
COLUMNS = (
    Column("kind", "code"),
    *(column for column in all_acts.COLUMNS if column.name != "what"),
    Column("approved_on", "date"),
    Column("separate", "flag"),
)


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
    """List limits, blocks, releases, warnings passed over, accepted prices, credit notes, write-offs, refunds, voids.

    Also reopened periods, sign-offs, assessments, approvals, and matches by hand that somebody approved. Days and
    amounts as in the audit trail. `approved_by` is who approved the proposal that the entry was posted from, `separate`
    tells whether that is somebody else than `by`; both are empty where nobody approved. A group's own limits
    count as its customers'. Raises NotFound for an unknown customer or group.
    """
    chosen = select(books, customer, currency, group)
    period = places.days(as_of, since, until)
    first, last = period
    chosen = chosen.during(period)
    acts = Acts(chosen.books)
    given = {event.subject: event for event in books.customs(names.APPROVAL)}
    rows = tuple(
        _row(acts.row(entry), kind, given) for entry in acts.within(first, last, chosen) if (kind := kind_of(entry))
    )
    basis = f"entries dated {first} to {last}; separate: approved by another person than who made it; {scope.GROSS}"
    return Table("approvals", "Approvals and overrides", last, basis, COLUMNS, rows)


def kind_of(entry: Document | Event) -> str:
    """Name what kind of decision an entry is; empty for entries that are none."""
    kind = rules.kind_of(entry)
    if kind == rules.MANUAL_MATCH:
        return kind if rules.APPROVED_BY in dict(entry.extra) else ""
    return kind or (_EVENTS.get(entry.kind, "") if isinstance(entry, Event) else "")


def _row(act: Row, kind: str, given: dict[str, Event]) -> Row:
    approver = str(act["approved_by"])
    approval = given.get(str(act["proposal"])) if approver else None
    return {
        **{name: cell for name, cell in act.items() if name != "what"},
        "kind": kind,
        "approved_on": approval.date if approval else "",
        "separate": approver != act["by"] if approver else "",
    }
