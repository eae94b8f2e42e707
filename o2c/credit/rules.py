"""The rules of credit: pure functions over figures; each says in a sentence what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.master.credit_policy import ACTIONS
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.master.credit_cases import Against
    from o2c.master.credit_cases import Situation
    from o2c.master.credit_policy import CreditPolicy
    from o2c.master.credit_policy import Rule

#: Rules that the plugin watches over, too: a warning of them lets the document go beyond the limit.
OF_LIMITS: Final = frozenset({"over_limit", "blocked"})
PASS: Final = "pass"  # noqa: S105 - a verdict, not a secret


class Failed(NamedTuple):
    """A rule that failed, what follows (warn, hold, refuse), and a sentence with the figures."""

    rule: str
    action: str
    sentence: str

    def __str__(self) -> str:
        """Write the rule and what it found."""
        return f"{self.rule}: {self.sentence}"


def failed(policy: CreditPolicy, point: str, situation: Situation) -> list[Failed]:
    """List the rules of the policy that the situation fails at a check point, in the order of the rules.

    A release lets everything pass as long as the order is not worth more than it; of an order that is worth more it
    takes the released amount off what is held against the limits.
    """
    if is_released(situation):
        return []
    return [
        Failed(name, action, sentence)
        for name, rule in policy.rules.items()
        if (action := rule.actions.get(point))
        for sentence in _TESTS[name](rule, situation)
    ]


def verdict(found: Iterable[Failed]) -> str:
    """Give the hardest action of the rules that failed; `pass` where none did."""
    return max((one.action for one in found), key=ACTIONS.index, default=PASS)


def is_released(situation: Situation) -> bool:
    """Tell whether a release lets all of the order pass."""
    released = situation.released
    return released is not None and all(one.order <= released for one in situation.against[:1])


def after(one: Against, situation: Situation) -> Decimal:
    """Give the exposure with the order, less what a release lets pass of it; in the currency of the limit."""
    own = situation.against[0].order
    if situation.released is None or own <= 0:
        return one.without + one.order
    passing = min(situation.released, own)
    return one.without + one.order - rounded(one.order * passing / own, one.currency)


def _blocked(_: Rule, situation: Situation) -> Iterator[str]:
    for one in situation.against:
        if one.blocked:
            yield f"{one.name} is blocked"


def _over_limit(_: Rule, situation: Situation) -> Iterator[str]:
    for one in situation.against:
        total = after(one, situation)
        if one.limit is None or one.order <= 0 or total <= one.limit:
            continue
        said = f"exposure {text(one.without, one.currency)} + order {text(one.order, one.currency)}"
        if situation.released is not None:
            said += f" - released {text(one.without + one.order - total, one.currency)}"
        yield (
            f"{said} = {text(total, one.currency)} is {text(total - one.limit, one.currency)} over the limit of "
            f"{one.name}, {text(one.limit, one.currency)}"
        )


def _no_limit(_: Rule, situation: Situation) -> Iterator[str]:
    if all(one.limit is None for one in situation.against):
        yield f"no limit is set for {situation.against[0].name}"


def _expired_limit(_: Rule, situation: Situation) -> Iterator[str]:
    for one in situation.against:
        if one.expired_days > 0:
            yield f"a limit of {one.name} expired {_days(one.expired_days)} ago"


def _expired_review(_: Rule, situation: Situation) -> Iterator[str]:
    for one in situation.against:
        if one.review_past_days > 0:
            yield f"the limit of {one.name} was due for review {_days(one.review_past_days)} ago"


def _oldest_item(rule: Rule, situation: Situation) -> Iterator[str]:
    if situation.oldest_days > rule.bound:
        what = situation.oldest_item or "the oldest item"
        yield f"{what} is {_days(situation.oldest_days)} overdue, more than {rule.bound:f}"


def _overdue(rule: Rule, situation: Situation) -> Iterator[str]:
    if situation.overdue_percent > rule.bound:
        yield f"{situation.overdue_percent:f} % of what is owed is overdue, more than {rule.bound:f} %"


def _dunning_level(rule: Rule, situation: Situation) -> Iterator[str]:
    if situation.dunning_level >= rule.bound:
        yield f"dunning level {situation.dunning_level} is reached (the rule: {rule.bound:f})"


def _first_order(rule: Rule, situation: Situation) -> Iterator[str]:
    if situation.earlier_orders == 0 and situation.value > rule.bound:
        yield f"the first order of this customer, {text(situation.value, situation.currency)}" + _beyond(rule)


def _document_value(rule: Rule, situation: Situation) -> Iterator[str]:
    if situation.value > rule.bound:
        yield f"the order is worth {text(situation.value, situation.currency)}" + _beyond(rule)


def _beyond(rule: Rule) -> str:
    return f", more than {text(rule.bound, rule.currency)}" if rule.bound > ZERO else ""


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


#: Each rule's test: yields a sentence for each reason to fail.
_TESTS: Final[Mapping[str, Callable[[Rule, Situation], Iterator[str]]]] = {
    "blocked": _blocked,
    "over_limit": _over_limit,
    "no_limit": _no_limit,
    "expired_limit": _expired_limit,
    "expired_review": _expired_review,
    "oldest_item": _oldest_item,
    "overdue": _overdue,
    "dunning_level": _dunning_level,
    "first_order": _first_order,
    "document_value": _document_value,
}
