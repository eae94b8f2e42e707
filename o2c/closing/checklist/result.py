"""What a check of the close found: green, red or signed off, with the evidence that a person can look up."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.findings import NOWHERE
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.closing.at_end import AtEnd

GREEN = "green"
RED = "red"
SIGNED_OFF = "signed-off"


class Seen(NamedTuple):
    """One piece of evidence: a document, item, account or customer, what is said of it, and where it stands."""

    what: str
    said: str
    place: Source = NOWHERE


class Found(NamedTuple):
    """What one look gave: a line for a person, whether something is wrong, and the evidence."""

    said: str
    is_red: bool = False
    seen: tuple[Seen, ...] = ()


class Check(NamedTuple):
    """A check of the close; `repaired` tells that only a repair makes it green: no reason explains it away."""

    name: str
    about: str
    look: Callable[[AtEnd], Found]
    repaired: bool = False


class Result(NamedTuple):
    """How a check stands for a month; `by` and `why` are those of its sign-off, and why that counts no more."""

    name: str
    state: str
    said: str
    evidence: tuple[Seen, ...] = ()
    by: str = ""
    why: str = ""

    @property
    def digest(self) -> str:
        """The hash of what was found, which a sign-off names: places in files may change, facts may not."""
        rows = sorted((seen.what, seen.said) for seen in self.evidence)
        return f"sha256:{hashlib.sha256(repr((self.name, self.said, rows)).encode()).hexdigest()}"
