"""Who did what: duties of one chain in one hand are said, and fail the check where the policy asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import duties as rules
from o2c.model.findings import NOWHERE
from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from o2c.checks.evidence import Evidence
    from o2c.model.duties import Summary

NAME = "duties"
_SHOWN = 5


def duties(evidence: Evidence) -> list[Finding]:
    """List who did two things that two persons should do; nothing where the policy only wants it said."""
    if evidence.master is None or evidence.master.policies.approvals.duties != "error":
        return []
    place = Source(str(evidence.root / "master" / "policies.yaml"), 1)
    return [
        Finding(
            NAME,
            place if one.example.source == NOWHERE else one.example.source,
            f"duties not separated: {one}; let another person do one of them",
        )
        for one in _found(evidence)
    ]


def covers(evidence: Evidence) -> str:
    """Say who did two things that two persons should do, most frequent first."""
    if evidence.loaded is None:
        return ""
    found = _found(evidence)
    single = evidence.master is not None and evidence.master.policies.approvals.is_single
    head = "not separated: one person may do all (approvals.mode is single)" if single else "not separated"
    if not found:
        return f"{head}; nobody did two things of one chain" if single else "nobody did two things of one chain"
    said = "; ".join(str(one) for one in found[:_SHOWN])
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{head}: {said}{more}"


def _found(evidence: Evidence) -> list[Summary]:
    users = evidence.master.policies.users if evidence.master else {}
    return rules.summaries([*rules.conflicts(evidence.books.facts), *rules.of_roles(users)])
