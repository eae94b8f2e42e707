"""Which orders and invoices took a customer over the limit of their day, without a release that covers them.

Looked at is the end of each day: what the documents of the day added, evaluated with all entries up to the day against
all entries before it, both at the rate and horizon of the day. So nothing depends on the order within a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.data import Custom

from o2c.model import reading
from o2c.model.credit import limits
from o2c.model.credit.conversion import quoted
from o2c.model.credit.diary import diary
from o2c.model.credit.faults import of_early_releases
from o2c.model.credit.faults import of_limits
from o2c.model.credit.faults import of_releases
from o2c.model.credit.histories import histories
from o2c.model.credit.in_force import limits_by_name
from o2c.model.credit.peaks import within
from o2c.model.credit.releases import releases
from o2c.model.credit.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from beancount.core.data import Directive

    from o2c.model.credit.conversion import Rate
    from o2c.model.credit.limits import LimitEntry
    from o2c.model.documents import Event
    from o2c.model.findings import Finding
    from o2c.model.integrity import Sheet


def breaches(
    entries: Sequence[Directive], sheet: Sheet, books_currency: str = "", rate: Rate | None = None
) -> list[Finding]:
    """Find broken limits, and limits and releases that cannot be read, in booked entries in the order of their days.

    `sheet` is that of the same entries. `rate` is the rate into the currency of the books; without it, the prices among
    the entries say it. Where that currency is not known, rates are looked up into the currency of each limit.
    """
    customs = limit_events(sheet.customs)
    known, broken = releases(sheet.notes)
    findings = [*of_limits(customs), *of_releases(broken), *of_early_releases(sheet.notes)]
    by_name = limits_by_name(customs)
    if by_name:
        orders = histories(sheet)
        quiet = within(by_name, sheet.moves, orders)
        closer = [said for name, said in by_name.items() if name not in quiet]
        days = diary(sheet.moves, orders, watched(closer))
        rates: dict[str, Rate] = {}
        for said in closer:
            into = books_currency or said[-1].amount.currency
            rates.setdefault(into, rate or quoted(entries, into))
            findings += Watch(said, days, known, rates[into], into).findings()
    return findings


def limit_events(entries: Iterable[Directive]) -> list[Event]:
    """List the limit entries, in the order of the books."""
    ours = (entry for entry in entries if type(entry) is Custom and entry.type == limits.LIMIT)
    return [event for event in map(reading.event, ours) if event is not None]


def watched(by_name: Iterable[Sequence[LimitEntry]]) -> set[str]:
    """Name all customers whose limits are watched: those with a limit, and the members of groups at any time."""
    return {customer for entries in by_name for customer in customers(entries)}


def customers(entries: Sequence[LimitEntry]) -> list[str]:
    """Name the customers that entries about one name are about: itself, or everybody who was ever in the group."""
    members = {member for entry in entries for member in entry.members}
    return sorted(members) if members else [entries[0].name]
