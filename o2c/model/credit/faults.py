"""Limit entries and releases that cannot be what is meant, each one finding at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.model.credit import limits
from o2c.model.credit.histories import ORDER_NOTES
from o2c.model.credit.histories import word
from o2c.model.credit.in_force import limits_by_name
from o2c.model.credit.releases import RELEASED
from o2c.model.findings import Finding
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Directive
    from beancount.core.data import Note

    from o2c.model.credit.limits import LimitEntry
    from o2c.model.documents import Event

NAME = "credit-limit"
HELD = "order-held"


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


def of_early_releases(notes: Iterable[Note]) -> Iterator[Finding]:
    """Find releases dated before the hold that they were to lift, while the order still is held."""
    notes = list(notes)
    found: dict[str, list[Note]] = {_subject(note): [] for note in notes if _says(note, RELEASED)}
    if not found:
        return
    for note in notes:
        if note.tags and not ORDER_NOTES.isdisjoint(note.tags) and _subject(note) in found:
            found[_subject(note)].append(note)
    for subject, said in sorted(found.items()):
        release, hold = said[-2:] if len(said) > 1 else (said[0], said[0])
        if _says(release, RELEASED) and _says(hold, HELD) and _is_later(release, hold):
            message = (
                f"the release of {subject} is dated {release.date}, before the hold of {hold.date}, and does not lift "
                f"it; date it {hold.date} or later"
            )
            yield Finding(NAME, source(release), message, release)


def _is_later(release: Note, hold: Note) -> bool:
    """Tell whether a release that is dated before a hold was made after it, as far as the entries say when."""
    made = word(release.meta, "at")
    return release.date < hold.date and (not made or made >= word(hold.meta, "at"))


def _says(note: Note, tag: str) -> bool:
    return tag in (note.tags or ())


def _subject(note: Note) -> str:
    return word(note.meta, "subject")


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
