"""Credit: the limits in force on a day, and what of them a customer uses.

Answers only from what the books say: plugins, reports and verbs ask the same functions.
"""

from __future__ import annotations

from o2c.model.credit.conversion import Rate
from o2c.model.credit.conversion import into
from o2c.model.credit.conversion import quoted
from o2c.model.credit.exposure import AsOf
from o2c.model.credit.exposure import exposure
from o2c.model.credit.exposure import would_be
from o2c.model.credit.in_force import Limit
from o2c.model.credit.in_force import group_of
from o2c.model.credit.in_force import groups_of
from o2c.model.credit.in_force import in_force
from o2c.model.credit.in_force import limit_in_force
from o2c.model.credit.in_force import limits_by_name
from o2c.model.credit.limits import KINDS
from o2c.model.credit.limits import LimitEntry
from o2c.model.credit.limits import read_limit
from o2c.model.credit.terms import KINDS as TERMS
from o2c.model.credit.terms import Exposure
from o2c.model.credit.terms import Term
from o2c.model.credit.terms import together

__all__ = [
    "KINDS",
    "TERMS",
    "AsOf",
    "Exposure",
    "Limit",
    "LimitEntry",
    "Rate",
    "Term",
    "exposure",
    "group_of",
    "groups_of",
    "in_force",
    "into",
    "limit_in_force",
    "limits_by_name",
    "quoted",
    "read_limit",
    "together",
    "would_be",
]
