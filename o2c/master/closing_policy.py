"""The policy of closing: who may close a period, and who may still post into one that is only soft closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.model.text import code

if TYPE_CHECKING:
    from o2c.master.section import Section

_FIELDS = frozenset({"seal_roles", "soft_roles"})


@dataclass(frozen=True, slots=True)
class ClosingPolicy:
    """Roles of `users`, any one of which is enough.

    `seal_roles` may close, seal and reopen (none named: everybody). `soft_roles` may post into a soft closed period,
    with a reason (none named: nobody).
    """

    seal_roles: tuple[str, ...] = ()
    soft_roles: tuple[str, ...] = ()


def read(section: Section | None) -> ClosingPolicy:
    """Read the section `closing` of policies.yaml; without one nobody is kept from closing."""
    if section is None:
        return ClosingPolicy()
    section.only(_FIELDS)
    return ClosingPolicy(section.many("seal_roles", code), section.many("soft_roles", code))
