"""The close pack: one folder for the auditor, in which every figure of a month names the line it comes from."""

from __future__ import annotations

from o2c.closing.pack.asked import Asked
from o2c.closing.pack.folder import put
from o2c.closing.pack.making import make

__all__ = ["Asked", "make", "put"]
