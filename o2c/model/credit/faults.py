"""Limit entries and releases that cannot be what is meant, each one finding at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.model.credit import limits
from o2c.model.credit.in_force import limits_by_name
from o2c.model.findings import Finding
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Directive

    from o2c.model.credit.limits import LimitEntry
    from o2c.model.documents import Event

NAME = "credit-limit"


def of_limits(customs: Iterable[Event]) -> Iterator[Finding]:
    """Find limit entries with values that cannot be read, and parts of one limit in different currencies."""
    customs = list(customs)
    for event in customs:
        try:
            limits.read_limit(event)
        except BadInput as fault:
            yield Finding(NAME, event.source, "; ".join(fault.faults))
    for entries in limits_by_name(customs).values():
        yield from _of_currencies(entries)


def of_releases(broken: Iterable[tuple[Directive, BadInput]]) -> Iterator[Finding]:
    """Find releases with values that cannot be read."""
    for note, fault in broken:
        yield Finding(NAME, source(note), "; ".join(fault.faults), note)


def _of_currencies(entries: Sequence[LimitEntry]) -> Iterator[Finding]:
    newest: dict[str, LimitEntry] = {}
    for entry in entries:
        if entry.kind not in limits.AMOUNTS:
            continue
        newest[entry.kind] = entry
        for other in newest.values():
            if other.amount.currency != entry.amount.currency and other.counts_on(entry.date):
                yield Finding(
                    NAME,
                    entry.source,
                    f"the {entry.kind} limit of {entry.name} is in {entry.amount.currency}, its {other.kind} limit of "
                    f"{other.date} in {other.amount.currency}; write all parts of a limit in one currency",
                )
                break
