"""Reopening a closed period: with a reason, by a second person where the policies say so, and never in silence.

The old seal and its leaf file stay; the next seal of the period names the one that it replaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.closing.who import require_role
from o2c.errors import Refused
from o2c.model import periods
from o2c.model.documents import Event
from o2c.model.documents import extra

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.periods import Period


def reopen(books: Books, act: Act, day: Date, period: Period) -> Sequence[Entry]:
    """Open a period again that was closed, softly or by a seal; `act.why` is the reason.

    Raises Refused where it is open, and where a later period is closed (open that one first). Whether it takes a
    second person is for `approvals:` of the policies to say (o2c.proposals.needed).
    """
    require_role(books, act)
    standing = periods.standing(books.customs(periods.CLOSE))
    known = standing.get(period.name)
    if known is None or known.state == periods.OPEN:
        raise Refused(f"{period.name} is not closed, so there is nothing to reopen; `o2c close list` shows what is")
    later = [close.period for close in standing.values() if close.state == periods.CLOSED and close.last > period.last]
    if later:
        raise Refused(f"{max(later)} is closed behind {period.name}; reopen it first, the latest before the earlier")
    event = Event(
        periods.CLOSE,
        day,
        period.name,
        "",
        act,
        values=(period.name, period.last, periods.OPEN),
        extra=extra(reopens=known.seal),
    )
    return [event]
