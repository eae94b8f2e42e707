"""Releases: notes that let one document go beyond a limit, for an amount and for some days."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.model import reading
from o2c.model.money import ZERO
from o2c.model.progress import event_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beancount.core.data import Note

    from o2c.model.documents import Event
    from o2c.model.documents import Value
    from o2c.model.findings import Source

RELEASED: Final = "order-released"
WARNED: Final = "credit-warned"
_RELEASING = frozenset({RELEASED, WARNED})


class Release(NamedTuple):
    """What a document may add to an exposure although the limit does not allow it.

    `amount` None: whatever the document adds (a warning that somebody saw). `until` is the last day on which it can be
    used, None: any later day. `version` is that of the order as it was released; a changed order needs a new release.
    """

    subject: str
    version: int
    amount: Amount | None
    date: Date
    until: Date | None
    at: str
    source: Source

    def counts_on(self, day: Date, version: int | None) -> bool:
        """Tell whether the release can be used on a day, for an order in that version (None: no order)."""
        return self.date <= day and (self.until is None or day <= self.until) and version in {None, self.version}


def read_release(event: Event) -> Release | None:
    """Read a release of credit; None where the note is another one (a hold for another reason was lifted).

    A release without `until` is good for its own day only. Raises BadInput with every value that cannot be meant.
    """
    facts = dict(event.extra)
    amount, until = facts.get("amount"), facts.get("until")
    if event.kind not in {RELEASED, WARNED} or (event.kind == RELEASED and amount is None and until is None):
        return None
    _require_right(event.kind, amount, until, event.subject)
    last = until if isinstance(until, Date) else event.date if event.kind == RELEASED else None
    good = amount if isinstance(amount, Amount) else None
    return Release(event.subject, event_version(event), good, event.date, last, event.act.at, event.source)


def _require_right(kind: str, amount: Value | None, until: Value | None, subject: str) -> None:
    faults: list[str] = []
    is_right = isinstance(amount, Amount) and isinstance(amount.number, Decimal) and amount.number >= ZERO
    if not is_right and (amount is not None or kind == RELEASED):
        faults.append("amount: say how much the document may add, like amount: 500.00 EUR, without quotes")
    if until is not None and not isinstance(until, Date):
        faults.append("until: say the last day of the release, like until: 2026-12-31, without quotes")
    if not subject:
        faults.append('subject: say which document is released, like subject: "SO-2026-0001"')
    if faults:
        raise BadInput(faults)


def releases(notes: Iterable[Note]) -> tuple[dict[str, list[Release]], list[tuple[Note, BadInput]]]:
    """Read all releases among notes by the document they are about, and those that cannot be read."""
    found: dict[str, list[Release]] = {}
    broken: list[tuple[Note, BadInput]] = []
    for note in notes:
        if not note.tags or _RELEASING.isdisjoint(note.tags):
            continue
        event = reading.event(note)
        try:
            release = read_release(event) if event is not None else None
        except BadInput as fault:
            broken.append((note, fault))
            continue
        if release is not None:
            found.setdefault(release.subject, []).append(release)
    return {subject: sorted(known, key=_order) for subject, known in found.items()}, broken


def _order(release: Release) -> tuple[Date, str, str, int]:
    return (release.date, release.at, *release.source)
