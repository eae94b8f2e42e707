"""How a customer or credit group stands: its exposure, its limit, its orders that wait, and what each would add."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.credit import limits
from o2c.credit import rules
from o2c.credit.desk import Desk
from o2c.credit.releases import held_for
from o2c.errors import NotFound
from o2c.model import names
from o2c.model import progress
from o2c.model.credit.in_force import blocks
from o2c.model.credit.orders import state

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.credit.rules import Failed
    from o2c.model.credit import Exposure
    from o2c.model.credit import Limit
    from o2c.model.credit import LimitEntry
    from o2c.model.documents import Document


class Waiting(NamedTuple):
    """An order that is not confirmed: draft or held (then why), what it would add, and what the rules would say."""

    order: Document
    state: str
    why: str
    adds: Decimal
    failed: tuple[Failed, ...]
    verdict: str


class Side(NamedTuple):
    """One limit and the exposure that is held against it: of the customer itself, or of a credit group.

    `blocks` are those in force on the day, the oldest first, with or without a limit.
    """

    name: str
    limit: Limit | None
    exposure: Exposure
    blocks: tuple[LimitEntry, ...] = ()

    @property
    def available(self) -> Decimal | None:
        """What is left of the limit, below zero where it is exceeded; None where there is no limit."""
        if self.limit is None or self.limit.total is None:
            return None
        return self.limit.total - self.exposure.total


class StandingOf(NamedTuple):
    """The first side is that of the name asked for, the others those of its credit groups."""

    name: str
    day: date
    sides: tuple[Side, ...]
    waiting: tuple[Waiting, ...]


def standing(books: Books, name: str, day: date) -> StandingOf:
    """Tell how a customer or credit group stands at the end of a day. Raises NotFound for a name that is neither."""
    desk = Desk(books, day)
    if name not in desk.limits and not books.balances(day, name):
        _require_known(books, name)
    sides = [_side(desk, one, day) for one in desk.names(name, day)]
    members = (sides[0].limit.members if sides[0].limit else ()) or (name,)
    waiting = [one for member in members for one in _waiting(desk, member, day)]
    return StandingOf(name, day, tuple(sides), tuple(waiting))


def _side(desk: Desk, name: str, day: date) -> Side:
    known = [entry for entry in desk.limits.get(name, ()) if entry.date <= day]
    return Side(name, *desk.exposure(name, day), tuple(entry for entry in blocks(known) if entry.counts_on(day)))


def _require_known(books: Books, name: str) -> None:
    if limits.members(books.master, name):
        raise NotFound(f"the credit group {name} has no limit yet; `o2c credit limit {name} AMOUNT --reason TEXT`")


def _waiting(desk: Desk, customer: str, day: date) -> list[Waiting]:
    facts = desk.facts(customer)
    found = []
    for order in facts.documents(names.ORDER, as_of=day):
        events = [event for event in facts.events.get(order.doc_id, ()) if event.date <= day]
        said = state(order, events, day)
        if said in {progress.DRAFT, progress.HELD}:
            held = held_for(events) if said == progress.HELD else None
            found.append(_tested(desk, order, day, said, held.act.why if held else ""))
    return found


def _tested(desk: Desk, order: Document, day: date, said: str, why: str) -> Waiting:
    situation = desk.tested(order, day, (), "confirm").situation
    failed = tuple(rules.failed(desk.policy, "confirm", situation))
    return Waiting(order, said, why, situation.against[0].order, failed, rules.verdict(failed))


def check(books: Books, number: str, day: date, point: str) -> tuple[Waiting, StandingOf]:
    """Test one order at a check point as it stands, and give how its customer stands; nothing is written."""
    order = books.facts.document(number, names.ORDER)
    desk = Desk(books, day)
    events = desk.facts(order.customer).events.get(number, ())
    situation = desk.tested(order, day, (), point).situation
    failed = tuple(rules.failed(desk.policy, point, situation))
    held = held_for(events)
    waiting = Waiting(
        order,
        state(order, events, day),
        held.act.why if held else "",
        situation.against[0].order,
        failed,
        rules.verdict(failed),
    )
    sides = tuple(_side(desk, one, day) for one in desk.names(order.customer, day))
    return waiting, StandingOf(order.customer, day, sides, (waiting,))
