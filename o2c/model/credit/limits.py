"""Limit entries: `custom "o2c-limit" "C0001" 10000.00 EUR`, read as they stand in the books (docs/ledger-format.md)."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.model.money import shown
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from o2c.model.documents import Event
    from o2c.model.documents import Value
    from o2c.model.findings import Source

LIMIT: Final = "o2c-limit"
PERMANENT: Final = "permanent"
TEMPORARY: Final = "temporary"
INSURED: Final = "insured"
SECURED: Final = "secured"
BLOCKED: Final = "blocked"
UNBLOCKED: Final = "unblocked"
#: What a limit entry may be; the first four carry amounts that add up.
KINDS: Final = (PERMANENT, TEMPORARY, INSURED, SECURED, BLOCKED, UNBLOCKED)
AMOUNTS: Final = (PERMANENT, TEMPORARY, INSURED, SECURED)
DEDUCTED: Final = "deducted"
NOT_DEDUCTED: Final = "not-deducted"


class LimitEntry(NamedTuple):
    """One limit entry.

    `name` is a customer, or a credit group where there are `members`. `until` is the last day on which it counts.
    `horizon` is the number of days within which an order must be promised to count (None: every order counts).
    `deduct` tells whether credits that are not used yet lower the exposure. `at` is UTC, as written.
    """

    name: str
    kind: str
    amount: Amount
    date: Date
    until: Date | None
    review: Date | None
    horizon: int | None
    deduct: bool
    members: tuple[str, ...]
    by: str
    at: str
    why: str
    source: Source

    def counts_on(self, day: Date) -> bool:
        """Tell whether the entry is not yet expired on a day."""
        return self.until is None or day <= self.until


def read_limit(event: Event) -> LimitEntry:
    """Read a limit entry; raises BadInput with a sentence for every value that cannot be what is meant."""
    faults: list[str] = []
    name, amount = _values(event, faults)
    facts = dict(event.extra)
    entry = LimitEntry(
        name=name,
        kind=_word(facts, "kind", KINDS, faults),
        amount=amount,
        date=event.date,
        until=_day(facts, "until", faults),
        review=_day(facts, "review", faults),
        horizon=_horizon(facts, faults),
        deduct=_word(facts, "credits", (DEDUCTED, NOT_DEDUCTED), faults) == DEDUCTED,
        members=_members(facts, faults),
        by=event.act.by,
        at=event.act.at,
        why=event.act.why,
        source=event.source,
    )
    faults += _contradictions(entry, event.customer)
    if faults:
        raise BadInput(faults)
    return entry


def _values(event: Event, faults: list[str]) -> tuple[str, Amount]:
    match event.values:
        case (str(name), Amount() as amount) if isinstance(amount.number, Decimal):
            try:
                return customer_code(name, "name"), amount
            except BadInput as fault:
                faults += fault.faults
                return name, amount
    faults.append('a limit says who and how much; write it like custom "o2c-limit" "C0001" 10000.00 EUR')
    return "", Amount(Decimal(0), "XXX")


def _word(facts: dict[str, Value], key: str, words: tuple[str, ...], faults: list[str]) -> str:
    said = facts.get(key, words[0])
    if isinstance(said, str) and said in words:
        return said
    faults.append(f"{key}: {shown(str(said))} is not known; write one of {', '.join(words)}, in quotes")
    return words[0]


def _day(facts: dict[str, Value], key: str, faults: list[str]) -> Date | None:
    said = facts.get(key)
    if said is None or isinstance(said, Date):
        return said
    faults.append(f"{key}: {shown(str(said))} is not a day; write it like {key}: 2026-12-31, without quotes")
    return None


def _horizon(facts: dict[str, Value], faults: list[str]) -> int | None:
    said = facts.get("horizon")
    if said is None:
        return None
    if isinstance(said, Decimal) and said == said.to_integral_value() and 0 <= said <= 36_525:
        return int(said)
    faults.append(f"horizon: {shown(str(said))} is not a number of days; write it like horizon: 90")
    return None


def _members(facts: dict[str, Value], faults: list[str]) -> tuple[str, ...]:
    said = facts.get("members", "")
    codes = said.split() if isinstance(said, str) else []
    if "members" in facts and not codes:
        faults.append('members: name the customers of the group, like members: "C0001 C0002"')
    for code in codes:
        try:
            customer_code(code, "members")
        except BadInput as fault:
            faults += fault.faults
    return tuple(dict.fromkeys(codes))


def _contradictions(entry: LimitEntry, customer: str) -> list[str]:
    faults = []
    if entry.amount.number is not None and entry.amount.number < 0:
        faults.append(f"a limit is not below zero; write 0.00 {entry.amount.currency} to give no credit")
    if entry.until is not None and entry.until < entry.date:
        faults.append(f"until: {entry.until} is before the entry itself, {entry.date}; correct one of them")
    if entry.kind == TEMPORARY and entry.until is None:
        faults.append(f"a temporary limit needs its last day; add until: {entry.date}")
    if entry.kind in {PERMANENT, UNBLOCKED} and entry.until is not None:
        faults.append(f"a limit that is {entry.kind} does not end by itself; leave until out, or use another kind")
    if customer and not entry.members and entry.name and customer != entry.name:
        faults.append(f"customer: {shown(customer)} is not {entry.name}, whose limit this is; correct one of them")
    return faults
