"""What a chain of documents added on a day, and the findings where it broke a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.credit.faults import NAME
from o2c.model.credit.histories import word
from o2c.model.findings import Finding
from o2c.model.money import text
from o2c.model.money import unit
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.data import Directive

    from o2c.model.credit.chains import Chain
    from o2c.model.credit.in_force import Limit
    from o2c.model.credit.standing import Sums


class Added(NamedTuple):
    """What a chain added on a day, and what of it releases cover; in the currency of the limit."""

    chain: Chain
    amount: Decimal
    covered: Decimal
    entries: list[Directive]


def rounding(chain: Chain, limit: Limit) -> Decimal:
    """Give what a chain may add because of rounding alone.

    An order counts line by line, the tax of an invoice is computed on the sum of its lines: the goods that were within
    the limit when they were ordered do not exceed it by a cent when they are invoiced.
    """
    return chain.lines * unit(limit.currency)


def findings(made: Added, limit: Limit, sums: Sums, date: Date) -> Iterator[Finding]:
    """Make a finding at each entry that gave credit; `sums` are those of the limit at the end of the day."""
    for entry in made.entries:
        name = word(entry.meta, "doc-id") or word(entry.meta, "subject") or "this entry"
        yield Finding(NAME, source(entry), f"{name} {_said(made, limit, sums, date)}; {_to_do(name, limit)}", entry)


def _said(made: Added, limit: Limit, sums: Sums, date: Date) -> str:
    currency = limit.currency
    more = text(made.amount - made.covered, currency)
    parts = (
        f"open items {text(sums.open_items, currency)}, credits {text(sums.unapplied, currency)}, "
        f"delivered {text(sums.unbilled, currency)}, ordered {text(sums.open_orders, currency)}"
    )
    if limit.blocked:
        return f"gives {limit.name} {more} more credit on {date}, while {limit.name} is blocked ({parts})"
    assert limit.total is not None, "only a limit with an amount can be exceeded"
    over = text(sums.total - limit.total, currency)
    return (
        f"takes {limit.name} to {text(sums.total, currency)} on {date} ({parts}), "
        f"{over} over its limit of {text(limit.total, currency)}; it added {more} without a release"
    )


def _to_do(name: str, limit: Limit) -> str:
    lift = "unblock the customer" if limit.blocked else f"raise the limit (`o2c credit limit {limit.name}`)"
    return f"release it (`o2c credit release {name}`), {lift}, or take it back"
