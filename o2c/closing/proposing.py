"""Proposals of the close: what is still to post for a month, made reviewable, never posted by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from o2c import proposals
from o2c.closing import accruals
from o2c.closing import allowance
from o2c.closing import revaluation
from o2c.closing.at_end import AtEnd
from o2c.errors import Refused
from o2c.model import periods

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.periods import Period
    from o2c.proposals import Part
    from o2c.proposals import Proposal

#: What can be proposed for a month, in the order in which it is worth posting.
KINDS: Final[Mapping[str, Callable[[AtEnd, Act], list[Part]]]] = {
    "accruals": accruals.propose,
    "revaluation": revaluation.propose,
    "allowance": allowance.propose,
}


def parts(books: Books, period: Period, kind: str, act: Act) -> list[Part]:
    """Work out what is still to post for a month; none where it is all posted.

    Raises Refused in a closed month, without a rate or policy that is needed, and where an account is not open.
    """
    at_end = AtEnd(books, period)
    close = periods.shut(at_end.facts.customs, period.last)
    if close is not None and close.state == periods.CLOSED:
        raise Refused(f"{period.name} is closed (through {close.last}); reopen it first, or post in an open month")
    return KINDS[kind](at_end, act)


def propose(books: Books, period: Period, kinds: Sequence[str], act: Act, day: date) -> list[Proposal]:
    """Write a proposal for each kind of which something is still to post; the same content again gives the same one.

    `day` is the day of the act; the entries are dated the last day of the month, their reversals the day after.
    """
    made = [(kind, parts(books, period, kind, act)) for kind in kinds]
    return [proposals.propose(books.root, books, kind, day, act, found) for kind, found in made if found]
