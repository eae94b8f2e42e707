"""The audit trail taken apart: each amount is that of the entry at its place."""

from __future__ import annotations

from o2c.reports.explaining.entries import by_place as explain

__all__ = ["HEADLINE", "explain"]

HEADLINE = "amount"
