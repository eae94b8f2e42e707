"""The dunning policy: the levels of reminders, how far they are apart, and below what sum nobody is reminded."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Final

from o2c.errors import BadInput
from o2c.master import gates
from o2c.model.money import ZERO
from o2c.model.money import parse_amount
from o2c.model.money import parse_currency
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.master.section import Section

#: What people look for in a dunning policy and will not find yet.
_NOT_YET: Final = frozenset({"fee", "fees", "interest", "recovery_cost"})
_FIELDS: Final = frozenset({"levels", "interval", "minimum"})
_LEVEL_FIELDS: Final = frozenset({"after", "name"})
_MOST_LEVELS: Final = 9
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Level:
    """A level: from so many days past due on an item is reminded under this name."""

    after: int
    name: str


@dataclass(frozen=True, slots=True)
class DunningPolicy:
    """The levels, the first one first, `after` strictly growing; none: nobody is reminded.

    Between two reminders of one item lie at least `interval` days: after one of 1 March and 14 days the next may follow
    on 15 March. `minimum` by currency: a customer that is asked for less in all is not reminded in that currency.
    """

    levels: tuple[Level, ...] = ()
    interval: int = _WEEK
    minimum: Mapping[str, Decimal] = field(default_factory=dict)


def read(part: Section | None) -> DunningPolicy:
    """Read the section `dunning` of policies.yaml; None: there is none, and nobody is reminded."""
    if part is None:
        return DunningPolicy()
    _refuse_fees(part)
    part.only(_FIELDS | _NOT_YET)
    return DunningPolicy(
        levels=tuple(_read_levels(part)),
        interval=part.value("interval", gates.whole(0, 3_660), _WEEK),
        minimum=_read_minimum(part),
    )


def _read_levels(part: Section) -> Iterator[Level]:
    rows = part.sections("levels", _LEVEL_FIELDS | _NOT_YET)
    if not rows:
        part.missing("levels", "[{after: 10, name: First reminder}]")
    if len(rows) > _MOST_LEVELS:
        part.fault("levels", f"there are {len(rows)} levels; {_MOST_LEVELS} are enough, take some out")
    found = [_read_level(row) for row in rows]
    for (before, level), row in zip(pairwise(found), rows[1:], strict=True):
        if level.after <= before.after:
            row.fault("after", f"{level.after} days are not more than the {before.after} of the level before; raise it")
    yield from found


def _read_level(row: Section) -> Level:
    _refuse_fees(row)
    return Level(
        after=row.needed("after", gates.whole(1, 3_660), 1, "10"),
        name=row.needed("name", _name, "", "First reminder"),
    )


def _name(text: str, field_name: str) -> str:
    """Pass the name of a level, which becomes the comment of a note: Beancount prints that without escaping."""
    name = gates.line(text, field_name)
    if set(name) & set('"\\'):
        raise BadInput(f"{field_name}: {shown(text)} holds a quote or backslash; write it without")
    return name


def _refuse_fees(part: Section) -> None:
    for key in sorted(_NOT_YET):
        if key in part:
            part.fault(key, f"`{key}` is not there yet: a reminder asks for what is open and adds nothing; take it out")


def _read_minimum(part: Section) -> dict[str, Decimal]:
    row = part.section("minimum")
    return {} if row is None else {currency: row.value(currency, _least, ZERO) for currency in row.keys(parse_currency)}


def _least(text: str, currency: str) -> Decimal:
    """Read the least sum in the currency that is the name of the field."""
    amount = parse_amount(text, currency, currency)
    if amount.number is None or amount.number < 0 or amount.currency != currency:
        raise BadInput(f"{currency}: {shown(text)} is no least sum in {currency}; write it like 5.00")
    return amount.number
