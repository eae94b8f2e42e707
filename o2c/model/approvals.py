"""Which entries need a second person, and whether an approval is good: pure rules over what the books say.

Amounts are summed per customer and calendar month over what was posted without approval, so that splitting does not
help (definitions 14). The rules themselves (`Need`) come from `approvals:` in policies.yaml.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Entry
from o2c.model.documents import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from o2c.model.findings import Source

LIMIT = "limit"
UNBLOCK = "unblock"
RELEASE = "release"
CREDIT_NOTE = "credit-note"
WRITE_OFF = "write-off"
REFUND = "refund"
PRICE_OVERRIDE = "price-override"
MANUAL_MATCH = "manual-match"
REOPEN = "reopen"
BANK_DETAIL = "bank-detail"
#: Everything that may need a second person.
KINDS = (LIMIT, UNBLOCK, RELEASE, CREDIT_NOTE, WRITE_OFF, REFUND, PRICE_OVERRIDE, MANUAL_MATCH, REOPEN, BANK_DETAIL)
_DOCUMENTS = {
    names.CREDIT_NOTE: CREDIT_NOTE,
    names.WRITE_OFF: WRITE_OFF,
    names.REFUND: REFUND,
    names.ALLOCATION: MANUAL_MATCH,
}
#: The key by which an entry names the proposal that it was posted from.
PROPOSAL = "proposal"
#: The key by which it names who approved it, where somebody did.
APPROVED_BY = "approved-by"
#: The keys by which it says who posted it, and on which day the approval had to be good.
POSTED_BY = "posted-by"
POSTED_ON = "posted-on"
#: What posting adds to the entries of a proposal; a producer does not write these keys itself.
MARKS = frozenset({PROPOSAL, APPROVED_BY, POSTED_BY, POSTED_ON})
ZERO = Decimal(0)


class Need(NamedTuple):
    """What one kind of act needs: somebody with `role`, once the sum is over `over` (None: always)."""

    kind: str
    role: str
    over: Amount | None = None


class Weighed(NamedTuple):
    """An entry that may need approval, with what it weighs in the currency of the books."""

    entry: Document | Event
    kind: str
    amount: Decimal

    @property
    def month(self) -> tuple[str, str, int, int]:
        """The kind, customer and calendar month within which amounts are summed; of limits, which last, all time."""
        year, month = (0, 0) if self.kind == LIMIT else (self.entry.date.year, self.entry.date.month)
        return (self.kind, customer(self.entry), year, month)


def customer(entry: Document | Event) -> str:
    """Name the customer, or the credit group, that an act is about."""
    if isinstance(entry, Event) and entry.kind == "o2c-limit":
        return str(entry.values[0]) if entry.values else ""
    return entry.customer


def kind_of(entry: Entry) -> str:
    """Tell what kind of approval an entry may need; empty: none, whatever it weighs."""
    if isinstance(entry, Document):
        undone = entry.doc_type == names.ALLOCATION and entry.fact("undoes") is True
        return "" if undone else _DOCUMENTS.get(entry.doc_type, "")
    return _kind_of_event(entry) if isinstance(entry, Event) else ""


def _kind_of_event(event: Event) -> str:
    facts = dict(event.extra)
    if event.kind == "o2c-limit":
        return {"blocked": "", "unblocked": UNBLOCK}.get(str(facts.get("kind")), LIMIT)
    if event.kind == "o2c-close":
        return REOPEN if event.values[-1:] == ("open",) else ""
    if event.kind in {"order-released", "credit-warned"}:
        return RELEASE if _releases(facts.get("amount")) else ""
    return PRICE_OVERRIDE if event.kind == "order-confirmed" and facts.get("prices-accepted") is True else ""


def _releases(amount: object) -> bool:
    """Tell whether a note lets an order go beyond its limit by an amount; warnings of the program say 0."""
    return isinstance(amount, Amount) and bool(amount.number)


def lifts_limit(event: Event) -> bool:
    """Tell whether a note lets a document go beyond its limit by any amount: only a warning can."""
    return event.kind == "credit-warned" and "amount" not in dict(event.extra)


def weight(entry: Document | Event, order: Document | None, worth: Callable[[Amount, Date], Decimal]) -> Decimal:
    """Weigh an entry: what it gives away, in the currency of the books, never below zero.

    Documents weigh what they move on the customer's items (the larger of both sides); limits and releases their amount;
    accepted prices what the lines of the `order` differ from the agreed prices, either way.
    """
    if isinstance(entry, Document):
        return _moved(entry, worth)
    if kind_of(entry) == PRICE_OVERRIDE:
        return _difference(order, entry.date, worth) if order else ZERO
    said = [*entry.values] if entry.kind == "o2c-limit" else [dict(entry.extra).get("amount")]
    found = [value for value in said if isinstance(value, Amount)]
    return sum((abs(worth(amount, entry.date)) for amount in found), ZERO)


def _moved(doc: Document, worth: Callable[[Amount, Date], Decimal]) -> Decimal:
    """Weigh what a document moved, each item netted: of a foreign lot, which goes out whole, the rest is put back."""
    nets: dict[tuple[str, str], Decimal] = {}
    for movement in doc.movements:
        amount = abs(worth(movement.carrying or Amount(movement.amount, movement.currency), doc.date))
        key = (movement.account, movement.item)
        nets[key] = nets.get(key, ZERO) + (-amount if movement.amount < 0 else amount)
    given, taken = (sum((max(sign * net, ZERO) for net in nets.values()), ZERO) for sign in (1, -1))
    return max(given, taken)


def _difference(order: Document, day: Date, worth: Callable[[Amount, Date], Decimal]) -> Decimal:
    total = ZERO
    for line in order.lines:
        listed = dict(line.extra).get("list-price")
        if isinstance(listed, Amount) and line.price and line.price.number is not None and listed.number is not None:
            each = Amount(abs(listed.number - line.price.number) * abs(line.quantity), listed.currency)
            total += worth(each, day)
    return total


def over(weighed: Iterable[Weighed], needs: Mapping[str, Need]) -> list[Weighed]:
    """List, of entries that nobody approved, those with which the sum of their month goes over what is free.

    The entries are taken in the order given; `made` puts them in the order in which they were made.
    """
    return [one for one, is_over in _running(weighed, needs) if is_over]


def made(one: Weighed) -> tuple[str, Date, Source]:
    """Tell when an entry was made, to sort by: by its moment, without one by its day."""
    return (one.entry.act.at or one.entry.date.isoformat(), one.entry.date, one.entry.source)


def _running(weighed: Iterable[Weighed], needs: Mapping[str, Need]) -> Iterator[tuple[Weighed, bool]]:
    months: dict[tuple[str, str, int, int], list[Weighed]] = defaultdict(list)
    for one in weighed:
        need = needs.get(one.kind)
        if need:
            months[one.month].append(one)
            yield one, need.over is None or _sum(months[one.month]) > (need.over.number or ZERO)


def _sum(weighed: Sequence[Weighed]) -> Decimal:
    """Sum a month; of limits, the most that is granted together on any day from that of the last one on."""
    if weighed[0].kind != LIMIT:
        return sum((one.amount for one in weighed), ZERO)
    first = weighed[-1].entry.date
    days = {first, *(one.entry.date for one in weighed if one.entry.date > first)}
    return max(_granted(weighed, day) for day in days)


def _granted(limits: Sequence[Weighed], day: Date) -> Decimal:
    """Sum the newest limit of each kind on a day: a new one takes the place of the old, kinds add up."""
    newest: dict[str, Weighed] = {}
    for one in sorted(limits, key=lambda one: (one.entry.date, one.entry.act.at)):
        if one.entry.date <= day:
            newest[str(dict(one.entry.extra).get("kind", "permanent"))] = one
    return sum((one.amount for one in newest.values() if _lasts(one.entry, day)), ZERO)


def _lasts(entry: Document | Event, day: Date) -> bool:
    until = dict(entry.extra).get("until")
    return not isinstance(until, Date) or day <= until


class Approval(NamedTuple):
    """What an approval must satisfy: the hash of the content, who prepared it, and the policy."""

    hash: str
    preparer: str
    role: str
    users: Mapping[str, tuple[str, ...]]
    valid_days: int
    alone: bool = False


def fault(event: Event, wanted: Approval, day: Date) -> str:
    """Say why an approval is not good on a day; empty where it is."""
    by = event.act.by
    if event.values[1:2] != (wanted.hash,):
        return "the content changed after it was approved"
    if event.date > day:
        return f"it is dated {event.date}, later than {day}"
    if (day - event.date).days > wanted.valid_days:
        return f"it expired: it is dated {event.date} and good for {wanted.valid_days} days"
    return person_fault(by, wanted)


def person_fault(by: str, wanted: Approval) -> str:
    """Say why a person may not approve; empty where it may."""
    if not by:
        return "it does not say who approved"
    if by not in wanted.users:
        return f"{by} is not among the users of policies.yaml"
    if wanted.role and wanted.role not in wanted.users[by]:
        return f"{by} does not hold the role {wanted.role}"
    if wanted.alone:
        return ""
    if not wanted.preparer:
        return "nobody is named as who prepared it"
    return f"{by} prepared it; another person must approve" if by == wanted.preparer else ""
