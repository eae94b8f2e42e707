"""The one door out: the only code that writes into a ledger."""

from __future__ import annotations

from o2c.posting.post import Placed
from o2c.posting.post import Posted
from o2c.posting.post import post

__all__ = ["Placed", "Posted", "post"]
