"""Proving the books, check by check: what `bean-check` cannot see.

Adding a check is one function `(evidence) -> list[Finding]` and one line in `CHECKS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.checks.evidence import Evidence
from o2c.checks.evidence import gather
from o2c.checks.registry import CHECKS
from o2c.checks.registry import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.model.findings import Finding

__all__ = ["CHECKS", "Check", "Evidence", "Result", "gather", "run"]


class Result(NamedTuple):
    """What one check found; `covers` says what it looked at, `skipped` that it could not look at all."""

    check: Check
    covers: str
    findings: tuple[Finding, ...]
    skipped: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the check ran and found nothing."""
        return not self.findings and not self.skipped


def run(evidence: Evidence, names: Sequence[str] = ()) -> list[Result]:
    """Run the named checks (none named: all), in the order of the registry.

    Where the books do not load, only the checks of files and master data run; the others are skipped.
    """
    chosen = [check for name, check in CHECKS.items() if not names or name in names]
    return [_run(check, evidence) for check in chosen]


def _run(check: Check, evidence: Evidence) -> Result:
    if evidence.loaded is None and not check.always:
        return Result(check, "the books do not load", (), skipped=True)
    findings = tuple(check.find(evidence))
    return Result(check, check.covers(evidence), findings)
