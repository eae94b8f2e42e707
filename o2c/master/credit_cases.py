"""Test cases of the credit rules: a situation in figures, and what the rules must make of it.

They stand beside the rules in policies.yaml; `o2c check policies` runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.master import gates
from o2c.model.money import ZERO
from o2c.model.money import parse_amount
from o2c.model.text import code

if TYPE_CHECKING:
    from decimal import Decimal

    from beancount.core.amount import Amount

    from o2c.master.section import Section

_FIELDS: Final = frozenset({"name", "point", "given", "expect", "because"})
_AMOUNTS: Final = ("limit", "exposure", "group_limit", "group_exposure", "order", "released")
_NUMBERS: Final = ("oldest_days", "dunning_level", "limit_expired_days", "review_past_days", "earlier_orders")
_GIVEN: Final = frozenset({*_AMOUNTS, *_NUMBERS, "overdue_percent", "blocked"})


class Against(NamedTuple):
    """One limit that an order is held against, of a customer or of its group (`name`); amounts in `currency`.

    `limit` None: no limit was ever set. `without` is the exposure without the order, `order` what the order adds to it.
    """

    name: str
    currency: str
    limit: Decimal | None
    without: Decimal
    order: Decimal
    blocked: bool = False
    expired_days: int = 0
    review_past_days: int = 0


class Situation(NamedTuple):
    """What the rules look at: figures of a customer and an order on a day.

    `value` is the order gross of tax in the currency of the books (`currency`); `released` what a valid release lets
    pass of it, in the currency of the first limit (None: there is no release). `oldest_days` is how long the oldest
    item is overdue, `overdue_percent` the overdue part of all that is owed; `earlier_orders` how often it bought.
    """

    against: tuple[Against, ...]
    value: Decimal
    currency: str
    released: Decimal | None = None
    oldest_days: int = 0
    oldest_item: str = ""
    overdue_percent: Decimal = ZERO
    dunning_level: int = 0
    earlier_orders: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A situation at a check point, and what must follow: pass, warn, hold or refuse, because of which rules.

    `because` () means: whatever the rules. `line` is that of the case in policies.yaml.
    """

    name: str
    point: str
    given: Situation
    expect: str
    because: tuple[str, ...]
    line: int


def read(part: Section) -> tuple[Case, ...]:
    """Read the list `cases` of the section `credit`."""
    return tuple(_case(row) for row in part.sections("cases", _FIELDS))


def _case(row: Section) -> Case:
    given = row.section("given", _GIVEN)
    if given is None:
        row.missing("given", "{limit: 10000.00 EUR, exposure: 9500.00 EUR, order: 600.00 EUR}")
    return Case(
        name=row.needed("name", gates.line, "", "An order within its limit"),
        point=row.value("point", gates.choice("confirm", "amend", "release", "deliver"), "confirm"),
        given=_situation(given) if given else Situation((), ZERO, ""),
        expect=row.needed("expect", gates.choice("pass", "warn", "hold", "refuse"), "pass", "hold"),
        because=row.many("because", code),
        line=row.line,
    )


def _situation(given: Section) -> Situation:
    amounts = {name: given.value(name, parse_amount, None) for name in _AMOUNTS}
    currencies = sorted({amount.currency for amount in amounts.values() if amount})
    if len(currencies) > 1:
        given.fault("limit", f"the amounts are in {' and '.join(currencies)}; write a case in one currency")
    currency = currencies[0] if currencies else ""
    counts = {name: given.value(name, gates.whole(0, 99_999), 0) for name in _NUMBERS}
    order = _number(amounts["order"]) or ZERO
    own = Against(
        name="customer",
        currency=currency,
        limit=_number(amounts["limit"]),
        without=_number(amounts["exposure"]) or ZERO,
        order=order,
        blocked=given.value("blocked", gates.flag, default=False),
        expired_days=counts["limit_expired_days"],
        review_past_days=counts["review_past_days"],
    )
    group = Against(
        "group", currency, _number(amounts["group_limit"]), _number(amounts["group_exposure"]) or ZERO, order
    )
    return Situation(
        against=(own, group) if amounts["group_limit"] else (own,),
        value=order,
        currency=currency,
        released=_number(amounts["released"]),
        oldest_days=counts["oldest_days"],
        overdue_percent=given.value("overdue_percent", gates.percent, ZERO),
        dunning_level=counts["dunning_level"],
        earlier_orders=counts["earlier_orders"] if "earlier_orders" in given else 1,
    )


def _number(amount: Amount | None) -> Decimal | None:
    return amount.number if amount else None
