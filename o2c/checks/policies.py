"""The rules of policies.yaml do what their own test cases say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.credit import rules
from o2c.master.places import FOLDER
from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from o2c.checks.evidence import Evidence
    from o2c.master.credit_cases import Case
    from o2c.master.credit_policy import CreditPolicy


def policies(evidence: Evidence) -> list[Finding]:
    """Run the cases of the credit rules; a case that comes out differently is a finding at its line.

    Amounts of rules that are not in the currency of the books are found too: nothing could be compared with them.
    """
    if evidence.master is None:
        place = Source(str(evidence.root / FOLDER), 1)
        return [Finding("policies", place, "the master data cannot be read; see `o2c check master`")]
    policy, file = evidence.master.policies.credit, str(evidence.root / FOLDER / "policies.yaml")
    currency = evidence.master.company.currency
    found = [
        Finding(
            "policies",
            Source(file, 1),
            f"credit, {rule.name}: the amount is in {rule.currency}; write it in {currency}",
        )
        for rule in policy.rules.values()
        if rule.currency not in {"", currency}
    ]
    return found + [
        Finding("policies", Source(file, case.line), said) for case in policy.cases if (said := _wrong(policy, case))
    ]


def _wrong(policy: CreditPolicy, case: Case) -> str:
    """Say how a case comes out differently than it says; empty where it comes out right."""
    failed = rules.failed(policy, case.point, case.given)
    verdict = rules.verdict(failed)
    because = {one.rule for one in failed}
    reasons = "; ".join(map(str, failed)) or "no rule failed"
    if verdict != case.expect:
        return f"credit case '{case.name}': at {case.point} the rules say {verdict}, not {case.expect} ({reasons})"
    if case.because and set(case.because) != because:
        wanted = ", ".join(case.because)
        return f"credit case '{case.name}': {verdict} as expected, but not because of {wanted} ({reasons})"
    return ""


def covers(evidence: Evidence) -> str:
    """Say how many cases there are."""
    count = len(evidence.master.policies.credit.cases) if evidence.master else 0
    return f"{count} case{'' if count == 1 else 's'} of the credit rules"
