"""A finding: something in the books that is wrong, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from beancount.core.data import Directive


class Source(NamedTuple):
    """The place of an entry in the ledger text."""

    file: str
    line: int

    def __str__(self) -> str:
        """Write the place as editors understand it."""
        return f"{self.file}:{self.line}"


NOWHERE = Source("<o2c>", 0)


class Finding(NamedTuple):
    """What is wrong, where, and what to do; `check` is the name of the check that found it."""

    check: str
    source: Source
    message: str
    entry: Directive | None = None

    def __str__(self) -> str:
        """Write the finding as one line for the terminal."""
        return f"{self.source}: {self.message}"
