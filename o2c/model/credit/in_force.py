"""The limit of a customer or credit group as it is in force on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.model.credit import limits
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.credit.limits import LimitEntry
    from o2c.model.documents import Event
    from o2c.model.facts import Facts


class Limit(NamedTuple):
    """A limit in force, in one currency.

    `permanent`, `temporary` and `secured` (insured and secured parts) are what counts on the day; `total` is their sum,
    None where there is no limit (nobody set one, but the name is blocked). `until` is the last day of the part that
    ends first, `review` the earliest day of review. `members` are those of a credit group, empty for a customer.
    `entries` are the entries that it comes from, expired ones included.
    """

    name: str
    day: Date
    currency: str
    permanent: Decimal
    temporary: Decimal
    secured: Decimal
    total: Decimal | None
    blocked: bool
    until: Date | None
    review: Date | None
    horizon: int | None
    deduct: bool
    members: tuple[str, ...]
    entries: tuple[LimitEntry, ...]


def limits_by_name(customs: Iterable[Event]) -> dict[str, list[LimitEntry]]:
    """Read all limit entries that can be read, by name, in the order in which they count: by day, `at`, place."""
    found: dict[str, list[LimitEntry]] = {}
    for event in customs:
        if event.kind == limits.LIMIT:
            try:
                entry = limits.read_limit(event)
            except BadInput:  # the plugin names it at its line
                continue
            found.setdefault(entry.name, []).append(entry)
    return {name: sorted(entries, key=_order) for name, entries in found.items()}


def limit_in_force(facts: Facts, name: str, day: Date) -> Limit | None:
    """Give the limit of a customer or group on a day; None where no entry up to that day speaks of it."""
    return in_force(limits_by_name(facts.customs).get(name, ()), day)


def group_of(facts: Facts, customer: str, day: Date) -> str:
    """Name the credit group that a customer belongs to on a day; empty where there is none (the first of several)."""
    return next(iter(groups_of(limits_by_name(facts.customs), customer, day)), "")


def groups_of(known: Mapping[str, Sequence[LimitEntry]], customer: str, day: Date) -> list[str]:
    """Name all credit groups whose latest entry with members, up to a day, names the customer."""
    return [name for name, entries in known.items() if customer in members(entries, day)]


def members(entries: Sequence[LimitEntry], day: Date) -> tuple[str, ...]:
    """Name the members of a group on a day: those of its latest entry that names any; empty for a customer."""
    return next((entry.members for entry in reversed(entries) if entry.date <= day and entry.members), ())


def in_force(entries: Sequence[LimitEntry], day: Date) -> Limit | None:
    """Give the limit that entries about one name make on a day; the entries in the order in which they count.

    The newest entry of each kind counts, unless it is expired; without a permanent one that part is zero. Blocks last
    until their own last day, or until an entry ends all of them. Parts in
    another currency than the newest permanent entry (or, without one, the newest) do not count: the checks refuse them.
    """
    known = [entry for entry in entries if entry.date <= day]
    if not known:
        return None
    newest = {entry.kind: entry for entry in known}
    main = newest.get(limits.PERMANENT) or next(
        (entry for entry in reversed(known) if entry.kind in limits.AMOUNTS), known[-1]
    )
    parts = {kind: _part(newest.get(kind), main.amount.currency, day) for kind in limits.AMOUNTS}
    is_limited = any(kind in newest for kind in limits.AMOUNTS)
    kept = tuple(entry for entry in newest.values() if entry.kind in limits.AMOUNTS and entry.counts_on(day))
    secured = parts[limits.INSURED] + parts[limits.SECURED]
    return Limit(
        name=main.name,
        day=day,
        currency=main.amount.currency,
        permanent=parts[limits.PERMANENT],
        temporary=parts[limits.TEMPORARY],
        secured=secured,
        total=parts[limits.PERMANENT] + parts[limits.TEMPORARY] + secured if is_limited else None,
        blocked=_is_blocked(known, day),
        until=min((entry.until for entry in kept if entry.until), default=None),
        review=min((entry.review for entry in kept if entry.review), default=None),
        horizon=main.horizon,
        deduct=main.deduct,
        members=members(known, day),
        entries=tuple(sorted(newest.values(), key=_order)),
    )


def turns(entries: Sequence[LimitEntry]) -> list[Date]:
    """List the days from which on a limit may be another than the day before."""
    ends = {entry.until + timedelta(days=1) for entry in entries if entry.until and entry.until.year < 9999}
    return sorted({entry.date for entry in entries} | ends)


def _part(entry: LimitEntry | None, currency: str, day: Date) -> Decimal:
    if entry is None or entry.amount.currency != currency or not entry.counts_on(day):
        return ZERO
    return entry.amount.number or ZERO


def _is_blocked(known: Sequence[LimitEntry], day: Date) -> bool:
    """Tell whether a block counts that was not ended: a second, shorter one does not end the first."""
    return any(entry.counts_on(day) for entry in blocks(known))


def blocks(known: Sequence[LimitEntry]) -> list[LimitEntry]:
    """List the blocks since the last entry that ended all of them, among the entries up to a day."""
    found: list[LimitEntry] = []
    for entry in known:
        if entry.kind == limits.UNBLOCKED:
            found = []
        elif entry.kind == limits.BLOCKED:
            found.append(entry)
    return found


def _order(entry: LimitEntry) -> tuple[Date, str, str, int]:
    return (entry.date, entry.at, *entry.source)
