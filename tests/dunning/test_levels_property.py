"""S16: a level is never skipped, never on disputed or paid items, once per run date - whatever happens in between."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount
from hypothesis import event as seen
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.dunning.lines import parts
from o2c.dunning.standing import judged
from o2c.master.dunning_policy import DunningPolicy
from o2c.master.dunning_policy import Level
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.findings import NOWHERE
from o2c.model.items import Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

START = date(2026, 1, 1)
NAMES = ("INV-1", "INV-2", "INV-3")
DUE = {"INV-1": START, "INV-2": START + timedelta(days=9), "INV-3": START + timedelta(days=30)}
WORTH = Decimal("100.00")


class Deed(NamedTuple):
    """What happens on a day: money for an item, a note about an item or the customer, or a run that is posted."""

    on: date
    what: str
    about: str
    percent: int


deeds = st.lists(
    st.builds(
        Deed,
        on=st.integers(0, 90).map(lambda days: START + timedelta(days=days)),
        what=st.sampled_from(
            ("run",) * 6 + ("pay", "dispute", "resolve", "promise", "block", "unblock"),
        ),
        about=st.sampled_from((*NAMES, "C1")),
        percent=st.sampled_from((10, 50, 100)),
    ),
    max_size=40,
).map(lambda found: sorted(found, key=lambda one: one.on))

policies = st.builds(
    lambda gaps, interval: DunningPolicy(
        tuple(Level(sum(gaps[:number]), f"Level {number}") for number in range(1, len(gaps) + 1)), interval
    ),
    st.lists(st.integers(1, 25), min_size=1, max_size=4),
    st.integers(0, 15),
)

_NOTES = {
    "dispute": "dispute-opened",
    "resolve": "dispute-resolved",
    "promise": "promise",
    "block": "dunning-blocked",
    "unblock": "dunning-unblocked",
}


class World:
    """A customer with three invoices, and what was said and paid so far."""

    def __init__(self, policy: DunningPolicy) -> None:
        self.policy = policy
        self.paid = dict.fromkeys(NAMES, Decimal(0))
        self.events: dict[str, list[Event]] = {}
        self.reminders: list[tuple[Event, Mapping[str, Decimal]]] = []

    def happen(self, deed: Deed) -> None:
        """Let a deed happen; one that makes no sense does nothing."""
        if deed.what == "run":
            self.run(deed.on)
        elif deed.what == "pay":
            if deed.about in NAMES:
                self.paid[deed.about] = min(WORTH, self.paid[deed.about] + deed.percent)
        else:
            self.say(deed)

    def say(self, deed: Deed) -> None:
        facts = {
            "dispute": {"amount": Amount(Decimal(deed.percent), "EUR")},
            "promise": {"amount": Amount(Decimal(deed.percent), "EUR"), "promised": deed.on + timedelta(days=7)},
            "block": {"until": deed.on + timedelta(days=deed.percent // 5)},
        }.get(deed.what, {})
        account = names.receivable("C1")
        said = Event(_NOTES[deed.what], deed.on, deed.about, "C1", Act(), account, extra=extra(**facts))
        self.events.setdefault(deed.about, []).append(said)

    def run(self, on: date) -> None:
        """Propose and post what is due on a day."""
        found = judged(self.items(), self.events, self.policy, on)
        for part in parts(found, Act(), on):
            for entry in part.entries:
                assert isinstance(entry, Event)
                self.reminders.append((entry, self.owed(on)))
                self.events.setdefault(entry.subject, []).append(entry)

    def items(self) -> Sequence[Item]:
        account = names.receivable("C1")
        return [
            Item(n, account, "C1", "EUR", n, "invoice", DUE[n], DUE[n], WORTH, left, Decimal(0), "", NOWHERE)
            for n in NAMES
            if (left := WORTH - self.paid[n])
        ]

    def owed(self, on: date) -> dict[str, Decimal]:
        """Work out anew, in the plainest way, what may be asked for: open, less the claims that count on the day."""
        return {name: max(Decimal(0), WORTH - self.paid[name] - self.claimed(name, on)) for name in NAMES}

    def claimed(self, name: str, on: date) -> Decimal:
        disputes, promise, is_blocked = Decimal(0), Decimal(0), False
        for one in self.events.get(name, ()):
            amount = dict(one.extra).get("amount")
            number = amount.number or Decimal(0) if isinstance(amount, Amount) else Decimal(0)
            disputes = disputes + number if one.kind == "dispute-opened" else disputes
            disputes = Decimal(0) if one.kind == "dispute-resolved" else disputes
            if one.kind == "promise":
                until = dict(one.extra)["promised"]
                assert isinstance(until, date)
                promise = number if until >= on else Decimal(0)
        for subject in (name, "C1"):
            for one in self.events.get(subject, ()):
                if one.kind in {"dunning-blocked", "dunning-unblocked"}:
                    until = dict(one.extra).get("until", START)
                    assert isinstance(until, date)
                    is_blocked = one.kind == "dunning-blocked" and on <= until
            if is_blocked:
                return WORTH
        left = WORTH - self.paid[name]
        return min(left, disputes) + min(left, promise)


@settings(max_examples=300)
@given(policies, deeds)
def test_levels_go_up_one_by_one_only_for_what_is_owed_and_once_per_day(
    policy: DunningPolicy, happened: list[Deed]
) -> None:
    world = World(policy)
    for deed in happened:
        world.happen(deed)
    for name in NAMES:
        mine = [(one, owed[name]) for one, owed in world.reminders if one.subject == name]
        seen(f"{len(mine)} reminders of an item")
        levels = [dict(one.extra)["level"] for one, _ in mine]
        assert levels == list(range(1, len(mine) + 1))
        assert len(mine) <= len(policy.levels)
        for (one, owed), level in zip(mine, policy.levels, strict=False):
            amount = dict(one.extra)["amount"]
            assert isinstance(amount, Amount)
            assert amount.number == owed > 0
            assert one.comment == level.name
            assert (one.date - DUE[name]).days >= level.after
        for (before, _), (after, _) in pairwise(mine):
            assert (after.date - before.date).days >= max(1, policy.interval)


@settings(max_examples=300)
@given(policies, deeds)
def test_nothing_that_may_be_sent_is_held_back(policy: DunningPolicy, happened: list[Deed]) -> None:
    """Right after a run nothing is left that another run on that day would remind of; the day's work is done."""
    world = World(policy)
    for deed in happened:
        world.happen(deed)
    on = START + timedelta(days=91)
    before = judged(world.items(), world.events, policy, on)
    owed = world.owed(on)
    due = {one.item.item for one in before if not one.reason}
    for one in before:
        last = one.reached
        waits = last.run is not None and (on - last.run).days < max(1, policy.interval)
        done = last.level >= len(policy.levels)
        late = not done and (on - one.item.due).days >= policy.levels[last.level].after
        assert (one.item.item in due) == (late and not waits and owed[one.item.item] > 0)
    world.run(on)
    assert all(one.reason for one in judged(world.items(), world.events, policy, on))
