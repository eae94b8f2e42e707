"""Proposals: what is to be posted, as a text that people review, accept line by line, approve, and post once.

It knows nothing of its producers: a producer calls `propose` with parts (entries, evidence, what they depend on).
"""

from __future__ import annotations

from o2c.proposals.approving import approve
from o2c.proposals.carrying_out import post
from o2c.proposals.deciding import accept
from o2c.proposals.deciding import reject
from o2c.proposals.folder import listed
from o2c.proposals.folder import load
from o2c.proposals.folder import path_of
from o2c.proposals.folder import with_key
from o2c.proposals.proposal import Part
from o2c.proposals.proposal import Proposal
from o2c.proposals.proposal import ProposalLine
from o2c.proposals.proposing import propose
from o2c.proposals.standing import Standing
from o2c.proposals.standing import standing

__all__ = [
    "Part", "Proposal", "ProposalLine", "Standing", "accept", "approve", "listed", "load", "path_of", "post", "propose",
    "reject", "standing", "with_key",
]  # fmt: skip
