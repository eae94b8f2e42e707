"""What of an order uses credit at the end of a day: what is still to deliver, and what waits for its invoice."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model import reading
from o2c.model.credit import orders
from o2c.model.credit.histories import number
from o2c.model.credit.histories import whole
from o2c.model.integrity.sheet import postings
from o2c.model.money import ZERO
from o2c.model.progress import CONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Transaction

    from o2c.model.credit.histories import Change
    from o2c.model.credit.histories import History
    from o2c.model.integrity.sheet import Booked

_NOTHING = (ZERO, ZERO)
_CONFIRMED = frozenset({"order-confirmed"})


class Open(NamedTuple):
    """A part of an order line that uses credit: as ordered (`due` is the day promised), or as delivered."""

    is_ordered: bool
    amount: Decimal
    currency: str
    due: Date | None


def parts_of(history: History, day: Date) -> tuple[Open, ...]:
    """Give what of an order uses credit at the end of a day."""
    order = version_on(history, day)
    if order is None:
        return ()
    done = _done(history.changes, day)
    found: list[Open] = []
    confirmed: bool | None = None
    for line in postings(order):
        meta = line.meta
        if meta and "line" in meta:
            delivered, invoiced = done.get(meta["line"], _NOTHING)
            ordered = meta.get("qty")
            is_done = isinstance(ordered, Decimal) and ordered <= invoiced >= delivered
            if not (is_done or names.is_item_account(line.account)):
                if confirmed is None:
                    confirmed = is_confirmed(history, order, day)
                found += _parts(order, line, delivered, invoiced, confirmed=confirmed)
    return tuple(found)


def _done(changes: list[Change], day: Date) -> dict[object, tuple[Decimal, Decimal]]:
    """Sum what is delivered and invoiced, by the number of the line as it is written."""
    done: dict[object, tuple[Decimal, Decimal]] = {}
    for date, line, quantity, sign, _ in changes:
        if date <= day and isinstance(quantity, Decimal):
            delivered, invoiced = done.get(line, _NOTHING)
            done[line] = (delivered + sign * quantity, invoiced) if sign else (delivered, invoiced + quantity)
    return done


def _parts(
    order: Transaction, line: Booked, delivered: Decimal, invoiced: Decimal, *, confirmed: bool
) -> Iterator[Open]:
    ordered = number(line.meta, "qty")
    waits = orders.open_quantity(ordered, delivered, invoiced) if confirmed else ZERO
    for is_ordered, quantity in ((True, waits), (False, orders.unbilled_quantity(delivered, invoiced))):
        if quantity:
            net, currency = _net(line)
            amount = orders.gross(quantity, ordered, net, number(line.meta, "tax-rate"), currency)
            yield Open(is_ordered, amount, currency, _promised(order, line))


def _promised(order: Transaction, line: Booked) -> Date | None:
    said = (line.meta.get("promised"), order.meta.get("requested-date"))
    return next((day for day in said if isinstance(day, Date)), None)


def version_on(history: History, day: Date) -> Transaction | None:
    """Give the version of an order on a day: the highest one of all dated up to it."""
    if len(history.versions) == 1:
        return history.versions[0] if history.versions[0].date <= day else None
    known = [entry for entry in history.versions if entry.date <= day]
    return max(known, key=version, default=None) if len(known) != 1 else known[0]


def version(order: Transaction) -> int:
    """Give the version that an order's entry is."""
    return whole(order.meta, "version", 1)


def is_confirmed(history: History, order: Transaction, day: Date) -> bool:
    """Tell whether an order is confirmed, in this version, at the end of a day."""
    notes = [note for note in history.notes if note.date <= day]
    if not notes:
        return False
    if len(notes) == 1 and notes[0].tags == _CONFIRMED:
        return whole(notes[0].meta, "version", 1) == version(order)
    events = [event for event in map(reading.event, notes) if event is not None]
    return orders.state(reading.document(order), events, day) == CONFIRMED


def _net(posting: Booked) -> tuple[Decimal, str]:
    net = posting.meta.get("net")
    if isinstance(net, Amount) and isinstance(net.number, Decimal):
        return net.number, net.currency
    return ZERO, posting.units.currency
