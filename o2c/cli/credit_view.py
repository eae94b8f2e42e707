"""How `credit show` prints a standing: a paragraph for the customer and for each of its groups, in 100 columns."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from o2c.model.money import text as money
from o2c.reports.cells import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: A term as a rule, a term and what is said of it, an amount.
_TERM, _BOTH, _AMOUNT = 10, 52, 12


def lines(table: Table) -> Iterator[str]:
    """Write the table of `o2c.reports.credit_standing`; what is too long for its column goes on below."""
    yield f"{table.title} as of {table.as_of}; {table.basis}"
    wide = max((len(str(row["term"])) for row in table.rows), default=0)
    for name, rows in groupby(table.rows, key=lambda row: str(row["of"])):
        own = list(rows)
        yield ""
        yield f"{safe(name)}, in {own[0]['currency']}"
        for row in own:
            yield from _row(row, max(wide, _TERM))


def _row(row: Row, wide: int) -> Iterator[str]:
    room = _BOTH - wide
    place = safe(str(row["place"]))
    first, *rest = _text(row, room) or [""]
    amount = row["amount"]
    figure = money(amount, str(row["currency"])).split(" ", maxsplit=1)[0] if isinstance(amount, Decimal) else ""
    yield f"{row['term']!s:<{wide}}  {first:<{room}}  {figure:>{_AMOUNT}}  {place}".rstrip()
    for more in rest:
        yield f"{'':<{wide}}  {more}"


def _text(row: Row, room: int) -> list[str]:
    document, what = str(row["document"]), str(row["what"])
    said = what.removeprefix(f"{document} ") if document else what
    original = f" ({row['original']} at {row['rate']})" if row["original"] else ""
    return wrap(safe(f"{document}  {said}{original}".strip()), room)
