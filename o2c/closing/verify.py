"""Verifying the seals: every entry compared, every figure computed again, and the seals compared with outside copies.

A chain of seals alone proves nothing against whoever can write all of it: only a seal that left the house does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import NotFound
from o2c.errors import WrongUsage
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.money import shown
from o2c.model.sealing import proving
from o2c.model.sealing import seals
from o2c.model.sealing.leaf_file import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.periods import Period
    from o2c.model.sealing.making import Progress
    from o2c.model.sealing.proving import Proved

_SEAL = re.compile(r"(sha256:)?[0-9a-f]{64}", re.ASCII)


class Verified(NamedTuple):
    """What verifying found: each seal in force with its findings, and what is wrong beyond them."""

    seals: tuple[Proved, ...]
    others: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong."""
        return (*(finding for one in self.seals for finding in one.findings), *self.others)


def verify(
    books: Books, period: Period | None, expected: Sequence[str] = (), progress: Progress | None = None
) -> Verified:
    """Verify all seals, or those through a period; `expected` are copies of seals that were kept elsewhere.

    Raises NotFound where nothing, or not that period, is sealed and no seal is expected; WrongUsage for what is none.
    """
    wanted = [_wanted(text) for text in expected]
    proof = proving.prove(
        books.booked, books.options, quick=False, through=period.last if period else None, progress=progress
    )
    held = [one.close.period for one in proof.seals]
    if period and period.name not in held and not wanted:
        raise NotFound(f"{period.name} is not sealed; sealed are: {', '.join(held) or 'none'}")
    if not held and not wanted:
        raise NotFound("no period is sealed yet; `o2c close seal 2026-10` seals one")
    others = [_unexpected(books, seal, proof.seals, period) for seal in wanted]
    return Verified(proof.seals, tuple(finding for finding in others if finding))


def _wanted(text: str) -> str:
    if not _SEAL.fullmatch(text):
        raise WrongUsage(f"--expect: {shown(text)} is not a seal; copy it whole: sha256: and 64 digits from 0 to f")
    return PREFIX + text.removeprefix(PREFIX)


def _unexpected(books: Books, seal: str, held: Sequence[Proved], period: Period | None) -> Finding | None:
    """Say that the books do not have a seal that somebody kept; None where they have it."""
    now = [one.close for one in held if period is None or one.close.period == period.name]
    if any(close.seal == seal for close in now):
        return None
    older = [close for close in seals.ever(books.customs("o2c-close")) if close.seal == seal]
    if older and older[0] not in now:
        reopened = f"{older[0].period} had the seal {seal}, but was reopened since; see `o2c close list`"
        return Finding(seals.CHECK, older[0].event.source, reopened)
    have = ", ".join(f"{close.period} {close.seal}" for close in now) or "none"
    message = (
        f"the seal {seal} is not in these books, which have: {have}; either it is of other books, or somebody changed "
        "a sealed period and computed all seals anew: compare with a backup from the day of that seal"
    )
    return Finding(seals.CHECK, Source(str(books.main), 1), message)
