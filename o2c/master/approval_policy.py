"""The policy of approvals: what needs a second person, who may be that person, and how long a yes is good."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import date as Date
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.master import gates
from o2c.model.approvals import KINDS
from o2c.model.approvals import LIMIT
from o2c.model.approvals import UNBLOCK
from o2c.model.approvals import Need
from o2c.model.money import parse_amount
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from beancount.core.amount import Amount

    from o2c.master.section import Section

TWO_PERSONS = "two-persons"
SINGLE = "single"
_FIELDS = frozenset({"mode", "since", "valid_days", "duties", "role", "kinds"})
_KIND_FIELDS = frozenset({"over", "role"})


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """What needs a second person: `needs` by kind; a kind that is not named needs nobody.

    `since` is the first day from which entries are asked for approval, by their date or by the moment they were made.
    An approval is good on its day and `valid_days` after it. `duties` tells whether duties in one hand are said
    (remark) or fail the check (error).
    """

    mode: str = TWO_PERSONS
    since: Date = Date(1900, 1, 1)
    valid_days: int = 30
    duties: str = "remark"
    role: str = "approvals"
    needs: Mapping[str, Need] = field(default_factory=dict)

    @property
    def is_single(self) -> bool:
        """Tell whether one person may do everything: nothing then waits for a second one."""
        return self.mode == SINGLE

    @property
    def asked(self) -> Mapping[str, Need]:
        """What waits for a second person before it is posted; nothing where one person may do all."""
        return {} if self.is_single else self.needs


def read(section: Section | None, currency: str = "") -> ApprovalPolicy:
    """Read the section `approvals` of policies.yaml; without it, nothing needs a second person.

    Sums are compared in `currency`, that of the books (empty: not known here).
    """
    if section is None:
        return ApprovalPolicy()
    section.only(_FIELDS)
    role = section.value("role", code, "approvals")
    kinds = section.section("kinds", frozenset(KINDS))
    return ApprovalPolicy(
        mode=section.value("mode", gates.choice(TWO_PERSONS, SINGLE), TWO_PERSONS),
        since=section.value("since", day, Date(1900, 1, 1)),
        valid_days=section.value("valid_days", gates.whole(0, 3650), 30),
        duties=section.value("duties", gates.choice("remark", "error"), "remark"),
        role=role,
        needs=_with_unblock(dict(_needs(kinds, role, currency))) if kinds else {},
    )


def _with_unblock(needs: dict[str, Need]) -> dict[str, Need]:
    """Ask for ending a block whoever is asked for limits, whatever the amount: the limit is back in force with it."""
    if LIMIT in needs and UNBLOCK not in needs:
        return {**needs, UNBLOCK: Need(UNBLOCK, needs[LIMIT].role)}
    return needs


def _needs(kinds: Section, role: str, currency: str) -> Iterator[tuple[str, Need]]:
    for kind, row in kinds.records(code, _KIND_FIELDS):
        if kind in KINDS:
            need = Need(kind, row.value("role", code, role), row.value("over", _not_negative, None))
            if currency and need.over and need.over.currency != currency:
                row.fault("over", f"sums are compared in {currency}, the currency of the books; write the amount in it")
            yield kind, need


def _not_negative(text: str, name: str) -> Amount | None:
    amount = parse_amount(text, name)
    if amount.number is None or amount.number < 0:
        raise BadInput(f"{name}: {shown(text)} is below zero; write what is free, like 500.00 EUR")
    return amount
