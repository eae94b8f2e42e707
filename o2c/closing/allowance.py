"""The bad-debt allowance of a month: what is open, less what cannot be lost, times what was lost of such in the past.

The matrix of IFRS 9 (B5.5.35). Only the change since the last close is posted; a credit of one customer never lowers
what another owes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.closing.allowance_base import Base
from o2c.closing.allowance_base import bases
from o2c.closing.loss_history import history
from o2c.closing.turning import draft
from o2c.closing.turning import new_numbers
from o2c.errors import Refused
from o2c.master.allowance_policy import REST
from o2c.model import losses
from o2c.model import names
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.losses import BUCKETS
from o2c.model.losses import Reached
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text
from o2c.proposals import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.closing.at_end import AtEnd
    from o2c.master.allowance_policy import AllowancePolicy
    from o2c.master.allowance_policy import Segment
    from o2c.model.documents import Act
    from o2c.model.documents import Extra
    from o2c.model.documents import Value

HUNDRED = Decimal(100)


class Provision(NamedTuple):
    """The allowance of a segment: its base and loss rates (0 to 1) by bucket, and what is posted already.

    `due` and `posted` positive, in the currency of the books.
    """

    segment: Segment
    base: Base
    reached: Mapping[str, Reached]
    rates: Mapping[str, Decimal]
    due: Decimal
    posted: Decimal

    @property
    def missing(self) -> Decimal:
        """The change that is still to post; below zero what is to give back."""
        return self.due - self.posted


def policy_of(at_end: AtEnd) -> AllowancePolicy:
    """Give the policy of the allowance; raises Refused where policies.yaml says nothing about it."""
    policy = at_end.books.master.policies.allowance
    if policy is None:
        raise Refused(
            "policies.yaml says nothing about the bad-debt allowance; add `allowance: {method: history}`, "
            "or `allowance: {method: none}` where none is kept"
        )
    return policy


def provisions(at_end: AtEnd) -> list[Provision]:
    """Compute the allowance of each segment at the end of the month, and compare it with what is posted.

    Raises Refused where a bucket has something in it and neither the history nor the policy has a loss rate for it.
    """
    policy = policy_of(at_end)
    found = bases(at_end, policy) if policy.method != "none" else {}
    past = history(at_end, policy) if found else {}
    posted = _posted(at_end)
    segments = {segment.name: segment for segment in (*policy.segments, policy.rest)}
    return [
        _provision(at_end, policy, segment, found.get(name), past.get(name, {}), posted.get(name, ZERO))
        for name, segment in segments.items()
        if name in found or posted.get(name)
    ]


def _provision(
    at_end: AtEnd,
    policy: AllowancePolicy,
    segment: Segment,
    base: Base | None,
    past: Mapping[str, Reached],
    posted: Decimal,
) -> Provision:
    base = base or Base({}, {})
    rates = {name: _rate(policy, segment, past, name) for name in BUCKETS if base.buckets.get(name)}
    due = losses.allowance(base.buckets, rates, segment.forward_factor, base.specific.values(), at_end.currency)
    return Provision(segment, base, past, rates, due, posted)


def _rate(policy: AllowancePolicy, segment: Segment, past: Mapping[str, Reached], name: str) -> Decimal:
    own = past.get(name, Reached())
    if own.items >= policy.least_items and own.rate is not None:
        return own.rate
    if name in segment.rates:
        return segment.rates[name] / HUNDRED
    raise Refused(
        f"no loss rate for {name} of segment {segment.name}: {own.items} items of the past reached it, "
        f"{policy.least_items} are needed; add `rates: {{{name}: 2.5}}` (percent) to `allowance` in policies.yaml"
    )


def _posted(at_end: AtEnd) -> dict[str, Decimal]:
    """Sum what is posted by segment; postings that name none, or an unknown one, belong to the rest."""
    policy = policy_of(at_end)
    known = {segment.name for segment in policy.segments}
    sums: dict[str, Decimal] = {}
    for one in at_end.postings.get(at_end.accounts.allowance, ()):
        said = str(one.facts.get("segment") or "")
        name = said if said in known else REST
        sums[name] = sums.get(name, ZERO) - one.number
    return sums


def propose(at_end: AtEnd, act: Act) -> list[Part]:
    """Propose the change of the allowance, a line for each segment; nothing where all is posted."""
    numbers = new_numbers()
    return [_part(at_end, act, one, next(numbers)) for one in provisions(at_end) if one.missing]


def _part(at_end: AtEnd, act: Act, one: Provision, doc_id: str) -> Part:
    facts = extra(segment=one.segment.name)
    others = (
        Other(at_end.require_open(at_end.accounts.impairment), one.missing, at_end.currency, None, facts),
        Other(at_end.require_open(at_end.accounts.allowance), -one.missing, at_end.currency, None, facts),
    )
    said = f"{one.segment.name}, {text(one.due, at_end.currency)} at the end of {at_end.month.name}"
    doc = draft(at_end, act, names.ALLOWANCE, doc_id, others, said, facts=_matrix(at_end, one))
    verb = "raised" if one.missing > 0 else "lowered"
    return Part(
        entries=(doc,),
        evidence=evidence(at_end, one),
        summary=f"{one.segment.name}: allowance {verb} by {text(abs(one.missing), at_end.currency)} "
        f"from {text(one.posted, at_end.currency)} to {text(one.due, at_end.currency)}",
    )


def _matrix(at_end: AtEnd, one: Provision) -> Extra:
    """Write the matrix into the document: bases, loss rates in percent (to six decimals), factor, specific amounts."""
    facts: dict[str, Value] = {
        "segment": one.segment.name,
        "total": Amount(one.due, at_end.currency),
        "before": Amount(one.posted, at_end.currency),
        "forward-factor": one.segment.forward_factor,
    }
    if one.base.specific:
        specific = rounded(sum(one.base.specific.values(), ZERO), at_end.currency)
        facts["specific"] = Amount(specific, at_end.currency)
    for name, rate in one.rates.items():
        key = name.replace("_", "-")
        facts[f"base-{key}"] = Amount(rounded(one.base.buckets[name], at_end.currency), at_end.currency)
        facts[f"rate-{key}"] = round(rate * HUNDRED, 6)
    return tuple(sorted(facts.items()))


def evidence(at_end: AtEnd, one: Provision) -> Extra:
    """Say how the allowance comes about, bucket by bucket, for a person to follow."""
    said: dict[str, Value] = {}
    for name, rate in one.rates.items():
        base = rounded(one.base.buckets[name], at_end.currency)
        said[f"bucket-{list(BUCKETS).index(name) + 1}"] = (
            f"{name}: {text(base, at_end.currency)} x {round(rate * HUNDRED, 4):f} % x "
            f"{one.segment.forward_factor:f} ({_source(at_end, one, name)})"
        )
    for number, (item, amount) in enumerate(sorted(one.base.specific.items()), 1):
        lost = text(rounded(amount, at_end.currency), at_end.currency)
        said[f"specific-{number:04d}"] = f"{item}: assessed by itself, {lost}"
    return tuple(sorted(said.items()))


def _source(at_end: AtEnd, one: Provision, name: str) -> str:
    own = one.reached.get(name, Reached())
    if own.rate is not None and own.rate == one.rates[name]:
        return (
            f"{text(rounded(own.lost, at_end.currency), at_end.currency)} lost of "
            f"{text(rounded(own.reached, at_end.currency), at_end.currency)} that reached it, {own.items} items"
        )
    return f"rate of policies.yaml; only {own.items} items of the past reached it"
