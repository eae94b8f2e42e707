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

    `day` is the day of the act; the entries are dated the last day of the month, their reversals the day after. A key
    that was used for the same request gives the proposals it gave then, whatever became of them.
    """
    made = (_proposed(books, period, kind, _of_kind(act, kind), day) for kind in kinds)
    return [proposal for proposal in made if proposal is not None]


def _proposed(books: Books, period: Period, kind: str, act: Act, day: date) -> Proposal | None:
    if known := proposals.with_key(books.root, act):
        return known
    found = parts(books, period, kind, act._replace(key="", request=""))
    return proposals.propose(books.root, books, kind, day, act, found) if found else None


def _of_kind(act: Act, kind: str) -> Act:
    """Give each kind a key of its own: one command makes several proposals."""
    return act._replace(key=f"{act.key} {kind}") if act.key else act
