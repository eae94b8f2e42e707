"""Policies: how the company works - when it invoices, what it tolerates, why it credits, who may do what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.master import allowance_policy
from o2c.master import approval_policy
from o2c.master import closing_policy
from o2c.master import credit_policy
from o2c.master import dunning_policy
from o2c.master import gates
from o2c.master.approval_policy import ApprovalPolicy
from o2c.master.closing_policy import ClosingPolicy
from o2c.master.credit_policy import CreditPolicy
from o2c.master.dunning_policy import DunningPolicy
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.text import account
from o2c.model.text import code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.master.allowance_policy import AllowancePolicy
    from o2c.master.section import Section

_FIELDS = frozenset(
    {
        "invoicing",
        "price_tolerance",
        "over_delivery_percent",
        "required_order_fields",
        "reasons",
        "users",
        "allowance",
        "approvals",
        "closing",
        "credit",
        "dunning",
    }
)
_REASON_FIELDS = frozenset({"text", "kind", "account", "vat"})
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is credited or written off, the account it goes to ("" = where it came from), and its VAT."""

    code: str
    text: str
    kind: str = "both"
    account: str = ""
    vat: str = "correct"


@dataclass(frozen=True, slots=True)
class Policies:
    """The company's rules; percentages are from 0 to 100."""

    invoicing: str = "delivery"
    price_tolerance: Decimal = ZERO
    over_delivery_percent: Decimal = ZERO
    required_order_fields: tuple[str, ...] = ()
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    credit: CreditPolicy = field(default_factory=CreditPolicy)
    allowance: AllowancePolicy | None = None
    approvals: ApprovalPolicy = field(default_factory=ApprovalPolicy)
    closing: ClosingPolicy = field(default_factory=ClosingPolicy)
    dunning: DunningPolicy = field(default_factory=DunningPolicy)

    def reason(self, name: str) -> Reason:
        """Give a reason by its code; raises NotFound with the codes that there are."""
        if name not in self.reasons:
            raise NotFound(f"there is no reason {shown(name)}; known are {', '.join(sorted(self.reasons)) or 'none'}")
        return self.reasons[name]


def read(file: Section, currency: str = "") -> Policies:
    """Read policies.yaml; amounts of approvals must be in the currency of the books, where that is given."""
    file.only(_FIELDS)
    reasons = file.section("reasons")
    users = file.section("users")
    return Policies(
        invoicing=file.value("invoicing", gates.choice("delivery", "order"), "delivery"),
        price_tolerance=file.value("price_tolerance", gates.percent, ZERO),
        over_delivery_percent=file.value("over_delivery_percent", gates.percent, ZERO),
        required_order_fields=file.many("required_order_fields", _field_name),
        reasons={name: _read_reason(name, row) for name, row in reasons.records(code, _REASON_FIELDS)}
        if reasons
        else {},
        users={name: users.many(name, code) for name in users.keys(_user)} if users else {},
        credit=credit_policy.read(file.section("credit")),
        allowance=allowance_policy.read(file.section("allowance")),
        approvals=approval_policy.read(file.section("approvals"), currency),
        closing=closing_policy.read(file.section("closing")),
        dunning=dunning_policy.read(file.section("dunning")),
    )


def _read_reason(name: str, row: Section) -> Reason:
    result = Reason(
        code=name,
        text=row.needed("text", gates.line, "", "goods returned"),
        kind=row.value("kind", gates.choice("credit-note", "write-off", "both"), "both"),
        account=row.value("account", account, ""),
        vat=row.value("vat", gates.choice("correct", "keep"), "correct"),
    )
    if result.kind != "credit-note" and not result.account:
        row.missing("account", "Expenses:Bad-Debt")
    return result


def _field_name(text: str, name: str) -> str:
    if not _FIELD_NAME.fullmatch(text):
        raise BadInput(f"{name}: {shown(text)} is not a field of an order; write it like customer_reference")
    return text


def _user(text: str, name: str) -> str:
    return gates.line(text, name)
