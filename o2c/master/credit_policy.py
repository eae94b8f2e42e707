"""The credit policy: which rules an order is tested by, where, and what follows; how a score is weighed."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final

from o2c.master import credit_cases
from o2c.master import gates
from o2c.model.money import ZERO
from o2c.model.money import parse_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.master.credit_cases import Case
    from o2c.master.section import Section

#: Where an order is tested: confirmed, amended, released from a hold, delivered.
POINTS: Final = ("confirm", "amend", "release", "deliver")
#: What may follow, the mildest first: go on and say so; hold the order; post nothing.
ACTIONS: Final = ("warn", "hold", "refuse")
#: Each rule with the figure it needs beside its actions.
RULES: Final[Mapping[str, str]] = {
    "blocked": "",
    "over_limit": "",
    "no_limit": "",
    "expired_limit": "",
    "expired_review": "",
    "oldest_item": "days",
    "overdue": "percent",
    "dunning_level": "level",
    "first_order": "amount",
    "document_value": "amount",
}
#: Rules that hold without being named, because the books themselves demand them (plugin `credit_limit`).
_ALWAYS: Final = ("blocked", "over_limit")
_HOLD_EVERYWHERE: Final[Mapping[str, str]] = dict.fromkeys(POINTS, "hold")
_FIELDS: Final = frozenset({"horizon", "credits", "disputed", "release_days", "review_days", "rules", "score", "cases"})
_WEIGHTS: Final = ("days_late", "trend", "disputes", "returned_payments", "utilisation")
_SCORE_FIELDS: Final = frozenset({"months", "weights", "turnover_months"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and what it does at each check point (a point that is not named is not tested).

    `bound` is the figure beyond which it fails: days, percent, level, or an amount in `currency` (zero: every one).
    """

    name: str
    actions: Mapping[str, str]
    bound: Decimal = ZERO
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ScorePolicy:
    """How payment behaviour is weighed: points (whole, they sum to 100) for each of five parts.

    The score looks back `months`; the proposed limit is the turnover of `turnover_months` at a full score.
    """

    months: int = 12
    turnover_months: int = 2
    weights: Mapping[str, int] = field(default_factory=lambda: dict(zip(_WEIGHTS, (40, 20, 10, 10, 20), strict=True)))


@dataclass(frozen=True, slots=True)
class CreditPolicy:
    """The rules of credit; without a section in policies.yaml: limits and blocks hold an order, nothing else does.

    `horizon` in days, None: open orders count however late they are wanted. `disputed` tells whether disputed items
    count as overdue. A release is good for `release_days` days, a limit until it is due for review for `review_days`
    (0: no review).
    """

    rules: Mapping[str, Rule] = field(
        default_factory=lambda: {name: Rule(name, _HOLD_EVERYWHERE) for name in _ALWAYS},
    )
    horizon: int | None = None
    credits: str = "deducted"
    disputed: bool = False
    release_days: int = 14
    review_days: int = 0
    score: ScorePolicy = field(default_factory=ScorePolicy)
    cases: tuple[Case, ...] = ()


def read(part: Section | None) -> CreditPolicy:
    """Read the section `credit` of policies.yaml; None: there is none."""
    if part is None:
        return CreditPolicy()
    part.only(_FIELDS)
    rules = part.section("rules", frozenset(RULES))
    return CreditPolicy(
        rules=_read_rules(rules) if rules else CreditPolicy().rules,
        horizon=part.value("horizon", gates.whole(0, 36_525), None),
        credits=part.value("credits", gates.choice("deducted", "not-deducted"), "deducted"),
        disputed=part.value("disputed", gates.choice("counted", "left-out"), "left-out") == "counted",
        release_days=part.value("release_days", gates.whole(0, 3_660), 14),
        review_days=part.value("review_days", gates.whole(0, 3_660), 0),
        score=_read_score(part),
        cases=credit_cases.read(part),
    )


def _read_rules(part: Section) -> dict[str, Rule]:
    found = {name: _read_rule(name, part) for name in RULES if name in part or name in _ALWAYS}
    return {name: rule for name, rule in found.items() if rule is not None}


def _read_rule(name: str, part: Section) -> Rule | None:
    figure = RULES[name]
    row = part.section(name, frozenset({*POINTS, figure} - {""}))
    if row is None:
        return Rule(name, _HOLD_EVERYWHERE) if name in _ALWAYS else None
    actions = {point: row.value(point, gates.choice(*ACTIONS), "") for point in POINTS}
    if name in _ALWAYS:
        actions = {point: action or _HOLD_EVERYWHERE[point] for point, action in actions.items()}
    bound, currency = _read_bound(row, figure)
    return Rule(name, {point: action for point, action in actions.items() if action}, bound, currency)


def _read_bound(row: Section, figure: str) -> tuple[Decimal, str]:
    if figure == "days":
        return Decimal(row.needed(figure, gates.whole(0, 36_525), 0, "60")), ""
    if figure == "level":
        return Decimal(row.needed(figure, gates.whole(1, 99), 1, "3")), ""
    if figure == "percent":
        return row.needed(figure, gates.percent, ZERO, "30"), ""
    if figure == "amount" and (row.name == "document_value" or figure in row):
        amount = row.needed(figure, parse_amount, None, "20000.00 EUR")
        return (amount.number or ZERO, amount.currency) if amount else (ZERO, "")
    return ZERO, ""


def _read_score(part: Section) -> ScorePolicy:
    row = part.section("score", _SCORE_FIELDS)
    if row is None:
        return ScorePolicy()
    default = ScorePolicy()
    weights = row.section("weights", frozenset(_WEIGHTS))
    read_weights = {name: weights.value(name, gates.whole(0, 100), 0) for name in _WEIGHTS} if weights else {}
    if weights and sum(read_weights.values()) != 100:
        row.fault("weights", f"the weights sum to {sum(read_weights.values())}; let them sum to 100")
    return ScorePolicy(
        months=row.value("months", gates.whole(1, 120), default.months),
        turnover_months=row.value("turnover_months", gates.whole(1, 120), default.turnover_months),
        weights=read_weights or default.weights,
    )
