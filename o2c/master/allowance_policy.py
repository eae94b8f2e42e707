"""The policy of the bad-debt allowance: loss rates out of the own history, and what stands in where it is thin."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.master import countries
from o2c.master import gates
from o2c.model.losses import BUCKETS
from o2c.model.money import parse_number
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.master.section import Section

#: The segment of the customers that no other segment names.
REST = "all"
_MOST_FACTOR = Decimal(10)
_SHARED = frozenset({"forward_factor", "rates"})
_FIELDS = _SHARED | {
    "method", "history_months", "least_items", "lost_after_days", "loss_reasons", "recoverable_vat", "segments",
}  # fmt: skip
_SEGMENT_FIELDS = _SHARED | {"customers", "countries"}


@dataclass(frozen=True, slots=True)
class Segment:
    """Customers that pay alike; `rates` in percent by bucket, where the own history is too thin."""

    name: str
    customers: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    forward_factor: Decimal = Decimal(1)
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AllowancePolicy:
    """How the allowance is computed.

    `method` is `history` or `none` (no allowance is kept). A bucket's own loss rate counts from `least_items` items
    on. An item open `lost_after_days` past due counts as lost (0: only what was written off for `loss_reasons`).
    """

    method: str = "history"
    history_months: int = 36
    least_items: int = 10
    lost_after_days: int = 365
    loss_reasons: tuple[str, ...] = ("bad-debt",)
    recoverable_vat: bool = True
    rest: Segment = field(default_factory=lambda: Segment(REST))
    segments: tuple[Segment, ...] = ()

    def segment(self, customer: str, country: str) -> Segment:
        """Find the segment of a customer: the first that names it, then the first that names its country."""
        named = (segment for segment in self.segments if customer in segment.customers)
        near = (segment for segment in self.segments if country in segment.countries)
        return next(named, None) or next(near, None) or self.rest


def read(section: Section | None) -> AllowancePolicy | None:
    """Read the section `allowance` of policies.yaml; None where there is none."""
    if section is None:
        return None
    section.only(_FIELDS)
    segments = section.section("segments")
    rest = _segment(REST, section, Segment(REST))
    return AllowancePolicy(
        method=section.value("method", gates.choice("history", "none"), "history"),
        history_months=section.value("history_months", gates.whole(1, 240), 36),
        least_items=section.value("least_items", gates.whole(1, 1_000_000), 10),
        lost_after_days=section.value("lost_after_days", gates.whole(0, 36_500), 365),
        loss_reasons=section.many("loss_reasons", code) or ("bad-debt",),
        recoverable_vat=section.value("recoverable_vat", gates.flag, default=True),
        rest=rest,
        segments=tuple(_segment(name, row, rest) for name, row in segments.records(code, _SEGMENT_FIELDS))
        if segments
        else (),
    )


def _segment(name: str, row: Section, rest: Segment) -> Segment:
    rates = row.pairs("rates", _bucket, gates.percent)
    return Segment(
        name=name,
        customers=frozenset(row.many("customers", customer_code)) if name != REST else frozenset(),
        countries=frozenset(row.many("countries", countries.country)) if name != REST else frozenset(),
        forward_factor=row.value("forward_factor", _factor, rest.forward_factor),
        rates={**rest.rates, **rates},
    )


def _bucket(text: str, name: str) -> str:
    return gates.choice(*BUCKETS)(text, name)


def _factor(text: str, name: str) -> Decimal:
    number = parse_number(text, name)
    if not 0 <= number <= _MOST_FACTOR:
        raise BadInput(f"{name}: {shown(text)} is not a factor from 0 to 10; write it like 1.1")
    return number
