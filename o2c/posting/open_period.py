"""Nobody posts into a closed period, and into a soft closed one only who holds the role, with a reason."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model import periods
from o2c.model.documents import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.periods import Close


def require_open_period(books: Books, entries: Iterable[Entry], act: Act, *, explained: bool) -> None:
    """Raise Refused for the earliest entry that lies in a closed period, or may not be in a soft closed one.

    `explained` tells that who acts gave a reason of their own. Openings of accounts are no matter of a period.
    """
    days = sorted({entry.date for entry in entries if not isinstance(entry, Opening)})
    shut = periods.shut(books.customs(periods.CLOSE), days[0]) if days else None
    if shut is None:
        return
    if shut.state == periods.CLOSED:
        raise Refused(_closed(days[0], shut))
    _require_role(books, act, days[0], shut)
    if not explained:
        raise Refused(f"{_softly(days[0], shut)}; give the reason with --why TEXT, or {_later(shut)}")


def opening_day(books: Books, wanted: Date, first_use: Date) -> Date:
    """Give the day on which an account is opened: the one wanted, unless that lies in a closed period."""
    shut = periods.shut(books.customs(periods.CLOSE), wanted)
    if shut is None:
        return min(wanted, first_use)
    return min(max(wanted, _last_closed(books) + timedelta(days=1)), first_use)


def _last_closed(books: Books) -> Date:
    """Give the last day of everything that is closed or soft closed."""
    standing = periods.standing(books.customs(periods.CLOSE)).values()
    return max(close.last for close in standing if close.state != periods.OPEN)


def _closed(day: Date, shut: Close) -> str:
    verb = "sealed" if shut.seal else "closed"
    return (
        f"{day} lies in {shut.period} or before, which {_by(shut, verb)}; {_later(shut)}: a correction is a new "
        f"document in an open period, and `o2c close reopen {shut.period} --reason TEXT` takes a second person"
    )


def _softly(day: Date, shut: Close) -> str:
    return f"{day} lies in {shut.period} or before, which {_by(shut, 'soft closed')}"


def _by(shut: Close, verb: str) -> str:
    who = f"{shut.event.act.by} {verb}" if shut.event.act.by else f"was {verb}"
    return f"{who} on {shut.event.date} ({shut.event.source})"


def _later(shut: Close) -> str:
    return f"use a --date from {shut.last + timedelta(days=1)} on"


def _require_role(books: Books, act: Act, day: Date, shut: Close) -> None:
    policies = books.master.policies
    needed = policies.closing.soft_roles
    if not needed:
        raise Refused(
            f"{_softly(day, shut)}; policies.yaml names nobody who may post there (`closing: soft_roles`); "
            f"{_later(shut)}"
        )
    if not set(needed) & set(policies.users.get(act.by, ())):
        raise Refused(
            f"{_softly(day, shut)}; posting there takes the role {' or '.join(needed)}, which {act.by or 'nobody'} "
            f"does not hold (policies.yaml, `users`); {_later(shut)}"
        )
