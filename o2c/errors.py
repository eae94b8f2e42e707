"""Refusals, each a sentence that says where, what, and what to do.

O2CError
 +- Refused             a rule of the business says no                      exit 1
 |   +- BadInput        a file or value from outside is not acceptable       exit 1
 |   +- KeyConflict     the idempotency key was used for something else      exit 1
 |   +- NotFound        there is no such document, item, customer, ...       exit 1
 +- WrongUsage          the command was called in a way that has no meaning  exit 2
 +- BooksBroken         the books do not load clean                          exit 3
 +- NotFinished         disk, lock or mail: says what was and was not done   exit 4

What is *found* in the books is not raised: it is a `Finding` (see `o2c.model.findings`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class O2CError(Exception):
    """Something was asked for and cannot be done."""

    exit_code = 1


class Refused(O2CError):
    """A rule of the business says no; nothing was written."""


class BadInput(Refused):
    """Input from outside is not acceptable; carries every fault found, one sentence each."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class KeyConflict(Refused):
    """An idempotency key was used before, for other content."""


class NotFound(Refused):
    """There is nothing with that name in the books."""


class WrongUsage(O2CError):
    """The command was called in a way that has no meaning."""

    exit_code = 2


class BooksBroken(O2CError):
    """The books or their master data do not load clean, so nothing may be posted on them."""

    exit_code = 3

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class NotFinished(O2CError):
    """The disk, the lock or the network stopped the command; the message says what was written."""

    exit_code = 4
