"""An explanation laid out: as lines of an indented tree, or as a table with a row for every part."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO
from o2c.reports.cells import safe
from o2c.reports.cells import written
from o2c.reports.explaining.naming import cells_of
from o2c.reports.explaining.part import Part
from o2c.reports.layout import heading
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.reports.explaining.asked import Asked
    from o2c.reports.table import Row

#: So many parts of the first long list are shown, the largest; of lists inside it fewer.
MOST, MOST_INSIDE = 20, 5
VALUE = Column("value", "money")
COLUMNS = (
    Column("part", "code"),
    Column("what", "text"),
    VALUE,
    Column("currency", "code"),
    Column("formula", "text"),
    Column("document", "code"),
    Column("place", "code"),
)
_INDENT = "   "


class Placed(NamedTuple):
    """A part and where it is in the tree: its numbers from the root, `(1, 2)` is the second part of the first."""

    path: tuple[int, ...]
    part: Part


def walk(part: Part, *, every: bool = False, path: tuple[int, ...] = (), most: int = MOST) -> Iterator[Placed]:
    """Give a figure and all its parts, each followed by its own; of long lists the largest and the sum of the rest."""
    yield Placed(path, part)
    is_long = not every and len(part.parts) > most
    shown = _shortened(part, most) if is_long else part.parts
    for number, each in enumerate(shown, 1):
        yield from walk(each, every=every, path=(*path, number), most=MOST_INSIDE if is_long else most)


def as_table(asked: Asked, part: Part, *, every: bool = False) -> Table:
    """Lay an explanation out as a table: a row for every part, `part` says where in the tree it is (1.2 is in 1)."""
    rows = tuple(_row(placed) for placed in walk(part, every=every))
    basis = f"{title(asked)}; {asked.table.basis}"
    return Table("explain", "Explanation", asked.table.as_of, basis, COLUMNS, rows)


def as_text(asked: Asked, part: Part, *, every: bool = False) -> str:
    """Write an explanation as a tree: each figure, how it is made, and under it, indented, of what."""
    head = heading(asked.table._replace(title=title(asked)))
    lines = [safe(head), ""]
    placed = list(walk(part, every=every))
    widths: dict[tuple[int, ...], int] = {}
    for one in placed:
        widths[one.path[:-1]] = max(widths.get(one.path[:-1], 0), len(_figure(one.part)))
    for one in placed:
        width = widths[one.path[:-1]] if one.path else 0
        lines.append(f"{_INDENT * len(one.path)}{_figure(one.part):>{width}}  {safe(_said(one.part))}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def title(asked: Asked) -> str:
    """Name the figure: report, row and column."""
    is_total = any(asked.row is row for row in asked.table.totals)
    words = ["total", asked.currency] if is_total else cells_of(asked.table, asked.row)[:3]
    return f"{asked.table.title}: {', '.join([*words, asked.name])}"


def _shortened(part: Part, most: int) -> Sequence[Part]:
    """Keep the largest parts, and put the others into one."""
    ordered = sorted(part.parts, key=lambda one: -abs(_number(one)))
    rest = ordered[most:]
    summed = sum((_number(one) for one in rest), ZERO) if all(_is_number(one) for one in rest) else ""
    unit = rest[0].unit if len({one.unit for one in rest}) == 1 else ""
    return [*ordered[:most], Part(f"and {len(rest)} more; --all shows them", summed, unit)]


def _is_number(part: Part) -> bool:
    return isinstance(part.value, Decimal | int)


def _number(part: Part) -> Decimal:
    return Decimal(part.value) if isinstance(part.value, Decimal | int) else ZERO


def _row(placed: Placed) -> Row:
    part = placed.part
    return {
        "part": ".".join(map(str, placed.path)) or "0",
        "what": part.what,
        "value": part.value,
        "currency": part.unit,
        "formula": part.how,
        "document": part.document,
        "place": part.place,
    }


def _figure(part: Part) -> str:
    said = written({"value": part.value, "currency": part.unit}, VALUE) or "none"
    return f"{said} {part.unit}" if part.unit else said


def _said(part: Part) -> str:
    how = f" = {part.how}" if part.how else ""
    document = part.document if part.document and part.document not in part.what else ""
    return "  ".join(word for word in (f"{part.what}{how}", document, part.place) if word)
