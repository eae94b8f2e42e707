"""Who is due for review: limits that ended or end soon, reviews past, over the limit, blocked, or without any limit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.credit import history
from o2c.credit.desk import Desk
from o2c.credit.desk import expired_days
from o2c.credit.score import months_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.credit import Exposure
    from o2c.model.credit import Limit


class Due(NamedTuple):
    """One customer or credit group that somebody should look at, and why.

    Amounts in the currency of the limit; `score` and `proposed` (in the currency of the books) are None where nothing
    can be proposed, as for groups.
    """

    name: str
    why: tuple[str, ...]
    limit: Limit | None
    exposure: Exposure
    score: Decimal | None
    proposed: Decimal | None


def due(books: Books, day: date, days: int) -> list[Due]:
    """List who is due for review on a day, or will be within some days; by name."""
    start = months_before(day, books.master.policies.credit.score.months)
    desk = Desk(books, start)
    owing = {name for (name, _), balance in books.balances(day).items() if balance > 0}
    found = []
    for name in sorted(owing | desk.limits.keys()):
        limit, exposure = desk.exposure(name, day)
        why = tuple(
            _reasons(limit, exposure, day, day + timedelta(days=days), has_group=bool(desk.names(name, day)[1:]))
        )
        if why:
            scored = None if limit and limit.members else history.of_desk(desk, name, day)
            found.append(
                Due(name, why, limit, exposure, scored.total if scored else None, scored.proposal if scored else None)
            )
    return found


def _reasons(limit: Limit | None, exposure: Exposure, day: date, last: date, *, has_group: bool) -> Iterator[str]:
    if limit is None or limit.total is None:
        if not has_group:
            yield "no limit"
    elif exposure.total > limit.total:
        yield f"over the limit by {exposure.total - limit.total:f}"
    if limit is None:
        return
    if limit.blocked:
        yield "blocked"
    if ended := expired_days(limit, day):
        yield f"ended on {day - timedelta(days=ended)}"
    if limit.until and day <= limit.until <= last:
        yield f"ends on {limit.until}"
    if limit.review and limit.review <= last:
        yield f"review {'was ' if limit.review < day else ''}due on {limit.review}"
