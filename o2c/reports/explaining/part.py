"""A figure taken apart: what it is, how it is made, of which parts, and where each of them stands in the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from o2c.reports.table import Cell


@dataclass(frozen=True, slots=True)
class Rule:
    """How parts make a figure: said in words, and computed from the values of the parts in their order."""

    said: str
    compute: Callable[[Sequence[Cell]], Cell]


class Part(NamedTuple):
    """A figure, or a part of one.

    `value` is money in the currency `unit`, or a number, day or text without one. Without a `rule` it is read: from the
    document, at `place` (`journal/2026-03.beancount:17`, from the folder of the books). With one it is made of `parts`,
    and `proved` has compared it with them. `formula` says how, in the words of an accountant.
    """

    what: str
    value: Cell
    unit: str = ""
    rule: Rule | None = None
    parts: tuple[Part, ...] = ()
    document: str = ""
    place: str = ""
    formula: str = ""

    @property
    def how(self) -> str:
        """Say how the figure is made; empty where it is read."""
        return self.formula or (self.rule.said if self.rule else "")


def made(
    what: str, rule: Rule, parts: Iterable[Part], unit: str = "", *, formula: str = "", document: str = "", at: str = ""
) -> Part:
    """Make a figure of its parts."""
    parts = tuple(parts)
    value = rule.compute([part.value for part in parts])
    return Part(what, value, unit, rule, parts, document, at, formula)


def proved(part: Part) -> Part:
    """Give the figure back after computing it, and every part of it, from what it is made of.

    Raises Refused, with both figures, where the parts do not make it.
    """
    for each in part.parts:
        proved(each)
    if part.rule is not None:
        found = part.rule.compute([each.value for each in part.parts])
        if found != part.value:
            raise Refused(
                f"{part.what}: the report says {part.value}, its parts make {found} ({part.how}); "
                "do not use this figure, and report the fault with these books"
            )
    return part
