"""The dunning run: a proposal with a line for each customer, which somebody reviews, accepts and posts."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c import proposals
from o2c.dunning import lines
from o2c.dunning import standing
from o2c.dunning import waiting
from o2c.errors import Refused
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from o2c.books import Books
    from o2c.dunning.standing import Standing
    from o2c.dunning.waiting import Waiting
    from o2c.model.documents import Act
    from o2c.proposals import Part
    from o2c.proposals import Proposal


class Run(NamedTuple):
    """What a run found: the new proposal (None: nothing new), the lines that wait from earlier runs, those overtaken.

    `items` are all overdue items as they stand, with why each is left out; `parts` are the lines of the new proposal.
    """

    items: tuple[Standing, ...]
    parts: tuple[Part, ...]
    waiting: tuple[Waiting, ...] = ()
    overtaken: tuple[Waiting, ...] = ()
    made: Proposal | None = None


def listed(root: Path, books: Books, day: Date, customer: str = "") -> list[Standing]:
    """Tell how all overdue items stand on a day, also those whose reminder waits in a proposal; of one customer."""
    return _with_waiting(standing.standings(books, day, customer), waiting.waiting(root, books))


def look(root: Path, books: Books, act: Act, day: Date, customer: str = "") -> Run:
    """Work out whom a run on a day would remind of what, and write nothing.

    Raises Refused where the policies name no levels, NotFound for an unknown customer.
    """
    if customer:
        books.master.customer(customer)
    if not books.master.policies.dunning.levels:
        raise Refused(
            f"{books.root / 'master' / 'policies.yaml'}: there are no dunning levels; add a section like "
            "`dunning: {levels: [{after: 10, name: First reminder}, {after: 24, name: Final reminder}]}`"
        )
    items = _looked_ahead(books, standing.standings(books, day, customer), day, customer)
    known = _overtaken(waiting.waiting(root, books), items)
    mine = [one for one in known if not customer or customer in one.customers]
    items = _with_waiting(items, known)
    return Run(
        items=tuple(items),
        parts=tuple(lines.parts(items, act, day)),
        waiting=tuple(one for one in mine if not one.overtaken),
        overtaken=tuple(one for one in mine if one.overtaken),
    )


def _overtaken(known: Sequence[Waiting], items: Sequence[Standing]) -> list[Waiting]:
    """Mark also the lines whose customer was blocked or paid, without a word about their items."""
    stopped = {(one.item.customer, one.item.item) for one in items if one.reason in standing.STOPS}
    return [
        one._replace(overtaken=one.overtaken or not stopped.isdisjoint(waiting.reminders(one.line))) for one in known
    ]


def propose(root: Path, books: Books, act: Act, day: Date, customer: str = "") -> Run:
    """Write a proposal with a line for each customer to be reminded (or of one customer); none where nobody is.

    An item whose reminder waits in an earlier proposal is not proposed again. Lines of earlier proposals that the books
    have overtaken are rejected there, and looked at anew here. The same key and request give the same proposal.
    """
    if known := proposals.with_key(root, act):
        return Run((), (), made=known)
    found = look(root, books, act, day, customer)
    waiting.reject(root, found.overtaken, act)
    if not found.parts:
        return found
    return found._replace(made=proposals.propose(root, books, waiting.KIND, day, act, found.parts))


def _with_waiting(items: Iterable[Standing], known: Sequence[Waiting]) -> list[Standing]:
    places = waiting.places(known)
    return [_waits(one, places.get((one.item.customer, one.item.item), "")) for one in items]


def _waits(one: Standing, place: str) -> Standing:
    if one.reason or not place:
        return one
    return one._replace(reason=standing.WAITING, why=f"its reminder waits in {place}")


def _looked_ahead(books: Books, items: Sequence[Standing], day: Date, customer: str) -> list[Standing]:
    """Leave out what the books tell more of after the day of the run: nobody is reminded of what is paid by now."""
    if all(one.reason for one in items):
        return list(items)
    at_end = {(item.account, item.item, item.currency): item.open for item in books.open_items(Date.max, customer)}
    told = {subject: max(event.date for event in events) for subject, events in books.events(*standing.KINDS).items()}
    return [_ahead(one, at_end, told, day) for one in items]


def _ahead(one: Standing, at_end: dict[tuple[str, str, str], Decimal], told: dict[str, Date], day: Date) -> Standing:
    item = one.item
    last = max((told[name] for name in (item.item, item.doc_id, item.customer) if name in told), default=day)
    changed = at_end.get((item.account, item.item, item.currency), ZERO) != item.open
    if one.reason or not (changed or last > day):
        return one
    why = f"paid or changed after {day}" if changed else f"a note of {last} tells more of it"
    return one._replace(reason=standing.LATER, why=f"{why}; take a later --date")
