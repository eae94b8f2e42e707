"""Checks a step against the rules of credit before it is posted: it goes on, goes on with a warning, holds, or stops.

The step is what a verb composed: confirmations, a new version of an order, a release, deliveries. It runs inside the
lock, and every entry of the step counts for those behind it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.credit import rules
from o2c.credit.desk import Desk
from o2c.credit.releases import CREDIT
from o2c.credit.releases import HELD
from o2c.errors import Refused
from o2c.model import names
from o2c.model import progress
from o2c.model.credit.releases import RELEASED
from o2c.model.credit.releases import WARNED
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.credit.desk import Tested
    from o2c.credit.rules import Failed
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.documents import Extra

CONFIRMED = "order-confirmed"
#: A note is one line that people read: no longer than this.
_LONGEST = 1_800


class Checked(NamedTuple):
    """What may be posted of a step, and what people must be told.

    `held` and `warned` are sentences about orders that were held, or went on with a warning. `stopped` are the orders
    that do not go on, held and refused ones; `refused` says why the latter do not.
    """

    entries: tuple[Entry, ...]
    held: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    stopped: frozenset[str] = frozenset()


def checked(books: Books, act: Act, day: date, entries: Sequence[Entry], point: str, *, bulk: bool = False) -> Checked:
    """Hold what a verb composed against the rules of credit at a check point (confirm, amend, release, deliver).

    An order that must be held gets a note instead of the entry. Raises Refused, with a sentence for each order, where
    a rule refuses; in a bulk run such orders are left out, and the others go on.
    """
    step = _Step(Desk(books, day), act, day, point)
    for entry in entries:
        step.take(entry)
    if step.refused and not bulk:
        raise Refused("\n".join(step.refused))
    return Checked(
        tuple(step.entries), tuple(step.held), tuple(step.warned), tuple(step.refused), frozenset(step.stopped)
    )


class _Step:
    """The entries of one step, taken one after the other."""

    def __init__(self, desk: Desk, act: Act, day: date, point: str) -> None:
        self.desk = desk
        self.act = act
        self.day = day
        self.point = point
        self.entries: list[Entry] = []
        self.held: list[str] = []
        self.warned: list[str] = []
        self.refused: list[str] = []
        self.stopped: set[str] = set()

    def take(self, entry: Entry) -> None:
        """Take one entry: test it where this is its check point, and keep what follows from that."""
        order = self._order(entry)
        if order is None or not self._is_tested(order, entry):
            self._keep([entry])
            return
        assert not isinstance(entry, Opening), "openings are about no order"
        step = [entry] if isinstance(entry, Document) or entry.kind == RELEASED else []
        test = self.desk.tested(order, entry.date, step, self.point)
        found = rules.failed(self.desk.policy, self.point, test.situation)
        getattr(self, f"_{rules.verdict(found)}")(order, entry, test, found)

    def _order(self, entry: Entry) -> Document | None:
        """Give the order that an entry confirms, releases, delivers or changes; None where it does none of these."""
        if isinstance(entry, Event) and entry.kind in {CONFIRMED, RELEASED}:
            return self.desk.facts(entry.customer).document(entry.subject, names.ORDER)
        if isinstance(entry, Document) and entry.doc_type == names.DELIVERY:
            return self.desk.facts(entry.customer).document(entry.refers, names.ORDER)
        if isinstance(entry, Document) and entry.doc_type == names.ORDER and entry.version > 1:
            return entry
        return None

    def _is_tested(self, order: Document, entry: Entry) -> bool:
        """Tell whether any rule can fail here; a new version only counts of an order that was confirmed."""
        if not self.desk.is_of_interest(order.customer, entry.date, self.point):
            return False
        if order is not entry:
            return True
        facts = self.desk.facts(order.customer)
        before = facts.document(order.doc_id)
        return progress.state(before, facts.events[order.doc_id]) == progress.CONFIRMED

    def _keep(self, entries: Sequence[Entry]) -> None:
        self.entries += entries
        self.desk.take(entry for entry in entries if isinstance(entry, (Document, Event)))

    def _pass(self, _: Document, entry: Entry, test: Tested, __: Sequence[Failed]) -> None:
        is_limited = any(one.limit is not None for one in test.situation.against)
        if isinstance(entry, Event) and entry.kind == CONFIRMED and is_limited:
            entry = entry._replace(extra=tuple(sorted((*entry.extra, *_terms(test)))))
        self._keep([entry])

    def _warn(self, order: Document, entry: Entry, test: Tested, found: Sequence[Failed]) -> None:
        """Go on with a note; the note of a rule that is about no limit releases nothing of one (amount 0)."""
        subject = entry.doc_id if isinstance(entry, Document) else order.doc_id
        note = self._note(WARNED, order, entry, test, found)
        if not any(one.rule in rules.OF_LIMITS for one in found):
            currency = test.situation.against[0].currency
            amount = Amount(rounded(ZERO, currency), currency)
            note = note._replace(extra=tuple(sorted((*note.extra, ("amount", amount)))))
        self._keep([entry, note._replace(subject=subject)])
        self.warned.append(f"{order.doc_id} goes on, with a warning: {_said(found)}")

    def _hold(self, order: Document, entry: Entry, test: Tested, found: Sequence[Failed]) -> None:
        if self.point == "release":
            self._refuse(order, entry, test, found)
            return
        self.stopped.add(order.doc_id)
        amended = [entry] if order is entry else []
        self._keep([*amended, self._note(HELD, order, entry, test, found)])
        self.held.append(
            f"{order.doc_id} is held: {_said(found)}; `o2c credit show {order.customer}` shows the terms, "
            f"`o2c credit release {order.doc_id} --reason TEXT` lets it go on"
        )

    def _refuse(self, order: Document, _: Entry, __: Tested, found: Sequence[Failed]) -> None:
        self.stopped.add(order.doc_id)
        what = {"deliver": "is not delivered", "release": "stays held", "amend": "stays as it is"}
        self.refused.append(f"{order.doc_id} {what.get(self.point, 'is not confirmed')}: {_said(found)}")

    def _note(self, kind: str, order: Document, entry: Entry, test: Tested, found: Sequence[Failed]) -> Event:
        return Event(
            kind=kind,
            date=entry.date,
            subject=order.doc_id,
            customer=order.customer,
            act=self.act._replace(why=_said(found)[:_LONGEST]),
            account=names.receivable(order.customer),
            comment=f"{kind.replace('-', ' ').capitalize()}",
            links=frozenset({order.doc_id}),
            extra=tuple(
                sorted(
                    (*extra(version=Decimal(order.version), rules=_names(found), reason=_reason(kind)), *_terms(test))
                )
            ),
        )


def _reason(kind: str) -> str:
    return CREDIT if kind == HELD else ""


def _said(found: Sequence[Failed]) -> str:
    return "; ".join(map(str, found))


def _names(found: Sequence[Failed]) -> str:
    return " ".join(dict.fromkeys(one.rule for one in found))


def _terms(test: Tested) -> Extra:
    """Give what the check saw: each term of the exposure before the step, what the order adds, and the limit."""
    own, seen = test.situation.against[0], test.exposures[0]

    def money(number: Decimal | None) -> Amount | str:
        return "" if number is None else Amount(number, own.currency)

    return extra(
        open_items=money(seen.open_items),
        unapplied=money(seen.unapplied),
        unbilled_deliveries=money(seen.unbilled_deliveries),
        open_orders=money(seen.open_orders),
        order_adds=money(own.without + own.order - seen.total),
        limit=money(own.limit),
    )
